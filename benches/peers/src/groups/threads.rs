//! The same gate, by several threads at once: how many requests pass in all.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock;
use crate::gate::Gate;
use crate::groups::request::{Case, Extra, Shape};
use crate::statistics::median;

/// Requests a second with each number of threads, from 1 to as many as there are processors.
pub fn measure(processors: &[usize], rounds: usize) -> Vec<(usize, f64)> {
    let case = Case::new(&Shape::cashout(1000));
    let gate = case.gate(Extra::Nothing);
    let mut rates = vec![Vec::new(); processors.len()];
    for round in 0..rounds * processors.len() {
        let threads = 1 + round % processors.len();
        rates[threads - 1].push(rate(&case, &gate, &processors[..threads]));
    }
    rates.iter().enumerate().map(|(place, rates)| (place + 1, median(rates))).collect()
}

/// Requests a second of threads that each have a processor of their own, for 50 ms.
fn rate(case: &Case, gate: &Gate, processors: &[usize]) -> f64 {
    /// Time goes on for the limits, which all rounds share.
    static ROUND: AtomicU64 = AtomicU64::new(1);
    let now = ROUND.fetch_add(1, Ordering::Relaxed) * 1_000_000_000_000;
    let barrier = Barrier::new(processors.len());
    thread::scope(|scope| {
        let start = |(number, processor): (usize, &usize)| {
            let (barrier, processor) = (&barrier, *processor);
            scope.spawn(move || {
                assert!(clock::pin_to(processor), "processor {processor} was allowed");
                barrier.wait();
                work(case, gate, number, now)
            })
        };
        let threads: Vec<_> = processors.iter().enumerate().map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("every request passes")).sum()
    })
}

/// Requests a second of one thread. All threads begin at the same time, and a microsecond later comes
/// the next request.
fn work(case: &Case, gate: &Gate, thread: usize, mut now: u64) -> f64 {
    let mut requests = case.requests();
    let mut decision = crate::gate::decision();
    let (mut passed, mut next, start) = (0, thread * 977, Instant::now());
    while start.elapsed() < Duration::from_millis(50) {
        for _ in 0..64 {
            (now, next) = (now + 1_000, (next + 1) % case.timed());
            requests[next].monotonic_ns = now;
            assert!(gate.verify(&requests[next], &mut decision), "it may pass");
            passed += 1;
        }
    }
    f64::from(passed) / start.elapsed().as_secs_f64()
}
