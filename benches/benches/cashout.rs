//! One cashout request as a Directa24 merchant sends it, through the C ABI, and the bare HMAC of
//! the same body: in one run, so that the difference means something.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::Criterion;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate_benches::{Cashout, Decision, Gate, POLICY, SECRET, WINDOW_MS, request};

/// The signature, by another implementation.
fn sign(body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn cashout(criterion: &mut Criterion, length: usize) {
    let gate = Gate::load(POLICY);
    let cashout = Cashout::new(123_456_789, length, sign);
    let lines = cashout.lines();
    let (mut once, mut request) =
        (request("once", &lines, &cashout.body), request("cashout", &lines, &cashout.body));
    let mut decision = Decision::new();
    let mut group = criterion.benchmark_group("cashout");
    group.bench_function(format!("request, {length} B body, C ABI"), |bencher| {
        bencher.iter(|| {
            request.monotonic_ns += 1_000_000;
            gate.allow(black_box(&request), &mut decision);
        });
    });
    once.monotonic_ns = request.monotonic_ns;
    group.bench_function(format!("the same, which passes once, {length} B body"), |bencher| {
        bencher.iter(|| {
            once.monotonic_ns += 1_000_000;
            // By then it is forgotten, so that it may pass again.
            once.unix_ms += 2 * WINDOW_MS;
            gate.allow(black_box(&once), &mut decision);
        });
    });
    let key = HmacSha256Key::new(SECRET);
    group.bench_function(format!("bare HMAC, {length} B body"), |bencher| {
        bencher.iter(|| key.mac(black_box(&cashout.body)));
    });
    group.finish();
}

/// The median that criterion found, in nanoseconds.
fn median(name: &str) -> f64 {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let home = std::env::var_os("CRITERION_HOME").map(PathBuf::from);
    let folder = home.unwrap_or_else(|| target.join("criterion"));
    let file = folder.join("cashout").join(name).join("new/estimates.json");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let estimates: serde_json::Value = serde_json::from_str(&text).expect("criterion writes JSON");
    estimates["median"]["point_estimate"].as_f64().expect("a number")
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    cashout(&mut criterion, 512);
    criterion.final_summary();
    if std::env::args().any(|argument| argument == "--bench") {
        let (request, bare) =
            (median("request, 512 B body, C ABI"), median("bare HMAC, 512 B body"));
        println!("cashout request with a 512 B body through the C ABI: {request:.0} ns (median)");
        println!("bare HMAC-SHA256 of the same body:                   {bare:.0} ns (median)");
        println!("everything but the HMAC:                             {:.0} ns", request - bare);
        let once = median("the same, which passes once, 512 B body");
        println!("more where each message passes once:                 {:.0} ns", once - request);
    }
}
