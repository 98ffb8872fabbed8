//! Cashout requests through the C ABI: many in one call against one call for each, interleaved in
//! one run, and the bare HMACs of their bodies in a loop and as a batch.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use tollgate::primitive::hmac::{HmacSha256Key, Item, verify_batch};
use tollgate_benches::{
    Cashout, Decision, Gate, POLICY, Request, SECRET, request, tollgate_gate_verify_batch,
};

const ROUNDS: usize = 301;

/// The monotonic time of everybody.
static CLOCK: AtomicU64 = AtomicU64::new(1);

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
    let sign = |body: &[u8]| key.mac(body);
    let messages: Vec<_> =
        lengths.enumerate().map(|(number, length)| Cashout::new(number, length, sign)).collect();
    let tags: Vec<_> = messages.iter().map(|it| sign(&it.body)).collect();
    let lines: Vec<_> = messages.iter().map(Cashout::lines).collect();
    let requests: Vec<_> = messages
        .iter()
        .zip(&lines)
        .map(|(it, lines)| request("cashout", lines, &it.body))
        .collect();
    let count = requests.len();
    let (mut ones, mut manies) = (requests.clone(), requests);
    // Far enough from each other for the rate limit, whoever asks.
    let later = |requests: &mut [Request]| {
        let now = CLOCK.fetch_add(1_000_000_000, Relaxed);
        requests.iter_mut().for_each(|request| request.monotonic_ns = now);
    };
    let mut decisions: Vec<_> = (0..count).map(|_| Decision::new()).collect();
    let mut single = Decision::new();
    let items: Vec<_> = messages
        .iter()
        .zip(&tags)
        .map(|(it, tag)| Item { key: &key, message: &it.body, tag })
        .collect();
    let mut results = vec![false; count];
    let mut one_by_one = || {
        later(&mut ones);
        for request in &ones {
            gate.allow(black_box(request), &mut single);
        }
    };
    let mut in_one_call = || {
        later(&mut manies);
        let (first, out) = (black_box(&manies).as_ptr(), decisions.as_mut_ptr());
        // SAFETY: what the requests point to lives as long as this function, and there are as many
        // decisions.
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
        [(1, 512), (4, 512), (8, 512), (16, 512), (64, 512), (64, 1024), (64, 2048), (64, 8192)]
    {
        let name = format!("{count} cashouts of {length} B");
        compare(&gate, &name, std::iter::repeat_n(length, count));
    }
    let mixed = |index: usize| [100, 700, 256, 1500, 90, 333, 2048, 64][index * 5 % 8];
    compare(&gate, "64 cashouts of 64 B to 2 KiB", (0..64).map(mixed));
}
