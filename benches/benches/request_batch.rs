//! Cashout requests through the C ABI: many in one call against one call for each, interleaved in
//! one run, and the bare HMACs of their bodies in a loop and as a batch.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use tollgate::primitive::hmac::{HmacSha256Key, Item, verify_batch};
use tollgate_benches::{
    Bytes, Decision, Gate, HeaderLine, Request, tollgate_gate_verify, tollgate_gate_verify_batch,
};

const ROUNDS: usize = 301;

/// The monotonic time of everybody.
static CLOCK: AtomicU64 = AtomicU64::new(1);
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

/// A message: its body, its length, its tag, and that in hex.
struct Message {
    body: Vec<u8>,
    length: String,
    tag: [u8; 32],
    signature: String,
}

impl Message {
    fn new(key: &HmacSha256Key, number: usize, length: usize) -> Self {
        let mut body = format!("{{\"external_id\":{number},\"comment\":\"").into_bytes();
        body.resize(length.max(body.len() + 2) - 2, b'.');
        body.extend(b"\"}");
        let tag = key.mac(&body);
        let signature = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { length: body.len().to_string(), body, tag, signature }
    }

    fn lines(&self) -> Vec<HeaderLine> {
        [
            ("Host", "api.example.com"),
            ("User-Agent", "merchant/1.0"),
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("Content-Length", &self.length),
            ("Authorization", "Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U="),
            ("Payload-Signature", &self.signature),
        ]
        .iter()
        .map(|(name, value)| HeaderLine {
            name: Bytes::of(name.as_bytes()),
            value: Bytes::of(value.as_bytes()),
        })
        .collect()
    }

    fn request(&self, lines: &[HeaderLine]) -> Request {
        Request {
            size: size_of::<Request>(),
            route: Bytes::of(b"cashout"),
            method: Bytes::of(b"POST"),
            target: Bytes::of(b"/v3/cashout"),
            host: Bytes::of(b"api.example.com"),
            headers: lines.as_ptr(),
            header_count: lines.len(),
            body: Bytes::of(&self.body),
            peer: Bytes::of(&[203, 0, 113, 7]),
            tls: 1,
            reserved: 0,
            unix_ms: 1_700_000_000_000,
            monotonic_ns: 1,
        }
    }
}

/// The medians, in nanoseconds a request.
fn medians(count: usize, contenders: &mut [(&str, &mut dyn FnMut())]) -> Vec<f64> {
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, run), times) in contenders.iter_mut().zip(&mut times) {
            let start = Instant::now();
            run();
            times.push(start.elapsed().as_nanos() as f64 / count as f64);
        }
    }
    times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect()
}

fn compare(gate: &Gate, name: &str, lengths: impl Iterator<Item = usize>) {
    let key = HmacSha256Key::new(SECRET);
    let messages: Vec<_> =
        lengths.enumerate().map(|(number, length)| Message::new(&key, number, length)).collect();
    let lines: Vec<_> = messages.iter().map(Message::lines).collect();
    let requests: Vec<_> =
        messages.iter().zip(&lines).map(|(it, lines)| it.request(lines)).collect();
    let count = requests.len();
    let (mut ones, mut manies) = (requests.clone(), requests);
    // Far enough from each other for the rate limit, whoever asks.
    let later = |requests: &mut [Request]| {
        let now = CLOCK.fetch_add(1_000_000_000, Relaxed);
        requests.iter_mut().for_each(|request| request.monotonic_ns = now);
    };
    let mut decisions: Vec<_> = (0..count).map(|_| Decision::new()).collect();
    let mut single = Decision::new();
    let items: Vec<_> =
        messages.iter().map(|it| Item { key: &key, message: &it.body, tag: &it.tag }).collect();
    let mut results = vec![false; count];
    let mut one_by_one = || {
        later(&mut ones);
        for request in &ones {
            // SAFETY: everything that the request points to lives as long as this function.
            let status = unsafe { tollgate_gate_verify(gate.0, black_box(request), &mut single) };
            assert_eq!((status, single.verdict), (0, 1), "reason {}", single.reason);
        }
    };
    let mut in_one_call = || {
        later(&mut manies);
        let (first, out) = (black_box(&manies).as_ptr(), decisions.as_mut_ptr());
        // SAFETY: as above, and there are as many decisions.
        let status = unsafe { tollgate_gate_verify_batch(gate.0, first, count, out) };
        assert_eq!(status, 0);
        assert!(decisions.iter().all(|decision| decision.verdict == 1));
    };
    let mut bare = || {
        assert!(
            items.iter().all(|item| item.key.verify(black_box(item.message), item.tag).is_ok())
        );
    };
    let mut bare_batch = || assert!(verify_batch(black_box(&items), &mut results).is_ok());
    let mut contenders: [(&str, &mut dyn FnMut()); 4] = [
        ("one call each", &mut one_by_one),
        ("one call for all", &mut in_one_call),
        ("bare HMACs, loop", &mut bare),
        ("bare HMACs, batch", &mut bare_batch),
    ];
    let medians = medians(count, &mut contenders);
    println!("{name}");
    for ((name, _), median) in contenders.iter().zip(&medians) {
        println!("  {name:20} {:5.2} x  {median:8.1} ns a request", medians[0] / median);
    }
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let gate = Gate::load(POLICY);
    for (count, length) in
        [(1, 512), (4, 512), (8, 512), (16, 512), (64, 512), (64, 2048), (64, 8192)]
    {
        let name = format!("{count} cashouts of {length} B");
        compare(&gate, &name, std::iter::repeat_n(length, count));
    }
    let mixed = |index: usize| [100, 700, 256, 1500, 90, 333, 2048, 64][index * 5 % 8];
    compare(&gate, "64 cashouts of 64 B to 2 KiB", (0..64).map(mixed));
}
