//! Finding a credential by its user and by its API key, among few and among many: requests without a
//! signature through the C ABI, so that little else is done.
//!
//! With many credentials each request is that of another one, in no order, so that what it needs is in
//! no cache. What that may cost is measured beside it: two accesses to memory as large as an index and
//! its records, the second of which depends on the first.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use tollgate::primitive::base64::{Alphabet, Padding, encode};
use tollgate::primitive::sha2::sha256;
use tollgate_benches::{Decision, Gate, api_key, hex, line, request};

/// How many different requests are verified in turn, at most.
const REQUESTS: usize = 100_000;

const PASSPHRASE: &str = "0123456789abcdef01234567";

fn user(number: usize) -> String {
    format!("merchant-{number:08}")
}

/// A policy with `count` credentials, each with an API key and a user, and a route for either.
fn policy(count: usize) -> String {
    let mut text = String::from(
        r#"{ "tollgate": 1, "environment": "production", "routes": {
        "key": { "credentials": [{ "api_key": "X-API-Key" }], "max_body": 0 },
        "user": { "credentials": ["basic"], "max_body": 0 } }, "credentials": ["#,
    );
    let passphrase = hex(&sha256(PASSPHRASE.as_bytes()));
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let (user, digest) = (user(number), hex(&sha256(api_key(number).as_bytes())));
        let text = write!(
            text,
            r#"{comma}{{ "id": "{user}", "api_key": {{ "sha256": "{digest}" }},
            "basic": {{ "user": "{user}", "passphrase": {{ "sha256": "{passphrase}" }} }} }}"#
        );
        text.expect("a string has room");
    }
    text.push_str("]}");
    text
}

/// The numbers of the credentials whose requests come, in no order: two primes, so that none comes
/// twice before all have come.
fn numbers(count: usize) -> impl Iterator<Item = usize> {
    (0..REQUESTS.min(count)).map(move |at| (at * 97 * 7_919 + 104_729) % count)
}

/// Times requests on `route` with one line each, of these values in turn.
fn ask(
    criterion: &mut Criterion,
    gate: &Gate,
    name: &str,
    field: [&'static str; 2],
    all: &[String],
) {
    let [route, field] = field;
    let mut decision = Decision::new();
    let mut turn = 0;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let lines = [line(field, &all[turn % all.len()])];
            turn += 1;
            gate.allow(black_box(&request(route, &lines, b"")), &mut decision);
        });
    });
}

/// Memory as large as an index and its records.
struct Memory {
    slots: Vec<u64>,
    records: Vec<[u64; 64]>,
}

impl Memory {
    fn new(count: usize) -> Self {
        let slots = (0..count.saturating_mul(2).next_power_of_two()).map(mixed).collect();
        Self { slots, records: (0..count).map(|at| [mixed(at); 64]).collect() }
    }

    /// What stands in the record that the slot of `at` names.
    fn follow(&self, at: u64) -> u64 {
        let slot = self.slots[at as usize & (self.slots.len() - 1)];
        self.records[(slot >> 8) as usize % self.records.len()][0]
    }
}

/// A number that looks random.
fn mixed(at: usize) -> u64 {
    let mixed = (at as u64 ^ 0x5851_f42d_4c95_7f2d).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Times two accesses, one behind the other.
fn two_accesses(criterion: &mut Criterion, count: usize) {
    let memory = Memory::new(count);
    let (mut at, mut turn) = (0, 0);
    criterion.bench_function(&format!("two accesses to memory, {count} credentials"), |bencher| {
        bencher.iter(|| {
            turn += 1;
            at = memory.follow(at ^ mixed(turn));
        });
    });
}

fn lookup(criterion: &mut Criterion) {
    for count in [10, 10_000, 1_000_000] {
        let gate = Gate::load(&policy(count));
        let keys: Vec<String> = numbers(count).map(api_key).collect();
        let basic = |number| {
            let (text, mut room) = (format!("{}:{PASSPHRASE}", user(number)), [0; 128]);
            let encoded = encode(text.as_bytes(), Alphabet::Standard, Padding::Required, &mut room);
            format!("Basic {}", encoded.expect("there is room"))
        };
        let users: Vec<String> = numbers(count).map(basic).collect();
        let named = |what: &str| format!("lookup, {what}, {count} credentials");
        ask(criterion, &gate, &named("by API key"), ["key", "X-API-Key"], &keys);
        ask(criterion, &gate, &named("by user"), ["user", "Authorization"], &users);
        two_accesses(criterion, count);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = lookup
}
criterion_main!(benches);
