//! Giving the requests of a row to a gate: whole, and with the body in pieces.

use core::net::{IpAddr, Ipv6Addr};
use core::sync::atomic::AtomicU64;
use std::collections::HashMap;
use std::sync::Arc;

use tollgate::decision::Decision;
use tollgate::gate::Gate;
use tollgate::limit::{Table, init, replay, size_words};
use tollgate::policy::Policy;
use tollgate::request::{Body, Header, Now};

use super::vectors::{self, Row, Step};

/// How the body gets to the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Whole,
    /// In pieces of so many bytes.
    Pieces(usize),
    /// In one piece that is there from the beginning.
    There,
}

impl Mode {
    pub(crate) const ALL: [Mode; 5] =
        [Mode::Whole, Mode::Pieces(1), Mode::Pieces(7), Mode::Pieces(usize::MAX), Mode::There];
}

/// A decision, and whether it was made before the body was read, where that is told.
pub(crate) struct Answer {
    pub(crate) decision: Decision,
    pub(crate) by_head: Option<bool>,
}

/// The policies of the table by name, each loaded once.
#[derive(Default)]
pub(crate) struct Policies(HashMap<String, Arc<Policy>>);

impl Policies {
    pub(crate) fn get(&mut self, name: &str) -> Arc<Policy> {
        let load = || Arc::new(vectors::policy(name));
        Arc::clone(self.0.entry(name.to_owned()).or_insert_with(load))
    }
}

/// A new gate for the row, with as much memory as the row has. The gate begins with another policy,
/// because replay memory may forget too soon for a route of this one.
pub(crate) fn gate(row: &Row, policies: &mut Policies) -> Gate {
    let gate = Gate::new(policies.get("webhooks"));
    if let Some((credentials, addresses)) = row.memory {
        gate.attach(memory(credentials, addresses)).unwrap();
    }
    if let Some((messages, window_s)) = row.replay {
        gate.attach_replay(replay_memory(messages, window_s)).unwrap();
    }
    drop(gate.swap(policies.get(&row.policy)));
    gate
}

/// Memory for limits; it lives as long as the test.
pub(crate) fn memory(credentials: usize, addresses: usize) -> Table<'static> {
    let words = words(size_words(credentials, addresses).unwrap());
    init(words, credentials, addresses, *b"decision table !").unwrap();
    Table::attach(words).unwrap()
}

/// Replay memory; it lives as long as the test.
fn replay_memory(messages: usize, window_s: u64) -> replay::Memory<'static> {
    let words = words(replay::size_words(messages).unwrap());
    replay::init(words, messages, window_s * 1000, *b"decision table !").unwrap();
    replay::Memory::attach(words).unwrap()
}

fn words(count: usize) -> &'static [AtomicU64] {
    let words: Vec<AtomicU64> = (0..count).map(|_| AtomicU64::new(0)).collect();
    words.leak()
}

/// Gives every repetition of a step to the gate, and its answers to `visit`.
pub(crate) fn step(gate: &Gate, step: &Step, mode: Mode, mut visit: impl FnMut(&Answer)) {
    let headers = step.request.headers();
    for repetition in 0..step.times {
        let answer = once(gate, step, &headers, mode, repetition);
        visit(&answer);
        settle(gate, step, &answer.decision);
    }
}

/// What the host does with a message: the claim stands, once.
pub(crate) fn settle(gate: &Gate, step: &Step, decision: &Decision) {
    let settle = match step.then.as_deref() {
        Some("confirm") => Gate::confirm,
        Some("release") => Gate::release,
        _ => return,
    };
    let claim = decision.claim.unwrap();
    assert!(settle(gate, &claim) && !settle(gate, &claim));
}

pub(crate) fn once(
    gate: &Gate,
    step: &Step,
    headers: &[Header<'_>],
    mode: Mode,
    repetition: u64,
) -> Answer {
    let wire = &step.request;
    let mut now = wire.now;
    now.monotonic_ns += step.monotonic_plus * repetition;
    let peer = wire.peer.map(|peer| moved(peer, step.peer_plus * u128::from(repetition)));
    let route = step.route.as_bytes();
    let whole = if mode == Mode::Whole { Body::Whole(&wire.body) } else { Body::Streamed };
    let request = tollgate::request::Request { peer, ..wire.request(headers, whole) };
    let size = match mode {
        Mode::Whole => {
            return Answer { decision: gate.verify(route, &request, now), by_head: None };
        }
        // It has no time to come in.
        Mode::There if step.finish_after_ms == 0 => {
            let decision = gate.verify_streamed(route, &request, &wire.body, now);
            return Answer { decision, by_head: None };
        }
        Mode::There => usize::MAX,
        Mode::Pieces(size) => size,
    };
    let mut stream = gate.stream();
    if let Some(decision) = stream.begin(route, &request, now) {
        return Answer { decision, by_head: Some(true) };
    }
    // A host stops reading when it is told that the request is lost.
    let size = size.min(wire.body.len().max(1));
    let _all = wire.body.chunks(size).all(|piece| stream.update(piece));
    let decision = stream.finish(later(now, step.finish_after_ms));
    Answer { decision, by_head: Some(false) }
}

fn moved(peer: IpAddr, by: u128) -> IpAddr {
    match peer {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() + by).into(),
        IpAddr::V4(_) => peer,
    }
}

fn later(now: Now, ms: i64) -> Now {
    Now { unix_ms: now.unix_ms.checked_add_signed(ms).unwrap(), ..now }
}
