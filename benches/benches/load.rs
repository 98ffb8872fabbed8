//! Loading policies with many credentials, and verifying requests of all of them in turn, so that
//! what a request needs is in no cache: through the C ABI, beside the bare HMAC of the body.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::primitive::sha2::sha256;
use tollgate_benches::{Decision, Gate, api_key, hex, line, request};

/// How many different requests are verified in turn.
const REQUESTS: usize = 10_000;

const BODY: &[u8; 512] = &[b' '; 512];

fn secret(number: usize) -> String {
    format!("signing secret of {number:08}")
}

/// A policy with `count` credentials, each with an API key, a signing secret, networks and a scope.
fn policy(count: usize) -> String {
    let mut text = String::from(
        r#"{ "tollgate": 1, "environment": "production", "routes": { "cashout": {
        "credentials": [{ "api_key": "X-API-Key" }], "signature": "directa24-cashout",
        "max_body": 65536, "scope": "cashout:write" } }, "credentials": ["#,
    );
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let (digest, secret) = (hex(&sha256(api_key(number).as_bytes())), secret(number));
        let text = write!(
            text,
            r#"{comma}{{ "id": "merchant-{number:08}", "api_key": {{ "sha256": "{digest}" }},
            "secrets": [{{ "generation": 1, "key": {{ "text": "{secret}" }} }}],
            "networks": "203.0.113.7,198.51.100.0/24,192.0.2.0/28",
            "scopes": ["cashout:write"] }}"#
        );
        text.expect("a string has room");
    }
    text.push_str("]}");
    text
}

/// The headers of a request of each of [`REQUESTS`] credentials in no order.
fn requests(count: usize) -> Vec<[String; 2]> {
    // Two primes, so that the order is none and no credential comes twice before all have come.
    let number = |at: usize| (at * 7_919 + 104_729) % count;
    let headers = |number: usize| {
        let mac = HmacSha256Key::new(secret(number).as_bytes()).mac(BODY);
        [api_key(number), hex(&mac)]
    };
    (0..REQUESTS).map(|at| headers(number(at * 97))).collect()
}

fn verify(criterion: &mut Criterion, count: usize, text: &str) {
    let gate = Gate::load(text);
    let requests = requests(count);
    let mut decision = Decision::new();
    let mut turn = 0;
    criterion.bench_function(&format!("verify, {count} credentials"), |bencher| {
        bencher.iter(|| {
            let [key, signature] = &requests[turn % REQUESTS];
            turn += 1;
            let lines = [line("X-API-Key", key), line("Payload-Signature", signature)];
            gate.allow(black_box(&request("cashout", &lines, BODY)), &mut decision);
        });
    });
}

fn load(criterion: &mut Criterion) {
    let key = HmacSha256Key::new(secret(0).as_bytes());
    criterion.bench_function("bare HMAC", |bencher| bencher.iter(|| key.mac(black_box(BODY))));
    for count in [10, 10_000, 1_000_000] {
        let text = policy(count);
        criterion.bench_function(&format!("load, {count} credentials"), |bencher| {
            let source = Source::new(text.as_bytes(), "bench.json", &NoSecrets);
            bencher.iter(|| Policy::load(black_box(&source)).expect("a good policy"));
        });
        verify(criterion, count, &text);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = load
}
criterion_main!(benches);
