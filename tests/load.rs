//! What policies with many credentials take of memory.
#![cfg(feature = "std")]
#![allow(unsafe_code, reason = "an allocator that counts is an unsafe trait")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its figures; it has std"
)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::fmt::Write as _;
use std::alloc::System;

use tollgate::policy::{NoSecrets, Policy, Source};

/// The allocator of the system. It counts what the current thread holds.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// The bytes that the thread holds, and the most that it held.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

fn count(change: isize) {
    // A thread that ends has no count any more.
    let _counted = HELD.try_with(|held| {
        let (now, most) = held.get();
        held.set((now + change, most.max(now + change)));
    });
}

// SAFETY: every call is passed on to the allocator of the system unchanged; counting neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller keeps the contract of `dealloc`, and all memory is the system's.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// What the credentials of a policy identify themselves by.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// An API key, of which the hash is kept.
    ApiKey,
    /// A user that means something else to a token endpoint, and a passphrase.
    User,
}

/// A policy with `count` credentials, each with networks, a signing secret and a scope.
fn policy(shape: Shape, count: usize) -> String {
    let (kinds, endpoint) = match shape {
        Shape::ApiKey => (r#"{ "api_key": "X-API-Key" }"#, ""),
        Shape::User => (
            "\"basic\"",
            r#""t": { "credentials": ["basic"], "token_endpoint": true, "max_body": 4096 },"#,
        ),
    };
    let tokens = r#""tokens": { "issuer": "https://api.example.com", 
        "keys": [{ "kid": "k1", "key": { "text": "a key for tokens that is long enough" } }] },"#;
    let tokens = if endpoint.is_empty() { "" } else { tokens };
    let mut text = format!(
        r#"{{ "tollgate": 1, "environment": "production", {tokens} "routes": {{ {endpoint}
        "pay": {{ "max_body": 4096, "credentials": [{kinds}], "signature": "directa24-cashout",
        "scope": "pay" }} }}, "credentials": ["#
    );
    for number in 0..count {
        let identifier = match shape {
            Shape::ApiKey => format!(r#""api_key": {{ "sha256": "{number:064x}" }}"#),
            Shape::User => format!(
                r#""basic": {{ "user": "%75ser-{number}",
                "passphrase": {{ "sha256": "{number:064x}" }} }}"#
            ),
        };
        let comma = if number == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}{{ "id": "merchant-{number}", {identifier}, "scopes": ["pay"],
            "secrets": [{{ "generation": 1, "key": {{ "text": "signing secret of {number:08}" }} }}],
            "networks": "203.0.113.7,198.51.100.0/24,192.0.2.0/28" }}"#
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

fn load(text: &str) -> Policy {
    let source = Source::new(text.as_bytes(), "load.json", &NoSecrets);
    Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The bytes for each credential: of the policy, and the most while it is loaded.
fn memory(shape: Shape, count: usize) -> (isize, isize) {
    let text = policy(shape, count);
    let (before, _) = HELD.get();
    HELD.set((before, before));
    let policy = load(&text);
    let (after, most) = HELD.get();
    assert_eq!(policy.credential_count(), count);
    let of_one = |bytes: isize| (bytes - before) / count.cast_signed();
    (of_one(after), of_one(most))
}

#[test]
fn a_credential_takes_little_memory() {
    for (shape, most_held) in [(Shape::ApiKey, 600), (Shape::User, 600)] {
        // A power of two is where the indexes have twice the room that they need.
        for count in [4_096, 5_000] {
            let (held, peak) = memory(shape, count);
            println!("{shape:?}, {count}: {held} bytes a credential, {peak} while it is loaded");
            assert!(held <= most_held, "{shape:?}, {count}: {held} bytes a credential");
            assert!(peak <= held + 200, "{shape:?}, {count}: {peak} bytes while it is loaded");
        }
    }
}
