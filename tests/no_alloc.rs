//! Deciding allocates nothing: whole or streamed, allowed or denied for whatever reason. Every row
//! of the table of bad inputs is decided once, and one row for each kind of answer 10,000 times.
#![cfg(feature = "std")]
#![allow(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts; it has std"
)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::hint::black_box;
use std::alloc::System;

use run::{Mode, Policies};
use tollgate::decision::{Group, Reason};
use tollgate::primitive::hmac::{HmacSha256Key, Item, verify_batch};
use tollgate::request::{Body, Header, Request, Stored};
use tollgate::scheme::{builtin, verify_signature};
use tollgate::token::{Grant, MAX_TOKEN, Rules, TokenKey, issue, verify};
use tollgate::verify::Question;
use vectors::{Row, Step};

#[path = "decision_table/run.rs"]
#[allow(dead_code, reason = "the table is compared elsewhere; here it is only run")]
mod run;
#[path = "decision_table/vectors.rs"]
#[allow(dead_code, reason = "the table is compared elsewhere; here it is only run")]
mod vectors;

/// The allocator of the system. It counts what the current thread asks it for.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// The allocations so far; `None` while nothing is counted.
    static COUNT: Cell<Option<u64>> = const { Cell::new(None) };
}

fn count_one() {
    // A thread that ends has no count any more, and allocates nothing that matters here.
    let _counted = COUNT.try_with(|count| count.set(count.get().map(|so_far| so_far + 1)));
}

// SAFETY: every call is passed on to the allocator of the system unchanged; counting neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count_one();
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count_one();
        // SAFETY: the caller keeps the contract of `realloc`, and all memory is the system's.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and all memory is the system's.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// What `work` gives, and how often it allocated.
fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    COUNT.set(Some(0));
    let result = work();
    let count = COUNT.take().expect("nothing else ends the counting");
    (result, count)
}

/// The control: what is allocated inside is counted, whichever way, and nothing else is.
#[test]
fn an_allocation_is_counted() {
    let outside = black_box(vec![1_u8]);
    assert_eq!(counted(|| black_box(7)).1, 0);
    assert_eq!(counted(|| black_box(Box::new(7))).1, 1);
    assert_eq!(counted(|| black_box(vec![0_u8; 100])).1, 1);
    assert_eq!(counted(|| black_box(outside.clone())).1, 1);
    let grown = counted(|| {
        let mut grown = black_box(Vec::<u64>::with_capacity(1));
        grown.extend(black_box([1, 2, 3]));
        black_box(grown).len()
    });
    assert_eq!(grown, (3, 2));
    drop(outside);
}

/// Decides once, renders the answer, and does with the message what the row says.
fn decide(
    gate: &tollgate::gate::Gate,
    step: &Step,
    headers: &[Header<'_>],
    mode: Mode,
    repetition: u64,
) -> Reason {
    let answer = run::once(gate, step, headers, mode, repetition);
    let mut lines = [0_u8; 1024];
    black_box(answer.decision.header_lines(&mut lines)).expect("1024 bytes are enough");
    black_box(answer.decision.public_name());
    run::settle(gate, step, &answer.decision);
    answer.decision.reason
}

#[test]
fn no_row_of_the_table_allocates() {
    let mut policies = Policies::default();
    let mut decisions = 0;
    for row in &vectors::table().rows {
        for mode in Mode::ALL {
            let gate = run::gate(row, &mut policies);
            for step in &row.steps {
                let headers = step.request.headers();
                for repetition in 0..step.times.min(50) {
                    let (reason, count) =
                        counted(|| decide(&gate, step, &headers, mode, repetition));
                    let Row { id, shows, .. } = row;
                    assert_eq!(count, 0, "{id} ({shows}), {mode:?}: {}", reason.name());
                    decisions += 1;
                }
            }
        }
    }
    println!("{decisions} decisions");
    assert!(decisions > 4000);
}

/// The kinds of answers that can be had from outside.
const GROUPS: [Group; 11] = [
    Group::Pass,
    Group::Shape,
    Group::Media,
    Group::Transport,
    Group::Absent,
    Group::Credential,
    Group::Time,
    Group::State,
    Group::Authorization,
    Group::Limit,
    Group::Dependency,
];

/// The first step of the table that gets an answer of this kind, with the steps before it.
fn example(rows: &[Row], group: Group) -> (&Row, usize) {
    let reason = |name: &str| Reason::ALL.iter().find(|reason| reason.name() == name);
    let is_example = |step: &Step| match step.expect.reasons.as_slice() {
        [only] if step.streamed.is_none() => {
            reason(only).is_some_and(|reason| reason.group() == group)
        }
        _ => false,
    };
    let examples =
        rows.iter().filter_map(|row| Some((row, row.steps.iter().position(is_example)?)));
    examples.into_iter().next().expect("every kind is in the table")
}

#[test]
fn no_kind_of_answer_allocates_in_10_000_decisions() {
    let rows = vectors::table().rows;
    let mut policies = Policies::default();
    for group in GROUPS {
        let (row, place) = example(&rows, group);
        for mode in [Mode::Whole, Mode::Pieces(7)] {
            let gate = run::gate(row, &mut policies);
            for step in &row.steps[..place] {
                run::step(&gate, step, mode, |_| ());
            }
            let step = &row.steps[place];
            let headers = step.request.headers();
            let (kinds, count) = counted(|| {
                let kinds = (0..10_000).map(|_| decide(&gate, step, &headers, mode, 0).group());
                kinds.filter(|kind| *kind == group).count()
            });
            assert_eq!((kinds, count), (10_000, 0), "{group:?}, {mode:?}: {}", row.shows);
        }
    }
}

/// All requests of a row in one call, several times over.
#[test]
fn no_batch_of_requests_allocates() {
    let mut policies = Policies::default();
    let mut decisions = 0;
    for row in &vectors::table().rows {
        let gate = run::gate(row, &mut policies);
        let headers: Vec<_> = row.steps.iter().map(|step| step.request.headers()).collect();
        let questions = headers.iter().zip(&row.steps).map(|(headers, step)| Question {
            route: step.route.as_bytes(),
            request: step.request.request(headers, Body::Whole(&step.request.body)),
            now: step.request.now,
        });
        let questions: Vec<_> = questions.cycle().take(20).collect();
        let ((), count) = counted(|| gate.verify_batch(&questions, &mut |_, _| decisions += 1));
        assert_eq!(count, 0, "{} ({})", row.id, row.shows);
    }
    assert!(decisions > 20_000);
}

/// The same without a policy, with a key that the host holds.
#[test]
fn verifying_a_signature_allocates_nothing() {
    let scheme = builtin::find("directa24-cashout").expect("it is built in");
    let keys = [scheme.prepare_key(b"cashout_secret_key").expect("it is a key")];
    let signature = b"8d3e2b061e753c88e401ac8737e6dc7af9e02d590fd1dd4d5e1ded9f4430487c";
    let headers = [Header { name: b"Payload-Signature", value: signature }];
    let request = Request {
        method: b"POST",
        target: b"/",
        host: b"",
        headers: &headers,
        body: Body::Whole(b""),
        peer: None,
        tls: true,
        stored: Stored::NONE,
    };
    for (body, right) in [(&b""[..], true), (b"{}", false)] {
        let (verified, count) = counted(|| {
            let found = (0..10_000).map(|_| verify_signature(scheme, &keys, &request, body, 0));
            found.filter(Result::is_ok).count()
        });
        assert_eq!((verified, count), (if right { 10_000 } else { 0 }, 0));
    }
}

/// A token endpoint, from the request to the answer.
#[test]
fn answering_a_request_for_a_token_allocates_nothing() {
    let gate = tollgate::gate::Gate::new(std::sync::Arc::new(vectors::policy("tokens")));
    let basic = b"Basic c2hvcDp0aGUgcGFzc3BocmFzZSBvZiB0aGUgc2hvcA==";
    let headers = [
        Header { name: b"Authorization", value: basic },
        Header { name: b"Content-Type", value: b"application/x-www-form-urlencoded" },
    ];
    let now = tollgate::request::Now { unix_ms: 1_592_742_800_000, monotonic_ns: 0 };
    for (body, right) in [
        (&b"grant_type=client_credentials&scope=payments:read"[..], true),
        (b"grant_type=client_credentials&scope=x", false),
        (b"grant_type=password", false),
    ] {
        let request = Request {
            method: b"POST",
            target: b"/api/token",
            host: b"",
            headers: &headers,
            body: Body::Whole(body),
            peer: None,
            tls: true,
            stored: Stored::NONE,
        };
        let (issued, count) = counted(|| {
            let mut room = [0; tollgate::verify::MAX_TOKEN_ANSWER];
            let mut issues = || {
                let answer = gate.answer_token_request(b"grant", &request, now, &mut room);
                answer.is_ok_and(|answer| answer.decision.allows() && !answer.body.is_empty())
            };
            (0..1000).filter(|_| issues()).count()
        });
        assert_eq!((issued, count), (if right { 1000 } else { 0 }, 0));
    }
}

#[test]
fn issuing_and_verifying_a_token_allocates_nothing() {
    let keys = [TokenKey::new("k1", b"a key of 32 bytes for the tokens").expect("it is a key")];
    let rules = Rules {
        issuer: "pay",
        audience: "production",
        token_type: "JWT",
        lifetime_s: 600,
        leeway_s: 0,
    };
    let grant = Grant { subject: "m1", generation: 3, scope: Some("read write") };
    for (later_ms, right) in [(0, 1000), (600_000, 0)] {
        let (verified, count) = counted(|| {
            let mut room = [0; MAX_TOKEN];
            let mut valid = |unix_ms| {
                let made = issue(&keys, &rules, &grant, unix_ms, &mut room);
                made.is_ok_and(|token| {
                    verify(token.as_bytes(), &keys, &rules, unix_ms + later_ms).is_ok()
                })
            };
            (0..1000).filter(|unix_ms| valid(*unix_ms)).count()
        });
        assert_eq!((verified, count), (right, 0));
    }
}

#[test]
fn verifying_a_batch_allocates_nothing() {
    let key = HmacSha256Key::new(b"key");
    let tag = key.mac(b"message");
    let items = [Item { key: &key, message: b"message", tag: &tag }; 100];
    let mut results = [false; 100];
    for size in [1, 2, 7, 16, 100] {
        let (verified, count) = counted(|| verify_batch(&items[..size], &mut results).is_ok());
        assert_eq!((verified, count), (true, 0), "{size}");
    }
}

#[cfg(feature = "password")]
mod slow_hashes {
    use std::sync::Arc;

    use tollgate::gate::Gate;
    use tollgate::policy::{NoSecrets, Policy, Source};
    use tollgate::request::Now;

    use super::{Body, Header, Reason, Request, Stored, counted};

    /// A policy has the memory for them from the time that it is loaded on.
    #[test]
    fn verifying_a_slow_hash_allocates_nothing() {
        let document = br#"{
            "tollgate": 1, "environment": "e",
            "routes": { "r": { "max_body": 0, "credentials": ["basic"] } },
            "credentials": [{ "id": "a", "basic": { "user": "anna", "passphrase": {
                "password_hash": "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            } } }, { "id": "b", "basic": { "user": "bert", "passphrase": {
                "password_hash": "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy"
            } } }]
        }"#;
        let policy = Policy::load(&Source::new(document, "p", &NoSecrets)).expect("no errors");
        let gate = Gate::new(Arc::new(policy));
        for (pair, expected) in [
            (&b"Basic YW5uYTpwYXNzd29yZA=="[..], Reason::Ok),
            (b"Basic YW5uYTpwYXNzd29yZQ==", Reason::BadSecret),
            (b"Basic YmVydDpjb3JyZWN0IGhvcnNl", Reason::Ok),
            (b"Basic Y2xlbzpjb3JyZWN0IGhvcnNl", Reason::UnknownKey),
            // The first one again, which is remembered.
            (b"Basic YW5uYTpwYXNzd29yZA==", Reason::Ok),
        ] {
            let headers = [Header { name: b"Authorization", value: pair }];
            let request = Request {
                method: b"POST",
                target: b"/",
                host: b"",
                headers: &headers,
                body: Body::Whole(b""),
                peer: None,
                stored: Stored::NONE,
                tls: true,
            };
            let now = Now { unix_ms: 0, monotonic_ns: 1 };
            let (reason, count) = counted(|| gate.verify(b"r", &request, now).reason);
            assert_eq!((reason, count), (expected, 0));
        }
    }
}
