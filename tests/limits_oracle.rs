//! The arithmetic of the limits against a naive twin, which knows nothing but the times of the
//! admitted requests and the promise: at most `burst + t / emission` in any time `t`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::sync::atomic::AtomicU64;

use tollgate::limit::{
    CLOCK_SPREAD_NS, Charge, Outcome, Rate, Step, Subject, Table, charge_all, init, size_words,
    step,
};

/// Splitmix64: the same sequence in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// What was admitted, in the order of the calls.
struct Oracle {
    burst: u128,
    emission: u128,
    admitted: Vec<(u128, u128)>,
}

impl Oracle {
    fn new(rate: &Rate) -> Self {
        let (burst, emission) = (rate.quota().into(), rate.emission_ns().into());
        Self { burst, emission, admitted: Vec::new() }
    }

    /// How far the requests since some earlier one, with `cost` more now, are over the promise.
    fn excess(&self, now: u128, cost: u128) -> i128 {
        let mut since = cost;
        let mut excess = cost as i128 * self.emission as i128;
        for (time, cost) in self.admitted.iter().rev() {
            since += cost;
            excess = excess.max((since * self.emission + time) as i128 - now as i128);
        }
        excess - (self.burst * self.emission) as i128
    }

    /// A clock set back by more than one burst and the spread: the burst counts as spent just
    /// now.
    fn forget_the_future(&mut self, now: u128) {
        let spread = self.burst * self.emission + u128::from(CLOCK_SPREAD_NS);
        if self.excess(now, 0) > spread as i128 {
            self.admitted = vec![(now, self.burst)];
        }
    }

    fn admits(&mut self, now: u64, cost: u64) -> bool {
        let (now, cost) = (now.into(), cost.into());
        self.forget_the_future(now);
        let admits = self.excess(now, cost) <= 0;
        if admits {
            self.admitted.push((now, cost));
        }
        admits
    }
}

const SECOND: u64 = 1_000_000_000;

/// A time after `now`; now and then a clock is set, forward or back.
fn move_on(random: &mut Random, now: u64, rate: &Rate) -> u64 {
    match random.below(40) {
        0 => now + random.below(3600 * SECOND),
        1 => now - random.below(3600 * SECOND),
        2 => now - random.below(11 * SECOND),
        3 => now - random.below(2 * rate.tolerance_ns()),
        4..20 => now,
        _ => now + random.below(3 * rate.emission_ns()),
    }
}

#[test]
fn the_step_and_the_table_agree_with_the_oracle() {
    let mut random = Random(1);
    let memory: Vec<AtomicU64> =
        (0..size_words(400, 1).unwrap()).map(|_| AtomicU64::new(0)).collect();
    init(&memory, 400, 1, [1; 16]).unwrap();
    let table = Table::attach(&memory).unwrap();
    let (mut passed, mut refused) = (0, 0);
    for run in 0..400u64 {
        let (limit, period) = (1 + random.below(100), 1 + random.below(100 * SECOND));
        let rate = Rate::new(limit, limit + period, 1 + random.below(8)).unwrap();
        let subject = Subject::Credential { id: &run.to_le_bytes(), limit: b"" };
        let (mut oracle, mut tat, mut now) = (Oracle::new(&rate), 0, 1_000_000 * SECOND);
        for _ in 0..300 {
            now = move_on(&mut random, now, &rate);
            let cost = 1 + random.below(3).min(rate.quota() - 1);
            let expected = oracle.admits(now, cost);
            tat = rate.mend(tat, now).unwrap_or(tat);
            let stepped = step(tat, now, &rate, cost);
            if let Step::Admit { new_tat } = stepped {
                tat = new_tat;
            }
            let charged = charge_all(&table, now, &[Charge { subject, rate: &rate, cost }]);
            assert_eq!(matches!(stepped, Step::Admit { .. }), expected, "run {run}");
            assert_eq!(matches!(charged, Outcome::Admitted { .. }), expected, "run {run}");
            if expected { passed += 1 } else { refused += 1 }
        }
    }
    assert!(passed > 10_000 && refused > 10_000, "{passed} and {refused}");
}

#[test]
fn waiting_as_long_as_told_is_enough_and_no_nanosecond_too_long() {
    let mut random = Random(2);
    let mut denied = 0;
    for _ in 0..100_000 {
        let (limit, period) = (1 + random.below(100), 1 + random.below(10 * SECOND));
        let rate = Rate::new(limit, limit + period, 1 + random.below(20)).unwrap();
        let now = SECOND + random.below(1000 * SECOND);
        let tat = now - SECOND + random.below(SECOND + rate.tolerance_ns());
        let cost = 1 + random.below(rate.quota());
        let admits = |now| matches!(step(tat, now, &rate, cost), Step::Admit { .. });
        if let Step::Deny { wait_ns } = step(tat, now, &rate, cost) {
            denied += 1;
            let wait = wait_ns.unwrap();
            assert!(wait >= 1 && admits(now + wait) && !admits(now + wait - 1));
        }
    }
    assert!(denied > 10_000, "{denied}");
}

#[test]
fn remaining_is_what_may_come_and_reset_is_when_all_may() {
    let mut random = Random(3);
    for _ in 0..100_000 {
        let (limit, period) = (1 + random.below(100), 1 + random.below(10 * SECOND));
        let rate = Rate::new(limit, limit + period, 1 + random.below(20)).unwrap();
        let now = SECOND + random.below(1000 * SECOND);
        let tat = now - SECOND + random.below(SECOND + rate.tolerance_ns());
        let admits = |now, cost| matches!(step(tat, now, &rate, cost), Step::Admit { .. });
        let left = rate.remaining(tat, now);
        assert!(admits(now, left) && !admits(now, left + 1) && left <= rate.quota());
        let full = now + rate.reset_ns(tat, now);
        assert!(admits(full, rate.quota()));
        assert!(full == now || !admits(full - 1, rate.quota()));
    }
}

#[test]
fn extreme_numbers_neither_panic_nor_admit_more_than_the_burst() {
    let ends = [0, 1, 2, 1 << 32, 1 << 60, (1 << 62) - 1, 1 << 62, 1 << 63, u64::MAX - 1, u64::MAX];
    let rates = ends.iter().flat_map(|limit| {
        let bursts = ends.iter().flat_map(move |period| ends.map(|burst| (*limit, *period, burst)));
        bursts.filter_map(|(limit, period, burst)| Rate::new(limit, period, burst).ok())
    });
    let mut asked = 0;
    for rate in rates {
        for (tat, now, cost) in ends
            .iter()
            .flat_map(|tat| ends.iter().flat_map(move |now| ends.map(|cost| (*tat, *now, cost))))
        {
            asked += 1;
            assert!(rate.remaining(tat, now) <= rate.quota());
            assert!(rate.penalised(tat, now) >= rate.mend(tat, now).unwrap_or(tat));
            match step(tat, now, &rate, cost) {
                Step::Admit { new_tat } => assert!(cost <= rate.quota() && new_tat >= tat),
                Step::Deny { wait_ns } => {
                    assert_eq!(wait_ns.is_none(), cost > rate.quota());
                    assert_ne!(wait_ns, Some(0));
                }
            }
        }
    }
    assert!(asked > 10_000, "{asked}");
}
