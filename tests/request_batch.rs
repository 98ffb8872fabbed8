//! Many requests in one call get the decisions of one call after the other: every request of the
//! table of bad inputs, in batches of every size and in random order, repetitions included, so that
//! messages come twice, rate limits are used up and addresses are throttled inside of a batch.
#![cfg(feature = "std")]
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

use std::collections::BTreeMap;

use run::Policies;
use tollgate::decision::{Decision, Reason};
use tollgate::gate::Gate;
use tollgate::request::{Body, Header};
use tollgate::verify::Question;
use vectors::{Row, Step};

#[path = "decision_table/run.rs"]
#[allow(dead_code, reason = "the table is compared elsewhere; here its requests are used")]
mod run;
#[path = "decision_table/vectors.rs"]
#[allow(dead_code, reason = "the table is compared elsewhere; here its requests are used")]
mod vectors;

/// The sizes of batches; requests are worked on in groups.
const MOST: usize = 40;
const GROUP: usize = 16;

/// A body that raises the mean of its group beyond 1 KiB.
static LONG: [u8; 1024 * GROUP] = [b' '; 1024 * GROUP];

/// Numbers that look random and are the same on every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

/// A request of the table, ready to be asked about.
struct Ready<'t> {
    step: &'t Step,
    headers: Vec<Header<'t>>,
    streamed: bool,
}

impl Ready<'_> {
    fn question(&self) -> Question<'_> {
        let wire = &self.step.request;
        let body = if self.streamed { Body::Streamed } else { Body::Whole(&wire.body) };
        let request = wire.request(&self.headers, body);
        Question { route: self.step.route.as_bytes(), request, now: wire.now }
    }
}

/// The requests of the rows that have the same policy and as much memory, with one of the rows.
fn groups(rows: &[Row]) -> Vec<(&Row, Vec<Ready<'_>>)> {
    let mut groups = BTreeMap::new();
    for row in rows {
        let key = (&row.policy, row.memory, row.replay);
        let (_, all) = groups.entry(key).or_insert_with(|| (row, Vec::new()));
        for (at, step) in row.steps.iter().enumerate() {
            let headers = step.request.headers();
            // A few as if a host had mixed its entries up: their body is not there.
            all.push(Ready { step, headers, streamed: at == 0 && row.shows.len() % 16 == 0 });
        }
    }
    groups.into_values().collect()
}

/// The decisions of one call after the other.
fn singly(gate: &Gate, questions: &[Question<'_>]) -> Vec<Decision> {
    questions.iter().map(|it| gate.verify(it.route, &it.request, it.now)).collect()
}

/// The decisions of one call for all.
fn together(gate: &Gate, questions: &[Question<'_>]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    gate.verify_batch(questions, &mut |index, decision| {
        assert_eq!(index, decisions.len());
        decisions.push(*decision);
    });
    decisions
}

/// Compares the decisions of one call after the other with those of one call for all.
type Compare<'c> = &'c mut dyn FnMut(&Row, &[Decision], &[Decision]);

/// Gives random batches of every size to a gate and, one by one, to another, both from the
/// beginning, and both the decisions to `compare`.
fn compare_all(compare: Compare<'_>) {
    let table = vectors::table();
    let mut policies = Policies::default();
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for (row, all) in groups(&table.rows) {
        for round in 0..4 {
            let mut gates = [run::gate(row, &mut policies), run::gate(row, &mut policies)];
            for turn in 0..MOST {
                // Every size comes once in a round, and new gates come often.
                let size = 1 + (turn * 7 + round) % MOST;
                if turn % 4 == 0 {
                    gates = [run::gate(row, &mut policies), run::gate(row, &mut policies)];
                }
                // Few different ones in some batches, so that they come again.
                let few = 1 + noise.below(if turn % 2 == 0 { 6 } else { all.len() });
                let few: Vec<usize> = (0..few).map(|_| noise.below(all.len())).collect();
                let batch = (0..size).map(|_| all[few[noise.below(few.len())]].question());
                let mut batch: Vec<_> = batch.collect();
                // MACs are computed together where the bodies are long: in half of the batches one
                // of each group is, which makes up for the others.
                for group in batch.chunks_mut(GROUP).filter(|_| turn % 2 == round % 2) {
                    group[noise.below(group.len())].request.body = Body::Whole(&LONG);
                }
                let [one, other] = &gates;
                compare(row, &singly(one, &batch), &together(other, &batch));
            }
        }
    }
}

#[test]
fn a_batch_gets_the_decisions_of_one_call_after_the_other() {
    let (mut decisions, mut batches) = (0, 0);
    let mut within: BTreeMap<&str, usize> = BTreeMap::new();
    compare_all(&mut |row, wanted, given| {
        assert_eq!(wanted.len(), given.len());
        for (at, (wanted, given)) in wanted.iter().zip(given).enumerate() {
            assert_eq!(wanted, given, "{}, number {at} of a batch", row.policy);
        }
        batches += 1;
        decisions += given.len();
        // What became of it only because of something earlier in the same batch.
        for later in given.iter().skip_while(|decision| !decision.allows()) {
            *within.entry(later.reason.name()).or_default() += 1;
        }
    });
    println!("{batches} batches, {decisions} decisions, behind one that passed: {within:?}");
    for reason in [Reason::Replayed, Reason::RateLimited, Reason::AuthThrottled] {
        assert!(within[reason.name()] > 100, "{reason:?}");
    }
}

/// The control: batches in another order do not get the same.
#[test]
fn another_order_is_seen() {
    let mut different: BTreeMap<String, usize> = BTreeMap::new();
    compare_all(&mut |row, wanted, given| {
        let other: Vec<_> = given.iter().rev().collect();
        let same = wanted.iter().eq(other);
        *different.entry(row.policy.clone()).or_default() += usize::from(!same);
    });
    println!("{different:?}");
    assert!(different["replay"] > 50 && different["limits"] > 50 && different["throttle"] > 50);
}

#[test]
fn no_requests_get_no_decisions() {
    let gate = Gate::new(Policies::default().get("merchants"));
    assert!(together(&gate, &[]).is_empty());
}
