//! Several limits for one request: decide all, then commit all or none.

use super::bucket::{Bucket, Key, Receipt, Update};
use super::gcra::{Rate, Step, at, step};
use super::subject::Subject;
use super::table::Table;

/// The most limits that one call can ask.
pub const MAX_CHARGES: usize = 8;

/// How often a call decides anew because another one took what it had counted on.
const ROUNDS: u32 = 16;

/// One limit that a request is subject to.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// Whom the limit is about.
    pub subject: Subject<'a>,
    /// The limit.
    pub rate: &'a Rate,
    /// How many requests this one counts for. 0 asks for nothing.
    pub cost: u64,
}

/// The limit that binds: the one that denied, or else the one with the least left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Which of the charges it is.
    pub index: usize,
    /// Requests that may come now.
    pub remaining: u64,
    /// The time until the whole burst is back, in nanoseconds.
    pub reset_ns: u64,
}

/// What the limits say of a request. Everything but `Admitted` denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every limit has room for the request.
    Admitted {
        /// The limit with the least left, after the request; `None` if no limit was asked.
        binding: Option<Binding>,
    },
    /// At least one limit has no room, and none was charged.
    Denied {
        /// The limit with the longest wait.
        binding: Binding,
        /// How long to wait, in nanoseconds; `None` if waiting never helps.
        wait_ns: Option<u64>,
    },
    /// The table has no room for this charge's subject, and no limit was charged.
    Full {
        /// Which of the charges it is.
        index: usize,
    },
    /// More than [`MAX_CHARGES`] limits.
    TooMany,
}

/// Charges the request to every limit, or to none if one of them has no room for it.
///
/// `now_ns` is monotonic time, the same clock for all users of the table; after
/// [`MAX_NOW_NS`](super::MAX_NOW_NS) nothing comes back any more. One limit alone is exact under
/// any number of concurrent calls. Where several limits are asked at once and another call takes
/// the last of one of them in between, what was charged is taken back, unless yet another call
/// has built on it: then that charge stands. The limits never admit more than they say.
pub fn charge_all(table: &Table<'_>, now_ns: u64, charges: &[Charge<'_>]) -> Outcome {
    let now = at(now_ns);
    if let [charge] = charges {
        return Slot::new(table, 0, charge).charge(now, &mut None);
    }
    let Some(mut asked) = Asked::new(table, charges) else { return Outcome::TooMany };
    let mut rounds = 0..ROUNDS;
    loop {
        let decided = asked.decide(now);
        if !matches!(decided, Outcome::Admitted { .. }) {
            return decided;
        }
        let committed = asked.commit(now);
        // A limit that was lost in between: decide anew, so that the answer tells of all limits.
        if !matches!(committed, Outcome::Denied { .. }) || rounds.next().is_none() {
            return committed;
        }
    }
}

/// What [`charge_all`] would say, without charging anything.
pub fn peek_all(table: &Table<'_>, now_ns: u64, charges: &[Charge<'_>]) -> Outcome {
    let now = at(now_ns);
    if let [charge] = charges {
        return Slot::new(table, 0, charge).look(now);
    }
    Asked::new(table, charges).map_or(Outcome::TooMany, |mut asked| asked.decide(now))
}

/// Several charges, found in the table.
struct Asked<'m, 'a> {
    slots: [Option<Slot<'m, 'a>>; MAX_CHARGES],
    count: usize,
    /// What each limit would have left, as of the last decision, and which it is.
    remaining: [(u64, usize); MAX_CHARGES],
}

impl<'m, 'a> Asked<'m, 'a> {
    /// The charges, found in the table; `None` if they are too many.
    fn new(table: &Table<'m>, charges: &'a [Charge<'a>]) -> Option<Self> {
        if charges.len() > MAX_CHARGES {
            return None;
        }
        let slot = |index| Some(Slot::new(table, index, charges.get(index)?));
        Some(Self {
            slots: core::array::from_fn(slot),
            count: charges.len(),
            remaining: core::array::from_fn(|index| (u64::MAX, index)),
        })
    }

    /// What the limits say.
    fn decide(&mut self, now: u64) -> Outcome {
        let mut outcome = Outcome::Admitted { binding: None };
        for (index, slot) in self.slots.iter().flatten().enumerate() {
            let own = slot.look(now);
            if let (Some(remaining), Outcome::Admitted { binding: Some(binding) }) =
                (self.remaining.get_mut(index), own)
            {
                *remaining = (binding.remaining, index);
            }
            outcome = outcome.or_worse(own);
        }
        outcome
    }

    /// Charges every limit. If one has no room any more, takes back what was charged and gives
    /// its answer.
    fn commit(&mut self, now: u64) -> Outcome {
        // Whoever wants the same limits meets at the one with the least left, and loses there
        // before anything was charged.
        self.remaining.get_mut(..self.count).unwrap_or(&mut []).sort_unstable();
        let mut receipts: [Option<Receipt<'_>>; MAX_CHARGES] = [None; MAX_CHARGES];
        let mut outcome = Outcome::Admitted { binding: None };
        let order = self.remaining.iter().map(|(_, index)| self.slots.get(*index));
        for (slot, receipt) in order.flatten().flatten().zip(&mut receipts) {
            outcome = outcome.or_worse(slot.charge(now, receipt));
            if !matches!(outcome, Outcome::Admitted { .. }) {
                receipts.iter().flatten().for_each(Receipt::take_back);
                break;
            }
        }
        outcome
    }
}

/// One charge, found in the table.
struct Slot<'m, 'a> {
    index: usize,
    place: Option<(Bucket<'m>, Key)>,
    charge: &'a Charge<'a>,
}

impl<'m, 'a> Slot<'m, 'a> {
    fn new(table: &Table<'m>, index: usize, charge: &'a Charge<'a>) -> Self {
        Self { index, place: table.place(&charge.subject), charge }
    }

    const fn full(&self) -> Outcome {
        Outcome::Full { index: self.index }
    }

    /// What this limit says, without charging it.
    fn look(&self, now: u64) -> Outcome {
        match self.place.as_ref().and_then(|(bucket, key)| bucket.tat(*key, now)) {
            Some(tat) => self.mended(tat, now),
            None => self.full(),
        }
    }

    /// What this limit says of a TAT. One that only a clock set back explains is mended.
    fn mended(&self, tat: u64, now: u64) -> Outcome {
        let rate = self.charge.rate;
        let (Some((bucket, key)), Some(_)) = (&self.place, rate.mend(tat, now)) else {
            return self.outcome(tat, now);
        };
        match bucket.update(*key, now, |tat| rate.mend(tat, now)) {
            Update::Done(receipt) => self.outcome(receipt.tat(), now),
            Update::Refused(tat) => self.outcome(tat, now),
            Update::NoRoom => self.full(),
        }
    }

    /// Charges this limit, if it has room for the request; then there is a receipt.
    fn charge(&self, now: u64, charged: &mut Option<Receipt<'m>>) -> Outcome {
        let Charge { rate, cost, .. } = *self.charge;
        let Some((bucket, key)) = &self.place else { return self.full() };
        // What asks for nothing, and what never gets anything, needs no cell.
        if cost == 0 || cost > rate.quota() {
            return self.look(now);
        }
        let change = |tat| match step(tat, now, rate, cost) {
            Step::Admit { new_tat } => Some(new_tat),
            Step::Deny { .. } => None,
        };
        match bucket.update(*key, now, change) {
            Update::Done(receipt) => self.admitted(charged.insert(receipt).tat(), now),
            Update::Refused(tat) => self.mended(tat, now),
            Update::NoRoom => self.full(),
        }
    }

    fn outcome(&self, tat: u64, now: u64) -> Outcome {
        match step(tat, now, self.charge.rate, self.charge.cost) {
            Step::Admit { new_tat } => self.admitted(new_tat, now),
            Step::Deny { wait_ns } => Outcome::Denied { binding: self.binding(tat, now), wait_ns },
        }
    }

    fn admitted(&self, tat: u64, now: u64) -> Outcome {
        Outcome::Admitted { binding: Some(self.binding(tat, now)) }
    }

    fn binding(&self, tat: u64, now: u64) -> Binding {
        let rate = self.charge.rate;
        Binding {
            index: self.index,
            remaining: rate.remaining(tat, now),
            reset_ns: rate.reset_ns(tat, now),
        }
    }
}

impl Outcome {
    /// This outcome, or `other` if that is the worse news.
    fn or_worse(self, other: Self) -> Self {
        if other.badness() > self.badness() { other } else { self }
    }

    fn badness(&self) -> (u8, u64) {
        match self {
            Self::Admitted { binding: None } => (0, 0),
            Self::Admitted { binding: Some(binding) } => (1, !binding.remaining),
            Self::Full { .. } => (2, 0),
            Self::Denied { wait_ns, .. } => (3, wait_ns.unwrap_or(u64::MAX)),
            Self::TooMany => (4, 0),
        }
    }
}
