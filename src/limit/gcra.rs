//! The arithmetic of the generic cell rate algorithm (GCRA, ITU-T I.371), in whole nanoseconds.
//!
//! The state of a limit is one number, the *theoretical arrival time* (TAT): the time at which
//! the whole burst is back. A request of cost `c` moves it on by `c` emission intervals and is
//! admitted if it then lies at most one burst ahead of now. So in any time `t` the limit admits
//! at most `burst + limit * t / period`, at window edges too.

use core::fmt;

/// The latest time, about 146 years after zero. A later one counts as this one: time then stands
/// still, and nothing comes back.
pub const MAX_NOW_NS: u64 = 1 << 62;

/// The longest time in which a burst may come back, about 36 years.
pub const MAX_TOLERANCE_NS: u64 = 1 << 60;

/// How far the times of two calls may differ, beyond one burst, before the later one is taken
/// for a clock that was set: 10 seconds.
pub const CLOCK_SPREAD_NS: u64 = 10_000_000_000;

/// Why a limit cannot be used. The text says what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// The limit is 0.
    ZeroLimit,
    /// The period is 0.
    ZeroPeriod,
    /// The burst is 0.
    ZeroBurst,
    /// More than one request a nanosecond.
    TooFast,
    /// The burst would take longer than [`MAX_TOLERANCE_NS`] to come back.
    TooSlow,
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ZeroLimit => "a limit of 0 admits nothing; write a limit of at least 1",
            Self::ZeroPeriod => "a period of 0 is no period; write at least 1 nanosecond",
            Self::ZeroBurst => "a burst of 0 admits nothing; write a burst of at least 1",
            Self::TooFast => {
                "the limit is more than one request a nanosecond; write a smaller limit or a longer period"
            }
            Self::TooSlow => {
                "the burst takes more than 36 years to come back; write a smaller burst or a shorter period"
            }
        })
    }
}

impl core::error::Error for RateError {}

/// A limit: so many requests a period, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    emission_ns: u64,
    tolerance_ns: u64,
    quota: u64,
}

impl Rate {
    /// `limit` requests in `period_ns`, of which `burst` may come at once.
    ///
    /// The time between two requests is rounded up to whole nanoseconds, so that rounding never
    /// admits more than was written.
    ///
    /// # Errors
    ///
    /// A zero, more than one request a nanosecond, or a burst that takes more than
    /// [`MAX_TOLERANCE_NS`] to come back.
    pub const fn new(limit: u64, period_ns: u64, burst: u64) -> Result<Rate, RateError> {
        match (limit, period_ns, burst) {
            (0, _, _) => return Err(RateError::ZeroLimit),
            (_, 0, _) => return Err(RateError::ZeroPeriod),
            (_, _, 0) => return Err(RateError::ZeroBurst),
            _ if limit > period_ns => return Err(RateError::TooFast),
            _ => {}
        }
        let emission_ns = period_ns.div_ceil(limit);
        match emission_ns.checked_mul(burst) {
            Some(tolerance_ns) if tolerance_ns <= MAX_TOLERANCE_NS => {
                Ok(Rate { emission_ns, tolerance_ns, quota: burst })
            }
            _ => Err(RateError::TooSlow),
        }
    }

    /// The time that one request takes to come back, in nanoseconds; at least 1.
    pub const fn emission_ns(&self) -> u64 {
        self.emission_ns
    }

    /// The time in which the whole burst comes back, in nanoseconds: `quota * emission_ns`.
    pub const fn tolerance_ns(&self) -> u64 {
        self.tolerance_ns
    }

    /// How many requests may come at once: the burst.
    pub const fn quota(&self) -> u64 {
        self.quota
    }

    /// How many requests may come now, if the stored TAT is `tat`.
    pub fn remaining(&self, tat: u64, now: u64) -> u64 {
        let left = self.full(now).saturating_sub(self.believed(tat, now).max(at(now)));
        left.checked_div(self.emission_ns).unwrap_or(0)
    }

    /// The time until the whole burst is back, in nanoseconds, if the stored TAT is `tat`.
    pub fn reset_ns(&self, tat: u64, now: u64) -> u64 {
        self.believed(tat, now).saturating_sub(at(now))
    }

    /// The TAT of a limit that is used up at `now`.
    fn full(&self, now: u64) -> u64 {
        at(now).saturating_add(self.tolerance_ns)
    }

    /// What to store in place of a TAT that only a clock set back, or another rate, explains:
    /// the limit is then used up, so the step gives nothing back, and locks nobody out for
    /// longer than one burst takes. `None` for every TAT that this rate can have reached.
    ///
    /// The calls of several workers arrive out of order, so a TAT up to one burst and
    /// [`CLOCK_SPREAD_NS`] beyond the furthest possible is left alone: lowering it for a call
    /// that was merely late would give back what was spent in between.
    pub fn mend(&self, tat: u64, now: u64) -> Option<u64> {
        let full = self.full(now);
        let horizon = full.saturating_add(self.tolerance_ns).saturating_add(CLOCK_SPREAD_NS);
        (tat > horizon).then_some(full)
    }

    /// The stored TAT, mended.
    fn believed(&self, tat: u64, now: u64) -> u64 {
        self.mend(tat, now).unwrap_or(tat)
    }

    /// The TAT after a failed attempt: one emission interval on, but never beyond used up, so
    /// that a storm of failures costs no more than one burst.
    pub fn penalised(&self, tat: u64, now: u64) -> u64 {
        let tat = self.believed(tat, now);
        let next = tat.max(at(now)).saturating_add(self.emission_ns);
        next.min(self.full(now)).max(tat)
    }
}

/// The time as the limits know it: at most [`MAX_NOW_NS`].
pub(super) fn at(now: u64) -> u64 {
    now.min(MAX_NOW_NS)
}

/// What one request gets from one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It may pass, and then the TAT is `new_tat`.
    Admit {
        /// The TAT to store.
        new_tat: u64,
    },
    /// It must not pass.
    Deny {
        /// How long to wait until it may, in nanoseconds and at least 1; `None` if it never may,
        /// because it costs more than the burst.
        wait_ns: Option<u64>,
    },
}

/// What a request of `cost` gets at `now`, if the stored TAT is `tat`. A cost of 0 asks for
/// nothing and is always admitted.
pub fn step(tat: u64, now: u64, rate: &Rate, cost: u64) -> Step {
    if cost == 0 {
        return Step::Admit { new_tat: tat };
    }
    if cost > rate.quota {
        return Step::Deny { wait_ns: None };
    }
    let base = rate.believed(tat, now).max(at(now));
    let new_tat = base.saturating_add(rate.emission_ns.saturating_mul(cost));
    match new_tat.saturating_sub(rate.full(now)) {
        0 => Step::Admit { new_tat },
        wait => Step::Deny { wait_ns: Some(wait) },
    }
}
