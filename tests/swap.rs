//! A gate whose policy is swapped 10,000 times while two threads verify: every decision is that of
//! one policy, no thread goes back to an older one, and nothing of the old ones stays. And what
//! survives a swap: limits, and streams that have begun.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts; it has std"
)]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::decision::{Decision, Reason};
use tollgate::gate::{Gate, Stream};
use tollgate::limit::{Table, init, size_words};
use tollgate::policy::{NoSecrets, Policy, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};

const SWAPS: u64 = 10_000;

/// Policies repeat after so many: their secrets and networks go together by the same number.
const KINDS: u64 = 8;

const BODY: &[u8] = br#"{"external_id":"123456789","amount":2000}"#;
const NOW: Now = Now { unix_ms: 1_592_742_800_000, monotonic_ns: 1_000_000_000 };

fn secret(kind: u64) -> String {
    format!("the signing secret of kind {kind}")
}

/// The policy of this number. Its credential carries the number, so decisions tell it.
fn policy(number: u64) -> Arc<Policy> {
    let kind = number % KINDS;
    load(&format!(
        r#"{{
          "tollgate": 1, "environment": "production",
          "routes": {{
            "hook": {{
              "max_body": 4096, "credentials": [{{ "fixed": "{number}" }}],
              "signature": "directa24-cashout"
            }}
          }},
          "credentials": [{{
            "id": "{number}", "networks": ["10.0.{kind}.0/24"],
            "secrets": [{{ "generation": {}, "key": {{ "text": "{}" }} }}]
          }}]
        }}"#,
        number + 1,
        secret(kind)
    ))
}

fn load(text: &str) -> Arc<Policy> {
    Arc::new(Policy::load(&Source::new(text.as_bytes(), "policy.json", &NoSecrets)).unwrap())
}

/// The signature of the kind, as another implementation of HMAC makes it.
fn signature(kind: u64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret(kind).as_bytes()).unwrap();
    mac.update(BODY);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_kind<'a>(kind: u64, headers: &'a [Header<'a>], body: Body<'a>) -> Request<'a> {
    let third = u8::try_from(kind).unwrap();
    Request {
        method: b"POST",
        target: b"/hook",
        host: b"",
        headers,
        body,
        peer: Some([10, 0, third, 7].into()),
        tls: true,
        stored: Stored::NONE,
    }
}

/// A request of one kind: signed by the secret and sent from the network of that kind.
struct Sender {
    kind: u64,
    signature: String,
}

impl Sender {
    fn new(kind: u64) -> Self {
        Self { kind, signature: signature(kind) }
    }

    fn headers(&self) -> [Header<'_>; 1] {
        [Header { name: b"Payload-Signature", value: self.signature.as_bytes() }]
    }

    fn whole(&self, gate: &Gate) -> Decision {
        gate.verify(b"hook", &from_kind(self.kind, &self.headers(), Body::Whole(BODY)), NOW)
    }

    /// Begins a stream; the decision if the head was enough.
    fn begin(&self, gate: &Gate) -> (Stream, Option<Decision>) {
        let mut stream = gate.stream();
        let headers = self.headers();
        let decided = stream.begin(b"hook", &from_kind(self.kind, &headers, Body::Streamed), NOW);
        (stream, decided)
    }

    fn streamed(&self, gate: &Gate) -> Decision {
        let (stream, decided) = self.begin(gate);
        decided.unwrap_or_else(|| end(stream))
    }
}

fn end(mut stream: Stream) -> Decision {
    let _wanted = BODY.chunks(7).all(|piece| stream.update(piece));
    stream.finish(NOW)
}

/// What one thread has seen.
#[derive(Default)]
struct Watch {
    newest: u64,
    seen: BTreeSet<u64>,
    decisions: u64,
    allowed: u64,
}

impl Watch {
    /// Takes note of a decision on a request of this kind, whose head was looked at after
    /// everything that was noted before. The error says what is wrong with it.
    fn note(&mut self, kind: u64, decision: &Decision) -> Result<u64, String> {
        let number: u64 = decision.credential.as_str().parse().map_err(|_| "no policy")?;
        let right = number % KINDS == kind;
        let expected = if right { (Reason::Ok, number + 1) } else { (Reason::SigMismatch, 0) };
        let got = (decision.reason, u64::from(decision.generation));
        if got != expected || decision.allows() != right {
            return Err(format!("kind {kind} got {got:?} of policy {number}, not {expected:?}"));
        }
        if number < self.newest {
            return Err(format!("policy {number} decides after policy {}", self.newest));
        }
        self.newest = number;
        self.seen.insert(number);
        self.decisions += 1;
        self.allowed += u64::from(right);
        Ok(number)
    }

    /// One decision each way, and a stream in which there was one in between.
    fn round(&mut self, gate: &Gate, sender: &Sender) -> Result<(), String> {
        let kind = sender.kind;
        self.note(kind, &sender.whole(gate))?;
        self.note(kind, &sender.streamed(gate))?;
        let before = self.newest;
        let (stream, decided) = sender.begin(gate);
        let between = sender.whole(gate);
        let decision = decided.unwrap_or_else(|| end(stream));
        let began = self.note(kind, &decision)?;
        let between = self.note(kind, &between)?;
        let in_order = before <= began && began <= between;
        in_order.then_some(()).ok_or(format!("{before}, {began}, {between}"))
    }
}

fn watch(gate: &Gate, over: &AtomicBool) -> Result<Watch, String> {
    let senders: Vec<_> = (0..KINDS).map(Sender::new).collect();
    let mut watch = Watch::default();
    while !over.load(Ordering::Relaxed) {
        for sender in &senders {
            watch.round(gate, sender)?;
        }
    }
    Ok(watch)
}

/// How many of the policies still exist.
fn alive(policies: &[Weak<Policy>]) -> usize {
    policies.iter().filter(|policy| policy.strong_count() > 0).count()
}

#[test]
fn ten_thousand_swaps_while_two_threads_verify() {
    let first = policy(0);
    let mut policies = vec![Arc::downgrade(&first)];
    let gate = Gate::new(first);
    let over = AtomicBool::new(false);
    let watches = thread::scope(|scope| {
        let threads = [(); 2].map(|()| scope.spawn(|| watch(&gate, &over)));
        for number in 1..=SWAPS {
            let next = policy(number);
            policies.push(Arc::downgrade(&next));
            let old = gate.swap(next).expect("there was a policy");
            assert!(Arc::ptr_eq(&old, &policies[policies.len() - 2].upgrade().unwrap()));
            // Whoever asks after the return of `swap` asks the new policy.
            let decision = Sender::new(number % KINDS).whole(&gate);
            assert_eq!(decision.credential.to_string(), number.to_string());
        }
        over.store(true, Ordering::Relaxed);
        threads.map(|thread| thread.join().expect("no panic").expect("no wrong decision"))
    });
    for Watch { newest, seen, decisions, allowed } in &watches {
        println!("{decisions} decisions, {allowed} allow, {} policies, last {newest}", seen.len());
        assert!(seen.len() > 100 && *allowed > 100 && allowed < decisions);
    }
    assert_eq!(alive(&policies), 1, "policies are still there");
    assert_eq!(gate.policy().route_names().count(), 1);
    drop(gate);
    assert_eq!(alive(&policies), 0, "policies are still there");
}

/// The controls: what must be noticed is noticed.
#[test]
fn wrong_decisions_are_noticed() {
    let gate = Gate::new(policy(20));
    let sender = Sender::new(20 % KINDS);
    let right = sender.whole(&gate);
    let mismatch = Sender::new(5).whole(&gate);
    let note = |kind, decision: &Decision| Watch::default().note(kind, decision);
    assert_eq!(note(4, &right), Ok(20));
    assert_eq!(note(5, &mismatch), Ok(20));
    for (kind, wrong) in [
        (5, right),
        (4, mismatch),
        (4, Decision { generation: 20, ..right }),
        (4, Decision { verdict: mismatch.verdict, ..right }),
        (5, Decision { verdict: right.verdict, ..mismatch }),
        (5, Decision { reason: Reason::IpNotAllowed, ..mismatch }),
        (4, Decision::default()),
    ] {
        assert!(note(kind, &wrong).is_err(), "{wrong:?}");
    }
    let mut watch = Watch::default();
    assert_eq!(watch.note(4, &right), Ok(20));
    gate.swap(policy(12));
    let older = sender.whole(&gate);
    assert!(watch.note(4, &older).is_err(), "it went back");
}

#[test]
fn a_policy_that_is_kept_is_noticed() {
    let (kept, dropped) = (policy(1), policy(2));
    let weak = [Arc::downgrade(&kept), Arc::downgrade(&dropped)];
    assert_eq!(alive(&weak), 2);
    drop(dropped);
    assert_eq!(alive(&weak), 1);
    drop(kept);
    assert_eq!(alive(&weak), 0);
}

/// A stream ends under the policy under which it began, and keeps it that long.
#[test]
fn a_stream_keeps_its_policy() {
    let (gate, sender) = (Gate::new(policy(1)), Sender::new(1));
    let old = Arc::downgrade(&gate.policy());
    let (stream, decided) = sender.begin(&gate);
    assert_eq!(decided, None);
    drop(gate.swap(policy(2)));
    assert_eq!(sender.whole(&gate).reason, Reason::SigMismatch);
    assert_eq!(alive(std::slice::from_ref(&old)), 1);
    let decision = end(stream);
    assert_eq!((decision.reason, decision.generation), (Reason::Ok, 2));
    assert_eq!(alive(&[old]), 0);
}

/// A stream whose request was denied, or which has ended, or never began, lets nothing pass.
#[test]
fn a_stream_is_for_one_request() {
    let (gate, right) = (Gate::new(policy(1)), Sender::new(1));
    let mut denied = gate.stream();
    let decided = denied.begin(b"hook", &from_kind(1, &[], Body::Streamed), NOW);
    assert_eq!(decided.map(|decision| decision.reason), Some(Reason::MissingSignature));
    assert!(!end(denied).allows());
    assert!(!end(gate.stream()).allows());

    let (mut ended, _) = right.begin(&gate);
    assert!(ended.update(BODY));
    assert!(ended.finish(NOW).allows());
    assert!(!ended.finish(NOW).allows());
    assert!(!ended.update(BODY));
}

/// A stream is begun once. Whatever the second request is, neither of the two passes.
#[test]
fn a_stream_that_is_begun_again_denies() {
    let (gate, right) = (Gate::new(policy(1)), Sender::new(1));
    for second in [&right.headers()[..], &Sender::new(2).headers(), &[]] {
        let (mut stream, decided) = right.begin(&gate);
        assert_eq!(decided, None);
        let decided = stream.begin(b"hook", &from_kind(1, second, Body::Streamed), NOW);
        assert!(decided.is_some_and(|decision| !decision.allows()), "the second passes the head");
        assert!(!end(stream).allows(), "the first passes after the second was denied");
    }
}

/// A policy with one Basic user, who has `limit` requests an hour and is in this state.
fn limited(limit: u64, state: &str) -> Arc<Policy> {
    load(&format!(
        r#"{{
          "tollgate": 1, "environment": "production",
          "routes": {{
            "status": {{
              "max_body": 0, "credentials": ["basic"],
              "rates": [
                {{ "name": "a", "per": "credential", "limit": {limit}, "period_s": 3600 }}
              ]
            }}
          }},
          "credentials": [{{
            "id": "merchant", "state": "{state}",
            "basic": {{ "user": "Aladdin", "passphrase": {{ "text": "open sesame" }} }}
          }}]
        }}"#
    ))
}

/// Limits are not part of a policy: they go on when it is swapped. A credential that the new
/// policy revokes is denied from the next request on.
#[test]
fn limits_survive_a_swap_and_revoked_credentials_do_not() {
    let words = size_words(8, 8).unwrap();
    let memory: &'static [AtomicU64] =
        (0..words).map(|_| AtomicU64::new(0)).collect::<Vec<_>>().leak();
    init(memory, 8, 8, *b"sixteen octets !").unwrap();
    let gate = Gate::new(limited(3, "active"));
    gate.attach(Table::attach(memory).unwrap()).unwrap();
    let headers = [Header { name: b"Authorization", value: b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" }];
    let request = from_kind(0, &headers, Body::Whole(b""));
    let ask = || gate.verify(b"status", &request, NOW).reason;
    assert_eq!([ask(), ask()], [Reason::Ok; 2]);
    drop(gate.swap(limited(3, "active")));
    assert_eq!([ask(), ask()], [Reason::Ok, Reason::RateLimited]);
    drop(gate.swap(limited(3, "revoked")));
    assert_eq!(ask(), Reason::Revoked);
    drop(gate.swap(limited(3, "active")));
    assert_eq!(ask(), Reason::RateLimited);
}
