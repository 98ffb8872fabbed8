//! The bad inputs and what each of them gets: one table, which one loop reads.
//!
//! The table is made by `tests/vectors/make_requests.py`, which shares nothing with the library.
//! Every row is given to a gate whole and with its body in pieces of 1 byte, of 7 and all at once.
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

use core::fmt::Write as _;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Arc;

use tollgate::decision::{Decision, Reason, Verdict};
use tollgate::gate::Gate;

use compare::{differences, public_answer};
use promises::broken_promises;
use run::{Mode, Policies};
use vectors::{Expect, Row, Step, Table};

#[path = "decision_table/compare.rs"]
mod compare;
#[path = "decision_table/promises.rs"]
mod promises;
#[path = "decision_table/run.rs"]
mod run;
#[path = "decision_table/vectors.rs"]
mod vectors;

/// The bad inputs that requests show.
const BY_REQUEST: &str = "H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 \
    B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B13 B14 B15 B16 B17 \
    S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S25 S26 S27 \
    S28 A1 A3 A4 A5 A7 A8 A9 A10 A11 A12 A13 A14 L1 L2 L3 L4 L5 L7 L8 L9 L10 L14 L16 L17 DRY \
    J1 J2 J3 J4 J5 J6 J7 J8 J9 J10 J11 J12 J13 J14 J16 J17 O1 O2 O3 O4 O5 O6 O7 O8 O9 O10 O11 O12";

/// The bad inputs that policy documents show.
const BY_DOCUMENT: &str = "A2 A4 A5 A6 A7 A8 A9 L3 L12 L15 S5 S25 S26 S27 J15";

/// Not in the table. L6 is about a store behind a network, which is not there. L11 and L13 have
/// tests of their own, `tests/token_routes.rs` and `tests/swap.rs`, and most of L14 is shown through
/// the C interface.
const ELSEWHERE: &str = "L6 L11 L13";

#[test]
fn the_table_is_what_the_generator_makes() {
    let script = vectors::folder().join("make_requests.py");
    let output = Command::new("python3").arg(script).arg("--check").output();
    let output = output.unwrap_or_else(|error| panic!("this test needs python3: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_request_gets_its_answer() {
    let Table { rows, .. } = vectors::table();
    let mut policies = Policies::default();
    let mut tally = Tally::default();
    for row in &rows {
        for mode in Mode::ALL {
            tally.row(row, mode, &mut policies);
        }
    }
    tally.compare_alike();
    println!("{} rows, {} decisions, {} of them allow", rows.len(), tally.decisions, tally.allowed);
    for (reason, count) in &tally.reasons {
        println!("{count:>7}  {reason}");
    }
    let Tally { failures, failed, .. } = tally;
    assert!(failures.is_empty(), "{} rows fail:\n{failures}", failed.len());
}

/// What came of the rows so far.
#[derive(Default)]
struct Tally {
    decisions: u64,
    allowed: u64,
    reasons: BTreeMap<&'static str, u64>,
    /// The answers that have to be the same, by tag and mode.
    alike: BTreeMap<String, BTreeSet<String>>,
    failures: String,
    failed: BTreeSet<String>,
}

impl Tally {
    fn row(&mut self, row: &Row, mode: Mode, policies: &mut Policies) {
        let gate = run::gate(row, policies);
        for (place, step) in row.steps.iter().enumerate() {
            let streamed = step.streamed.as_ref().filter(|_| mode != Mode::Whole);
            let expect = streamed.unwrap_or(&step.expect);
            let mut found = Vec::new();
            run::step(&gate, step, mode, |answer| {
                if found.is_empty() {
                    found = differences(expect, answer);
                }
                self.count(row, mode, answer);
            });
            for difference in found {
                self.fail(row, mode, &format!("step {place}: {difference}"));
            }
        }
    }

    fn count(&mut self, row: &Row, mode: Mode, answer: &run::Answer) {
        self.decisions += 1;
        self.allowed += u64::from(answer.decision.allows());
        *self.reasons.entry(answer.decision.reason.name()).or_default() += 1;
        if let Some(tag) = &row.alike {
            let answers = self.alike.entry(format!("{tag} {mode:?}")).or_default();
            answers.insert(public_answer(&answer.decision));
        }
    }

    fn fail(&mut self, row: &Row, mode: Mode, what: &str) {
        let Row { id, shows, .. } = row;
        let _written = writeln!(self.failures, "{id} ({shows}), {mode:?}: {what}");
        self.failed.insert(format!("{id} {shows}"));
    }

    fn compare_alike(&mut self) {
        for (tag, answers) in self.alike.iter().filter(|(_, answers)| answers.len() > 1) {
            let _written =
                writeln!(self.failures, "{tag}: answers can be told apart: {answers:#?}");
            self.failed.insert(tag.clone());
        }
    }
}

#[test]
fn every_bad_input_is_there_and_has_a_good_neighbour() {
    let table = vectors::table();
    let allows = |expect: &Expect| expect.reasons.iter().any(|reason| reason.starts_with("ok"));
    for id in BY_REQUEST.split_whitespace() {
        let steps = table.rows.iter().filter(|row| row.id == id).flat_map(|row| &row.steps);
        let expected: Vec<_> = steps.flat_map(expected).collect();
        assert!(expected.iter().any(|expect| allows(expect)), "{id} has no request that passes");
        assert!(expected.iter().any(|expect| !allows(expect)), "{id} has no bad request");
    }
    for id in BY_DOCUMENT.split_whitespace() {
        let documents = || table.documents.iter().filter(|document| document.id == id);
        assert!(
            documents().any(|document| document.errors.is_empty()),
            "{id} has no good document"
        );
        assert!(
            documents().any(|document| !document.errors.is_empty()),
            "{id} has no bad document"
        );
    }
    let known = [BY_REQUEST, BY_DOCUMENT, ELSEWHERE].join(" ");
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    for id in table.rows.iter().map(|row| &row.id).chain(table.documents.iter().map(|it| &it.id)) {
        assert!(known.contains(id.as_str()), "{id} is in no list");
    }
}

/// What a step expects, whole and streamed.
fn expected(step: &Step) -> impl Iterator<Item = &Expect> {
    core::iter::once(&step.expect).chain(&step.streamed)
}

/// A reason that no row expects would be a reason that no row can hold to its meaning.
#[test]
fn every_reason_is_expected_somewhere() {
    let table = vectors::table();
    let steps = table.rows.iter().flat_map(|row| &row.steps);
    let reasons = steps.flat_map(expected).flat_map(|expect| &expect.reasons);
    let expected: BTreeSet<&str> = reasons.map(String::as_str).collect();
    // Nothing that is asked from outside leads to the first two, and the last one takes several
    // requests at once: tests/password_policy.rs.
    let unreachable = [Reason::None, Reason::Internal, Reason::PasswordBusy].map(Reason::name);
    for reason in Reason::ALL.iter().map(|reason| reason.name()) {
        assert_ne!(expected.contains(reason), unreachable.contains(&reason), "{reason}");
    }
}

/// The row that shows this.
fn showing<'t>(table: &'t mut Table, shows: &str) -> &'t mut Row {
    table.rows.iter_mut().find(|row| row.shows == shows).unwrap()
}

/// The control: an expectation that is wrong in one point is reported.
#[test]
fn a_wrong_expectation_is_reported() {
    let mut table = vectors::table();
    let mut policies = Policies::default();
    for shows in
        ["all are there", "the signature is missing", "it passes where the route tolerates it"]
    {
        let row = showing(&mut table, shows);
        let gate = run::gate(row, &mut policies);
        let step = &row.steps[0];
        run::step(&gate, step, Mode::Pieces(7), |answer| {
            assert_eq!(differences(&step.expect, answer), [""; 0]);
            for wrong in wrong_in_one_point(&step.expect, answer.by_head) {
                assert_eq!(differences(&wrong, answer).len(), 1, "{wrong:?}");
            }
        });
    }
}

fn wrong_in_one_point(right: &Expect, by_head: Option<bool>) -> Vec<Expect> {
    let other = Some(String::from("another"));
    let base = || right.clone();
    vec![
        Expect { reasons: vec![String::from("revoked")], ..base() },
        Expect { status: Some(418), ..base() },
        Expect { header: other.clone(), ..base() },
        Expect { credential: other.clone(), ..base() },
        Expect { generation: Some(99), ..base() },
        Expect { quirks: vec![String::from("another")], ..base() },
        Expect { would_deny: vec![String::from("scope")], ..base() },
        Expect { would_deny_reason: other, ..base() },
        Expect { challenges: Some(vec![String::from("Digest")]), ..base() },
        Expect { retry_after: Some(7), ..base() },
        Expect { lines: Some(vec![String::from("X: y")]), ..base() },
        Expect { head: by_head.map(|by_head| !by_head), ..base() },
        Expect { pending: Some(true), ..base() },
    ]
}

/// The control for what holds of every decision: each of these breaks one promise or more.
#[test]
fn a_broken_promise_is_reported() {
    let denied = |reason: Reason| Decision {
        reason,
        http_status: reason.http_status(),
        challenges: 1,
        retry_after_ms: Some(1),
        authenticated: true,
        ..Decision::default()
    };
    let revoked = denied(Reason::Revoked);
    assert_eq!(broken_promises(&revoked), [""; 0]);
    let limited = denied(Reason::RateLimited);
    assert_eq!(broken_promises(&limited), [""; 0]);
    for broken in [
        Decision::default(),
        Decision { verdict: Verdict::Allow, ..revoked },
        Decision { http_status: 200, ..revoked },
        Decision { challenges: 0, ..revoked },
        Decision { http_status: 403, ..denied(Reason::BadSecret) },
        Decision { authenticated: false, ..denied(Reason::IpNotAllowed) },
        Decision { retry_after_ms: None, ..limited },
        denied(Reason::MethodNotAllowed),
        Decision { verdict: Verdict::Allow, ..denied(Reason::Ok) },
    ] {
        assert_ne!(broken_promises(&broken), [""; 0], "{broken:?}");
    }
}

/// The control for the rows that must look alike.
#[test]
fn answers_that_differ_are_reported() {
    let mut table = vectors::table();
    let mut policies = Policies::default();
    let mut tally = Tally::default();
    for shows in ["User-Agent is missing", "the signature is missing"] {
        let row = showing(&mut table, shows);
        row.alike = Some(String::from("these two"));
        tally.row(row, Mode::Whole, &mut policies);
    }
    assert_eq!(tally.failures, "");
    tally.compare_alike();
    assert!(tally.failures.contains("these two"), "{}", tally.failures);
}

#[test]
fn every_policy_document_gets_its_errors() {
    let Table { documents, .. } = vectors::table();
    let mut failures = String::new();
    for document in &documents {
        let found = match vectors::load_policy(&document.text) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.listed().to_vec(),
        };
        let fits = found.len() == document.errors.len()
            && found.iter().zip(&document.errors).all(|(found, (at, path, says))| {
                let place = format!("{}:{}", found.line, found.column);
                place == *at && found.path == *path && found.message.contains(says.as_str())
            });
        if !fits {
            let vectors::Document { id, shows, errors, .. } = document;
            let _written = writeln!(failures, "{id} ({shows}): {errors:?} but\n  {found:?}");
        }
    }
    println!("{} documents", documents.len());
    assert!(failures.is_empty(), "{failures}");
}

/// L12: half of a document is no policy, and the gate keeps the one that it has.
#[test]
fn a_document_that_is_cut_off_changes_nothing() {
    let whole = std::fs::read_to_string(vectors::folder().join("policies/throttle.json")).unwrap();
    let whole = whole.trim_end();
    let gate = Gate::new(Arc::new(vectors::policy("merchants")));
    for end in 0..whole.len() {
        match vectors::load_policy(&whole[..end]) {
            Ok(policy) => drop(gate.swap(Arc::new(policy))),
            Err(errors) => assert!(!errors.listed().is_empty(), "{end} bytes"),
        }
    }
    assert_eq!(gate.policy().credential_count(), vectors::policy("merchants").credential_count());
    assert!(vectors::load_policy(whole).is_ok());
}
