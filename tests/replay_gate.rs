//! Messages that may pass once, through a gate: while policies are swapped, secrets are rotated and
//! threads race.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use core::fmt::Write as _;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::thread;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tollgate::decision::{Claim, Decision, Reason};
use tollgate::gate::{Gate, ReplayError};
use tollgate::limit::{Table, replay};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};
use tollgate::verify::{Memory, verify};

const WINDOW_MS: u64 = 600_000;
const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 1_000_000_000 };

/// A policy whose route takes messages once, signed with the secrets of these generations.
fn policy(generations: &[u32], more: &str) -> Arc<Policy> {
    let secrets: Vec<_> = generations.iter().map(|number| secret_member(*number)).collect();
    let secrets = secrets.join(",");
    let text = format!(
        r#"{{"tollgate": 1, "environment": "test",
            "schemes": {{"own": {{
                "algorithm": "hmac-sha256", "carrier": {{"header": "X-Signature"}},
                "locator": {{"pairs": {{"separator": ",", "label": "v1"}}}},
                "encoding": "hex-lower", "parts": ["timestamp", {{"literal": "."}}, "body"],
                "timestamp": {{"label": "t", "format": "unix_s"}}}}}},
            "routes": {{"r": {{"max_body": 100, "credentials": [{{"fixed": "sender"}}],
                "signature": "own", "replay": {{}} {more}}}}},
            "credentials": [{{"id": "sender", "secrets": [{secrets}]}}]}}"#
    );
    let source = Source::new(text.as_bytes(), "policy.json", &NoSecrets);
    Arc::new(Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}\n{text}")))
}

fn secret_member(number: u32) -> String {
    format!(r#"{{"generation": {number}, "key": {{"text": "{}"}}}}"#, secret(number))
}

fn secret(number: u32) -> String {
    format!("the secret of generation {number}")
}

/// A message signed with each of the secrets.
fn signed(body: &[u8], generations: &[u32]) -> String {
    let mut header = format!("t={}", NOW.unix_ms / 1000);
    for number in generations {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret(*number).as_bytes()).unwrap();
        mac.update(format!("{}.", NOW.unix_ms / 1000).as_bytes());
        mac.update(body);
        header += ",v1=";
        for byte in mac.finalize().into_bytes() {
            write!(header, "{byte:02x}").unwrap();
        }
    }
    header
}

fn request<'a>(headers: &'a [Header<'a>], body: &'a [u8]) -> Request<'a> {
    Request {
        method: b"POST",
        target: b"/",
        host: b"api.example.com",
        headers,
        body: Body::Whole(body),
        peer: Some([192, 0, 2, 7].into()),
        tls: true,
        stored: Stored::NONE,
    }
}

fn sent(gate: &Gate, body: &[u8], signature: &str) -> Decision {
    let headers = [Header { name: b"X-Signature", value: signature.as_bytes() }];
    gate.verify(b"r", &request(&headers, body), NOW)
}

fn words(messages: usize, window_ms: u64) -> &'static [AtomicU64] {
    let count = replay::size_words(messages).unwrap();
    let words: &'static [AtomicU64] =
        (0..count).map(|_| AtomicU64::new(0)).collect::<Vec<_>>().leak();
    replay::init(words, messages, window_ms, *b"a seed for tests").unwrap();
    words
}

fn memory(messages: usize) -> replay::Memory<'static> {
    replay::Memory::attach(words(messages, WINDOW_MS)).unwrap()
}

fn gate(policy: Arc<Policy>, messages: usize) -> Gate {
    let gate = Gate::new(policy);
    gate.attach_replay(memory(messages)).unwrap();
    gate
}

#[test]
fn memory_is_attached_once_and_remembers_long_enough() {
    assert_eq!(policy(&[1], "").replay_window_ms(), Some(WINDOW_MS));
    let gate = Gate::new(policy(&[1], ""));
    let short = replay::Memory::attach(words(10, WINDOW_MS - 1)).unwrap();
    let refused = Err(ReplayError::WindowTooShort { needed_ms: WINDOW_MS });
    assert_eq!(gate.attach_replay(short), refused);
    assert_eq!(sent(&gate, b"1", &signed(b"1", &[1])).reason, Reason::ReplayUnavailable);
    gate.attach_replay(memory(10)).unwrap();
    assert_eq!(gate.attach_replay(memory(10)), Err(ReplayError::AlreadyAttached));
    assert!(sent(&gate, b"1", &signed(b"1", &[1])).allows());
}

/// A sender who may say how long its messages are fresh: the longest counts.
#[test]
fn memory_covers_the_window_that_a_sender_may_choose() {
    let text = r#"{"tollgate": 1, "environment": "test",
        "routes": {"r": {"max_body": 100, "credentials": [{"fixed": "a"}], "signature": "binance",
            "replay": {}}},
        "credentials": [{"id": "a", "secrets": [{"generation": 1, "key": {"text": "a secret of 16 and more"}}]}]}"#;
    let source = Source::new(text.as_bytes(), "policy.json", &NoSecrets);
    let policy = Policy::load(&source).unwrap_or_else(|errors| panic!("{errors}"));
    // 60 s by the word of the sender, and a second ahead.
    assert_eq!(policy.replay_window_ms(), Some(61_000));
}

/// Every way of a rotation, whatever the sender signs with, and in whichever order the policy has
/// the secrets: as long as one secret stays, what passed before does not pass after it.
#[test]
fn a_rotation_lets_nothing_pass_again() {
    let policies: [&[u32]; 8] = [&[1], &[1, 2], &[2, 1], &[2], &[2, 3], &[1, 2, 3], &[3, 2], &[3]];
    let signers: [&[u32]; 7] = [&[1], &[2], &[3], &[1, 2], &[2, 1], &[2, 3], &[3, 2, 1]];
    let mut compared = 0;
    for before in policies {
        for after in policies {
            if !before.iter().any(|number| after.contains(number)) {
                continue;
            }
            for signer in signers {
                for again in signers {
                    let gate = gate(policy(before, ""), 10);
                    let first = sent(&gate, b"message", &signed(b"message", signer));
                    if !first.allows() {
                        continue;
                    }
                    drop(gate.swap(policy(after, "")));
                    let second = sent(&gate, b"message", &signed(b"message", again));
                    compared += 1;
                    assert!(!second.allows(), "{before:?} {after:?} {signer:?} {again:?}");
                    let knows = again.iter().any(|number| after.contains(number));
                    assert_eq!(
                        second.reason == Reason::Replayed,
                        knows,
                        "{}",
                        second.reason.name()
                    );
                }
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

/// The control: secrets that have nothing in common take the message for two.
#[test]
fn a_policy_with_other_secrets_takes_a_message_for_another() {
    let gate = gate(policy(&[1], ""), 10);
    assert!(sent(&gate, b"message", &signed(b"message", &[1, 2])).allows());
    drop(gate.swap(policy(&[2], "")));
    assert!(sent(&gate, b"message", &signed(b"message", &[1, 2])).allows());
}

/// A claim in all its places is given back in all its places, also when only some of them can be
/// had.
#[test]
fn a_claim_of_several_names_is_one() {
    let both = gate(policy(&[1, 2], ""), 10);
    let first = sent(&both, b"1", &signed(b"1", &[1]));
    let words = first.claim.unwrap().to_words();
    let (places, _) = words.as_chunks();
    assert_eq!(places.iter().filter(|place| **place != [0, 0]).count(), 2);
    assert!(both.release(&Claim::from_words(words).unwrap()));
    assert!(!both.release(&first.claim.unwrap()));
    // Under the policy with the second secret alone, the second name is taken.
    drop(both.swap(policy(&[2], "")));
    let second = sent(&both, b"1", &signed(b"1", &[2]));
    assert!(second.allows());
    drop(both.swap(policy(&[1, 2], "")));
    assert_eq!(sent(&both, b"1", &signed(b"1", &[1])).reason, Reason::Replayed);
    // That attempt left nothing behind under the first name.
    assert!(both.release(&second.claim.unwrap()));
    assert!(sent(&both, b"1", &signed(b"1", &[1])).allows());
    assert!(Claim::from_words([0; 8]).is_none());
}

/// Two threads, each message to both of them, while a third swaps policies: of each message exactly
/// one copy passes, and the limit admits exactly what it has to give. What the limit refused after
/// the message was claimed was given back, so that it passes in the next turn.
#[test]
fn of_two_copies_at_once_exactly_one_passes_and_limits_lose_nothing() {
    const MESSAGES: u64 = 5_000;
    const LIMIT: u64 = 3_500;
    let limited = format!(
        r#", "rates": [{{"name": "all", "per": "credential", "limit": {LIMIT}, "period_s": 86400}}]"#
    );
    let gate = gate(policy(&[1, 2], &limited), 2 * MESSAGES as usize);
    let count = tollgate::limit::size_words(10, 10).unwrap();
    let words: &'static [AtomicU64] =
        (0..count).map(|_| AtomicU64::new(0)).collect::<Vec<_>>().leak();
    tollgate::limit::init(words, 10, 10, *b"a seed for tests").unwrap();
    gate.attach(Table::attach(words).unwrap()).unwrap();

    let passed: Vec<_> = (0..MESSAGES).map(|_| AtomicU64::new(0)).collect();
    let turn = |unix: Now| {
        for (number, passed) in passed.iter().enumerate() {
            let body = number.to_le_bytes();
            let signature = signed(&body, &[2]);
            let headers = [Header { name: b"X-Signature", value: signature.as_bytes() }];
            let decision = gate.verify(b"r", &request(&headers, &body), unix);
            match decision.reason {
                Reason::Ok => drop(passed.fetch_add(1, Ordering::Relaxed)),
                Reason::Replayed | Reason::RateLimited => assert!(decision.claim.is_none()),
                reason => panic!("{}", reason.name()),
            }
        }
    };
    let total = || passed.iter().map(|count| count.load(Ordering::Relaxed)).sum::<u64>();
    let both = |now: Now| {
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| turn(now));
            }
            scope.spawn(|| {
                for generations in [[1, 2], [2, 3]].iter().cycle().take(100) {
                    drop(gate.swap(policy(generations, &limited)));
                }
            });
        });
    };
    both(NOW);
    assert_eq!(total(), LIMIT);
    // A day later by the monotonic clock the limit has room again; the messages are still fresh.
    both(Now { monotonic_ns: NOW.monotonic_ns + 86_400_000_000_000, ..NOW });
    assert_eq!(total(), MESSAGES);
    assert!(passed.iter().all(|count| count.load(Ordering::Relaxed) == 1));
}

/// Without a gate: a memory with no replay memory holds no claim.
#[test]
fn a_memory_without_replay_memory_denies_and_holds_nothing() {
    let policy = policy(&[1], "");
    let signature = signed(b"1", &[1]);
    let headers = [Header { name: b"X-Signature", value: signature.as_bytes() }];
    let with = Memory { replay: Some(memory(10)), ..Memory::default() };
    let ask = |memory: &Memory<'_>| verify(&policy, memory, b"r", &request(&headers, b"1"), NOW);
    assert_eq!(ask(&Memory::default()).reason, Reason::ReplayUnavailable);
    let claim = ask(&with).claim.expect("it is new");
    assert!(!Memory::default().confirm(&claim) && !Memory::default().release(&claim));
    assert!(with.confirm(&claim));
}
