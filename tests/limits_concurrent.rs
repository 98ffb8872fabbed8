//! Limits under threads: one subject is exact, many subjects that take each other's cells are
//! never over their rate, and several limits at once are never over any of them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::net::{IpAddr, Ipv4Addr};
use core::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use tollgate::limit::{
    Charge, Outcome, Rate, Step, Subject, Table, charge_all, init, size_words, step,
};

const START: u64 = 1_000_000_000;
const ONE: Subject<'_> = Subject::Credential { id: b"one", limit: b"requests" };

fn memory(credentials: usize, addresses: usize) -> Vec<AtomicU64> {
    let words = size_words(credentials, addresses).unwrap();
    let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
    init(&memory, credentials, addresses, *b"a seed for tests").unwrap();
    memory
}

fn admits(table: &Table<'_>, now: u64, charges: &[Charge<'_>]) -> bool {
    match charge_all(table, now, charges) {
        Outcome::Admitted { .. } => true,
        Outcome::Denied { .. } | Outcome::Full { .. } => false,
        Outcome::TooMany => panic!("that is not too many"),
    }
}

/// A clock that every attempt moves on by one.
struct Clock(AtomicU64);

impl Clock {
    fn tick(&self) -> u64 {
        START + self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// How many of `attempts` in each of two threads `attempt` admits, by the time of a clock that
/// moves on with every attempt; and the last time.
fn two_threads(attempts: u64, attempt: impl Fn(u64) -> bool + Sync) -> (u64, u64) {
    let clock = Clock(AtomicU64::new(0));
    let worker = || (0..attempts).filter(|_| attempt(clock.tick())).count() as u64;
    let admitted = thread::scope(|scope| {
        let other = scope.spawn(worker);
        worker() + other.join().unwrap()
    });
    (admitted, clock.tick())
}

/// `attempts` of each thread on one limit: the number admitted, and the number that the rate allows.
fn hammer(rate: &Rate, attempts: u64, attempt: impl Fn(u64) -> bool + Sync) -> (u64, u64) {
    let first = u64::from(attempt(START));
    let (admitted, end) = two_threads(attempts, &attempt);
    let rest = (0..2 * rate.quota()).filter(|_| attempt(end)).count() as u64;
    (first + admitted + rest, rate.quota() + (end - START) / rate.emission_ns())
}

#[test]
fn one_subject_gets_exactly_what_its_rate_allows() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rows = [(1, 10, 100, 500_000), (1, 2, 1000, 50_000), (3, 1000, 10, 50_000)];
    for (limit, period, burst, attempts) in rows {
        let rate = Rate::new(limit, period, burst).unwrap();
        let id = limit.to_le_bytes();
        let subject = Subject::Credential { id: &id, limit: &burst.to_le_bytes() };
        let attempt = |now| admits(&table, now, &[Charge { subject, rate: &rate, cost: 1 }]);
        let (admitted, allowed) = hammer(&rate, attempts, attempt);
        assert_eq!(admitted, allowed, "{limit} in {period}, {burst} at once");
    }
}

/// The control: a limit that is read and written in two steps is over its rate.
#[test]
fn a_limit_without_compare_exchange_is_over_its_rate() {
    let rate = Rate::new(1, 10, 100).unwrap();
    let tat = AtomicU64::new(0);
    let attempt = |now| match step(tat.load(Ordering::SeqCst), now, &rate, 1) {
        Step::Admit { new_tat } => {
            thread::yield_now();
            tat.store(new_tat, Ordering::SeqCst);
            true
        }
        Step::Deny { .. } => false,
    };
    let (admitted, allowed) = hammer(&rate, 100_000, attempt);
    assert!(admitted > allowed, "{admitted} of {allowed}");
}

/// Whether the times, in order, keep the rate in every window.
fn keeps(rate: &Rate, times: &mut [u64]) -> bool {
    times.sort_unstable();
    let mut tat = 0;
    times.iter().all(|now| match step(tat, *now, rate, 1) {
        Step::Admit { new_tat } => {
            tat = new_tat;
            true
        }
        Step::Deny { .. } => false,
    })
}

#[test]
fn subjects_that_take_each_others_cells_keep_their_rates() {
    const SUBJECTS: u64 = 64;
    let memory = memory(1, 1);
    let table = Table::attach(&memory).unwrap();
    // Each subject is asked every 64 ticks or so, and owes for 150: there are 31 cells.
    let rate = Rate::new(1, 75, 2).unwrap();
    let clock = Clock(AtomicU64::new(0));
    let worker = |seed: u64| {
        let mut times = vec![Vec::new(); SUBJECTS as usize];
        let mut random = seed;
        for _ in 0..300_000 {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let host = (random >> 40) % SUBJECTS;
            let address = Some(IpAddr::V4(Ipv4Addr::from_bits(host as u32)));
            let subject = Subject::Address { address, limit: b"" };
            let now = clock.tick();
            if admits(&table, now, &[Charge { subject, rate: &rate, cost: 1 }]) {
                times[host as usize].push(now);
            }
        }
        times
    };
    let (own, other) = thread::scope(|scope| {
        let other = scope.spawn(|| worker(1));
        (worker(2), other.join().unwrap())
    });
    let ticks = clock.tick() - START;
    for (host, (own, other)) in own.into_iter().zip(other).enumerate() {
        let mut times = [own, other].concat();
        assert!(keeps(&rate, &mut times), "subject {host} is over its rate");
        // All had a cell at times, and none had one for ever.
        let most = rate.quota() + ticks / rate.emission_ns();
        assert!((most / 20..most).contains(&(times.len() as u64)), "{host}: {}", times.len());
        times.push(times[0]);
        times.push(times[0]);
        assert!(!keeps(&rate, &mut times), "the control: two more at once");
    }
}

#[test]
fn several_limits_at_once_are_never_over_one_of_them() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let shared = Rate::new(1, 5, 20).unwrap();
    let own = Rate::new(1, 9, 20).unwrap();
    let clock = Clock(AtomicU64::new(0));
    let worker = |id: u8| {
        let id = [id];
        let mine = Subject::Credential { id: &id, limit: b"own" };
        let charges = [
            Charge { subject: mine, rate: &own, cost: 1 },
            Charge { subject: ONE, rate: &shared, cost: 1 },
        ];
        let attempts = (0..200_000).map(|_| clock.tick());
        attempts.filter(|now| admits(&table, *now, &charges)).collect::<Vec<u64>>()
    };
    let mut times = thread::scope(|scope| {
        let other = scope.spawn(|| worker(1));
        [worker(2), other.join().unwrap()]
    });
    assert!(times.iter_mut().all(|times| keeps(&own, times)));
    let mut all = times.concat();
    assert!(keeps(&shared, &mut all));
    assert!(all.len() > 1000, "{}", all.len());
}
