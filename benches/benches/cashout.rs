//! One cashout request as a Directa24 merchant sends it, through the C ABI, and the bare HMAC of
//! the same body: in one run, so that the difference means something.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::Criterion;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::primitive::hmac::HmacSha256Key;
use tollgate_benches::{
    Bytes, Decision, Gate, HeaderLine, Request, WINDOW_MS, tollgate_gate_verify,
};

const SECRET: &[u8] = b"cashout API signature of a merchant";

const POLICY: &str = r#"{
  "tollgate": 1,
  "environment": "production",
  "hosts": ["api.example.com"],
  "failures": { "limit": 10, "period_s": 60 },
  "routes": {
    "cashout": {
      "methods": ["POST"],
      "required_headers": ["User-Agent"],
      "media_type": "application/json",
      "max_body": 65536,
      "credentials": ["basic"],
      "signature": "directa24-cashout",
      "scope": "cashout:write",
      "rates": [{ "name": "merchant", "per": "credential", "limit": 1000000, "period_s": 1 }]
    },
    "once": {
      "methods": ["POST"],
      "required_headers": ["User-Agent"],
      "media_type": "application/json",
      "max_body": 65536,
      "credentials": ["basic"],
      "signature": "directa24-cashout",
      "replay": { "window_s": 600 },
      "scope": "cashout:write",
      "rates": [{ "name": "merchant", "per": "credential", "limit": 1000000, "period_s": 1 }]
    }
  },
  "credentials": [{
    "id": "merchant-1",
    "basic": { "user": "cashout_API_Key", "passphrase": { "text": "cashout_API_Passphrase" } },
    "secrets": [{ "generation": 1, "key": { "text": "cashout API signature of a merchant" } }],
    "networks": "203.0.113.7,198.51.100.0/24,192.0.2.0/28,2001:db8::/32",
    "scopes": ["cashout:write"]
  }]
}"#;

/// A body of exactly `length` bytes.
fn body(length: usize) -> Vec<u8> {
    let mut text =
        String::from(r#"{"external_id":"123456789","country":"MX","amount":2000,"note":""#);
    text.extend(std::iter::repeat_n('x', length - text.len() - 2));
    text.push_str("\"}");
    text.into_bytes()
}

/// The signature, by another implementation.
fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length is a key");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cashout(criterion: &mut Criterion, length: usize) {
    let gate = Gate::load(POLICY);
    let body = body(length);
    let signature = sign(&body);
    let size = body.len().to_string();
    let lines: Vec<HeaderLine> = [
        ("Host", "api.example.com"),
        ("User-Agent", "merchant/1.0"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Content-Length", &size),
        ("Authorization", "Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U="),
        ("Payload-Signature", &signature),
    ]
    .iter()
    .map(|(name, value)| HeaderLine {
        name: Bytes::of(name.as_bytes()),
        value: Bytes::of(value.as_bytes()),
    })
    .collect();
    let mut request = Request {
        size: size_of::<Request>(),
        route: Bytes::of(b"cashout"),
        method: Bytes::of(b"POST"),
        target: Bytes::of(b"/v3/cashout"),
        host: Bytes::of(b"api.example.com"),
        headers: lines.as_ptr(),
        header_count: lines.len(),
        body: Bytes::of(&body),
        peer: Bytes::of(&[203, 0, 113, 7]),
        tls: 1,
        reserved: 0,
        unix_ms: 1_700_000_000_000,
        monotonic_ns: 1,
    };
    let mut decision = Decision::new();
    let mut group = criterion.benchmark_group("cashout");
    group.bench_function(format!("request, {length} B body, C ABI"), |bencher| {
        bencher.iter(|| {
            request.monotonic_ns += 1_000_000;
            // SAFETY: everything that the request points to lives as long as this function.
            let status =
                unsafe { tollgate_gate_verify(gate.0, black_box(&request), &mut decision) };
            assert_eq!((status, decision.verdict), (0, 1), "reason {}", decision.reason);
        });
    });
    request.route = Bytes::of(b"once");
    group.bench_function(format!("the same, which passes once, {length} B body"), |bencher| {
        bencher.iter(|| {
            request.monotonic_ns += 1_000_000;
            // By then it is forgotten, so that it may pass again.
            request.unix_ms += 2 * WINDOW_MS;
            // SAFETY: everything that the request points to lives as long as this function.
            let status =
                unsafe { tollgate_gate_verify(gate.0, black_box(&request), &mut decision) };
            assert_eq!((status, decision.verdict), (0, 1), "reason {}", decision.reason);
        });
    });
    let key = HmacSha256Key::new(SECRET);
    group.bench_function(format!("bare HMAC, {length} B body"), |bencher| {
        bencher.iter(|| key.mac(black_box(&body)));
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
