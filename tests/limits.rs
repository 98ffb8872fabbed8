//! Rate limits: the rows of bad input, the arithmetic, and the memory.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::net::IpAddr;
use core::sync::atomic::AtomicU64;

use tollgate::limit::{
    Binding, CLOCK_SPREAD_NS, Charge, MAX_CHARGES, MAX_NOW_NS, Outcome, Rate, RateError, Subject,
    Table, Throttle, charge_all, failures_peek, failures_record, init, peek_all, size_words,
};

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3600 * SECOND;
const NOW: u64 = 50 * HOUR;

fn memory(credentials: usize, addresses: usize) -> Vec<AtomicU64> {
    let words = size_words(credentials, addresses).unwrap();
    let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(u64::MAX)).collect();
    init(&memory, credentials, addresses, [7; 16]).unwrap();
    memory
}

fn rate(limit: u64, period_ns: u64, burst: u64) -> Rate {
    Rate::new(limit, period_ns, burst).unwrap()
}

fn credential(id: &[u8]) -> Subject<'_> {
    Subject::Credential { id, limit: b"requests" }
}

fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

fn by_address(text: &str) -> Subject<'static> {
    Subject::Address { address: address(text), limit: b"requests" }
}

fn charge_one(table: &Table<'_>, now: u64, subject: Subject<'_>, rate: &Rate) -> Outcome {
    charge_all(table, now, &[Charge { subject, rate, cost: 1 }])
}

/// How many of `attempts` at `now` are admitted.
fn admitted(table: &Table<'_>, now: u64, subject: Subject<'_>, rate: &Rate, attempts: u64) -> u64 {
    let admits =
        |_: &u64| matches!(charge_one(table, now, subject, rate), Outcome::Admitted { .. });
    (0..attempts).filter(admits).count() as u64
}

fn wait(outcome: Outcome) -> Option<u64> {
    match outcome {
        Outcome::Denied { wait_ns, .. } => wait_ns,
        other => panic!("{other:?} is no denial"),
    }
}

#[test]
fn l1_a_window_edge_gives_no_second_burst() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    let edge = NOW + SECOND - 1;
    assert_eq!(admitted(&table, edge, credential(b"a"), &rate, 20), 10);
    // A counter of whole seconds would admit ten more here.
    assert_eq!(admitted(&table, edge + 1, credential(b"a"), &rate, 20), 0);
    assert_eq!(admitted(&table, edge + SECOND / 10, credential(b"a"), &rate, 20), 1);
    assert_eq!(admitted(&table, edge + 2 * SECOND, credential(b"a"), &rate, 20), 10);
}

#[test]
fn l2_a_clock_set_back_refills_nothing_and_locks_out_no_longer_than_one_burst() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    for (name, spent) in [("one", 1), ("all", 10)] {
        let subject = credential(name.as_bytes());
        assert_eq!(admitted(&table, NOW, subject, &rate, spent), spent);
        let back = NOW - HOUR;
        assert_eq!(admitted(&table, back, subject, &rate, 20), 0, "{name}: no refill");
        assert_eq!(admitted(&table, back + SECOND, subject, &rate, 20), 10, "{name}: no lock-out");
    }
}

#[test]
fn l2_a_small_step_back_locks_out_no_longer_than_the_step() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 20), 10);
    let back = NOW - CLOCK_SPREAD_NS;
    assert_eq!(admitted(&table, back, credential(b"a"), &rate, 20), 0);
    let outcome = charge_one(&table, back, credential(b"a"), &rate);
    assert_eq!(wait(outcome), Some(CLOCK_SPREAD_NS + SECOND / 10));
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 20), 0);
    assert_eq!(admitted(&table, NOW + SECOND / 10, credential(b"a"), &rate, 20), 1);
}

#[test]
fn l2_a_clock_set_forward_gives_one_burst_and_no_lock_out_on_return() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 20), 10);
    assert_eq!(admitted(&table, NOW + HOUR, credential(b"a"), &rate, 20), 10);
    assert_eq!(admitted(&table, NOW + 1, credential(b"a"), &rate, 20), 0);
    assert_eq!(admitted(&table, NOW + 1 + SECOND, credential(b"a"), &rate, 20), 10);
}

#[test]
fn l3_rates_that_mean_nothing_are_refused_with_what_to_write() {
    let rows = [
        ("limit 0", Rate::new(0, SECOND, 1), RateError::ZeroLimit),
        ("period 0", Rate::new(1, 0, 1), RateError::ZeroPeriod),
        ("burst 0", Rate::new(1, SECOND, 0), RateError::ZeroBurst),
        ("limit 0, burst 0", Rate::new(0, SECOND, 0), RateError::ZeroLimit),
        ("two a nanosecond", Rate::new(2 * SECOND, SECOND, 1), RateError::TooFast),
        ("all the maximum", Rate::new(u64::MAX, u64::MAX - 1, 1), RateError::TooFast),
        ("burst overflows", Rate::new(1, u64::MAX, u64::MAX), RateError::TooSlow),
        ("burst of 37 years", Rate::new(1, 37 * 365 * 24 * HOUR, 1), RateError::TooSlow),
    ];
    for (name, got, error) in rows {
        assert_eq!(got, Err(error), "{name}");
        assert!(error.to_string().contains("; write "), "{name}: {error}");
    }
}

#[test]
fn l3_one_request_a_nanosecond_is_the_fastest_rate() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(SECOND, SECOND, 3);
    assert_eq!(rate.emission_ns(), 1);
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 10), 3);
    assert_eq!(admitted(&table, NOW + 2, credential(b"a"), &rate, 10), 2);
}

#[test]
fn l3_rounding_never_admits_more_than_was_written() {
    let rate = rate(3, 10, 3);
    assert_eq!((rate.emission_ns(), rate.tolerance_ns(), rate.quota()), (4, 12, 3));
}

#[test]
fn l3_a_cost_over_the_burst_is_denied_without_a_wait() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    let cost = |cost| {
        let charge = Charge { subject: credential(b"a"), rate: &rate, cost };
        charge_all(&table, NOW, &[charge])
    };
    for too_much in [11, 1 << 40, u64::MAX] {
        assert_eq!(wait(cost(too_much)), None, "{too_much}");
    }
    assert!(matches!(cost(0), Outcome::Admitted { .. }));
    assert!(matches!(cost(10), Outcome::Admitted { .. }), "nothing was charged before");
    assert_eq!(wait(cost(10)), Some(SECOND));
    assert!(matches!(cost(0), Outcome::Admitted { .. }), "nothing is asked");
}

#[test]
fn l4_addresses_of_one_prefix_are_one_subject() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, SECOND, 10);
    let many: u64 = (0..10_000u128)
        .map(|host| {
            let address = core::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | host);
            let subject = Subject::Address { address: Some(address.into()), limit: b"requests" };
            admitted(&table, NOW, subject, &rate, 1)
        })
        .sum();
    assert_eq!(many, 10, "10,000 addresses of one /64");
    assert_eq!(admitted(&table, NOW, by_address("2001:db8:0:1::1"), &rate, 20), 10, "next /64");
    assert_eq!(admitted(&table, NOW, by_address("192.0.2.1"), &rate, 20), 10, "IPv4");
    assert_eq!(admitted(&table, NOW, by_address("192.0.2.2"), &rate, 20), 10, "next IPv4");
    let unknown = Subject::Address { address: None, limit: b"requests" };
    assert_eq!(admitted(&table, NOW, unknown, &rate, 20), 10, "unknown addresses");
}

#[test]
fn l4_one_credential_from_many_addresses_is_one_subject() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let (own, any) = (rate(10, SECOND, 10), rate(1000, SECOND, 1000));
    let passes = |host: u32| {
        let from = Some(core::net::Ipv4Addr::from_bits(host % 3).into());
        let charges = [
            Charge { subject: credential(b"a"), rate: &own, cost: 1 },
            Charge {
                subject: Subject::Address { address: from, limit: b"x" },
                rate: &any,
                cost: 1,
            },
        ];
        matches!(charge_all(&table, NOW, &charges), Outcome::Admitted { .. })
    };
    assert_eq!((0..10_000).filter(|host| passes(*host)).count(), 10);
}

#[test]
fn l5_a_full_table_denies_and_frees_nobody_who_owes() {
    let memory = memory(1, 1);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 2);
    let victim = by_address("192.0.2.1");
    assert_eq!(admitted(&table, NOW, victim, &rate, 5), 2);
    let outcomes: Vec<Outcome> = (0..10_000u32)
        .map(|host| {
            let from = Some(core::net::Ipv4Addr::from_bits(host).into());
            charge_one(&table, NOW, Subject::Address { address: from, limit: b"requests" }, &rate)
        })
        .collect();
    let entered = outcomes.iter().filter(|got| matches!(got, Outcome::Admitted { .. })).count();
    let refused = outcomes.iter().filter(|got| **got == Outcome::Full { index: 0 }).count();
    assert_eq!((entered, refused), (30, 9970), "31 cells, one of them the victim's");
    assert_eq!(admitted(&table, NOW, victim, &rate, 5), 0, "still used up");
    // What the 30 owed has come back; the victim owes for another second.
    let later = NOW + SECOND;
    let newcomers = (20_000..30_000u32).filter(|host| {
        let from = Some(core::net::Ipv4Addr::from_bits(*host).into());
        let subject = Subject::Address { address: from, limit: b"requests" };
        admitted(&table, later, subject, &rate, 1) == 1
    });
    assert_eq!(newcomers.count(), 30);
    assert_eq!(admitted(&table, later, victim, &rate, 5), 1, "one came back, not a new burst");
}

#[test]
fn l7_all_limits_are_charged_or_none() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let (wide, narrow) = (rate(100, SECOND, 100), rate(3, SECOND, 3));
    let both = [
        Charge { subject: credential(b"a"), rate: &wide, cost: 1 },
        Charge { subject: by_address("192.0.2.1"), rate: &narrow, cost: 1 },
    ];
    for left in (0..3).rev() {
        let Outcome::Admitted { binding: Some(binding) } = charge_all(&table, NOW, &both) else {
            panic!("the narrow limit has {} left", left + 1);
        };
        assert_eq!((binding.index, binding.remaining), (1, left), "the narrow limit binds");
    }
    for _ in 0..50 {
        let Outcome::Denied { binding, wait_ns } = charge_all(&table, NOW, &both) else {
            panic!("the narrow limit is used up");
        };
        assert_eq!((binding.index, binding.remaining), (1, 0));
        assert_eq!(wait_ns, Some(SECOND.div_ceil(3)));
    }
    assert_eq!(admitted(&table, NOW, credential(b"a"), &wide, 200), 97, "50 denials cost nothing");
}

#[test]
fn l7_the_longest_wait_binds_and_never_is_the_longest() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let (fast, slow) = (rate(10, SECOND, 1), rate(1, SECOND, 1));
    let ask = |cost| {
        let charges = [
            Charge { subject: credential(b"fast"), rate: &fast, cost: 1 },
            Charge { subject: credential(b"slow"), rate: &slow, cost: 1 },
            Charge { subject: credential(b"third"), rate: &fast, cost },
        ];
        charge_all(&table, NOW, &charges)
    };
    assert!(matches!(ask(1), Outcome::Admitted { .. }));
    let rows = [(1, 1, Some(SECOND)), (2, 2, None)];
    for (cost, index, expected) in rows {
        let Outcome::Denied { binding: Binding { index: got, .. }, wait_ns } = ask(cost) else {
            panic!("all are used up");
        };
        assert_eq!((got, wait_ns), (index, expected), "third costs {cost}");
    }
}

#[test]
fn l7_one_subject_twice_is_charged_twice_or_not_at_all() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 3);
    let twice = [Charge { subject: credential(b"a"), rate: &rate, cost: 1 }; 2];
    assert!(matches!(charge_all(&table, NOW, &twice), Outcome::Admitted { .. }));
    assert!(matches!(charge_all(&table, NOW, &twice), Outcome::Denied { .. }));
    assert_eq!(
        admitted(&table, NOW, credential(b"a"), &rate, 5),
        1,
        "the denied pair cost nothing"
    );
}

#[test]
fn l7_no_room_for_one_charges_none() {
    let memory = memory(10, 1);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 5);
    for host in 0..31u32 {
        let from = Some(core::net::Ipv4Addr::from_bits(host).into());
        let subject = Subject::Address { address: from, limit: b"requests" };
        assert_eq!(admitted(&table, NOW, subject, &rate, 1), 1);
    }
    let both = [
        Charge { subject: credential(b"a"), rate: &rate, cost: 1 },
        Charge { subject: by_address("192.0.2.1"), rate: &rate, cost: 1 },
    ];
    assert_eq!(charge_all(&table, NOW, &both), Outcome::Full { index: 1 });
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 10), 5);
}

#[test]
fn l8_strangers_cannot_fill_the_room_of_credentials() {
    let memory = memory(1, 1);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 1);
    for host in 0..10_000u32 {
        let from = Some(core::net::Ipv4Addr::from_bits(host).into());
        charge_one(&table, NOW, Subject::Address { address: from, limit: b"requests" }, &rate);
        failures_record(&table, NOW, from, &rate);
    }
    for id in 0..31u8 {
        assert_eq!(admitted(&table, NOW, credential(&[id]), &rate, 5), 1, "credential {id}");
    }
}

#[test]
fn l8_an_address_named_like_a_credential_is_somebody_else() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 1);
    let from = address("192.0.2.1");
    assert_eq!(failures_record(&table, NOW, from, &rate), Throttle::Wait { wait_ns: SECOND });
    let subjects = [
        Subject::Credential { id: &[4, 192, 0, 2, 1], limit: b"" },
        Subject::Credential { id: b"ab", limit: b"c" },
        Subject::Credential { id: b"a", limit: b"bc" },
        Subject::Credential { id: b"abc", limit: b"" },
        Subject::Credential { id: &[b'x'; 64], limit: b"" },
        Subject::Credential { id: &[b'x'; 65], limit: b"" },
        Subject::Credential { id: &[b'x'; 10_000], limit: &[b'y'; 10_000] },
        Subject::Credential { id: &[b'x'; 10_000], limit: &[b'z'; 10_000] },
        Subject::Address { address: from, limit: b"" },
        Subject::Address { address: None, limit: b"" },
        Subject::Address { address: address("c000:201::"), limit: b"" },
    ];
    for subject in subjects {
        assert_eq!(admitted(&table, NOW, subject, &rate, 5), 1, "{subject:?}");
    }
}

#[test]
fn failures_wait_no_longer_than_for_one_attempt_to_come_back() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(10, 10 * SECOND, 5);
    let from = address("192.0.2.1");
    for _ in 0..4 {
        assert_eq!(failures_peek(&table, NOW, from, &rate), Throttle::Clear);
        assert_eq!(failures_record(&table, NOW, from, &rate), Throttle::Clear);
    }
    // The control: without the cap, 1000 failures would cost 1000 seconds.
    for _ in 0..1000 {
        let throttle = failures_record(&table, NOW, from, &rate);
        assert_eq!(throttle, Throttle::Wait { wait_ns: SECOND });
    }
    assert_eq!(failures_peek(&table, NOW + SECOND - 1, from, &rate), Throttle::Wait { wait_ns: 1 });
    assert_eq!(failures_peek(&table, NOW + SECOND, from, &rate), Throttle::Clear);
    assert_eq!(failures_peek(&table, NOW, address("192.0.2.2"), &rate), Throttle::Clear);
}

#[test]
fn failures_survive_a_clock_set_back_for_one_burst() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 2);
    failures_record(&table, NOW, None, &rate);
    let back = NOW - HOUR;
    let used_up = Throttle::Wait { wait_ns: SECOND };
    assert_eq!(failures_peek(&table, back, None, &rate), used_up);
    assert_eq!(failures_peek(&table, back + SECOND, None, &rate), Throttle::Clear);
}

#[test]
fn failures_of_an_address_without_room_are_taken_for_granted() {
    let memory = memory(1, 1);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 2);
    for host in 0..31u32 {
        let from = Some(core::net::Ipv4Addr::from_bits(host).into());
        assert_eq!(failures_record(&table, NOW, from, &rate), Throttle::Clear);
    }
    let stranger = address("192.0.2.1");
    assert_eq!(failures_peek(&table, NOW, stranger, &rate), Throttle::Full);
    assert_eq!(failures_record(&table, NOW, stranger, &rate), Throttle::Full);
    assert_eq!(failures_peek(&table, NOW + SECOND, stranger, &rate), Throttle::Clear);
}

#[test]
fn peeking_charges_nothing_and_says_what_charging_says() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(7, SECOND, 7);
    let charges = [Charge { subject: credential(b"a"), rate: &rate, cost: 2 }];
    for _ in 0..10 {
        let peeked = peek_all(&table, NOW, &charges);
        assert_eq!(peek_all(&table, NOW, &charges), peeked);
        assert_eq!(charge_all(&table, NOW, &charges), peeked);
    }
}

#[test]
fn no_limit_and_too_many_limits() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let rate = rate(1, SECOND, 100);
    let charge = Charge { subject: credential(b"a"), rate: &rate, cost: 1 };
    assert_eq!(charge_all(&table, NOW, &[]), Outcome::Admitted { binding: None });
    let most = charge_all(&table, NOW, &[charge; MAX_CHARGES]);
    assert!(matches!(most, Outcome::Admitted { .. }));
    assert_eq!(charge_all(&table, NOW, &[charge; MAX_CHARGES + 1]), Outcome::TooMany);
    assert_eq!(admitted(&table, NOW, credential(b"a"), &rate, 200), 92);
}

#[test]
fn times_at_the_ends_of_the_range_deny_and_do_not_overflow() {
    let memory = memory(10, 10);
    let table = Table::attach(&memory).unwrap();
    let slowest = rate(1, 1 << 60, 1);
    let fastest = rate(u64::MAX >> 4, u64::MAX >> 4, 2);
    for (name, now) in [("zero", 0), ("last", MAX_NOW_NS), ("beyond", u64::MAX)] {
        let slow = Subject::Credential { id: name.as_bytes(), limit: b"slow" };
        let fast = Subject::Credential { id: name.as_bytes(), limit: b"fast" };
        assert_eq!(admitted(&table, now, slow, &slowest, 5), 1, "{name}");
        assert_eq!(admitted(&table, now, fast, &fastest, 5), 2, "{name}");
    }
}
