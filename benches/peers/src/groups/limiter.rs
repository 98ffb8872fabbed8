//! What a rate limit costs. Tollgate has no entry for a limiter alone: its cost is what a request with a
//! limit takes more than one without, in the same round.

use governor::RateLimiter;

use crate::groups::request::{self, Case, Extra, Shape};
use crate::harness::{Contender, Group, Mode};
use crate::peers::composition::{HostClock, quota};

/// governor with one cell.
pub const DIRECT: &str = "governor direct, clock excluded";
/// governor with a cell for each of many keys.
pub const KEYED: &str = "governor keyed, clock excluded";

const CREDENTIALS: usize = 100;

/// Requests that may all pass, with and without a limit, and the limiter of a crate.
pub fn group() -> Group {
    let shape = Shape::cashout(CREDENTIALS);
    let case: &'static Case = Box::leak(Box::new(Case::new(&shape)));
    let timed = case.timed();
    let contenders = vec![
        request::tollgate(case, "Tollgate (C ABI), a request with a rate limit", Extra::Nothing),
        request::tollgate(case, request::NO_RATE, Extra::NoRate),
        direct(),
        keyed(),
    ];
    Group {
        name: String::from("rate limit"),
        per_call: 1.0,
        answers: vec![true; timed],
        timed,
        modes: vec![Mode::Iso],
        contenders,
    }
}

fn direct() -> Contender {
    let limiter = RateLimiter::direct_with_clock(quota(), HostClock::new());
    let mut now = 1;
    Contender::new(DIRECT, move |_| {
        now += 1_000_000;
        HostClock::set(now);
        limiter.check().is_ok()
    })
}

fn keyed() -> Contender {
    let limiter = RateLimiter::dashmap_with_clock(quota(), HostClock::new());
    let keys: Vec<String> = (0..CREDENTIALS).map(|key| format!("merchant-{key:07}")).collect();
    let mut now = 1;
    Contender::new(KEYED, move |input| {
        now += 1_000_000;
        HostClock::set(now);
        limiter.check_key(&keys[input % CREDENTIALS]).is_ok()
    })
}
