//! The examples of the five systems: their policies load, their requests are what the generator
//! makes, and the table beside them has each of them once. What they get is run by
//! `tests/c/systems.c`.
#![cfg(feature = "std")]
#![allow(
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tollgate::decision::Reason;
use tollgate::policy::{NoSecrets, Policy, Source};

const SYSTEMS: [&str; 5] = ["flexiown", "pledg", "onekeypayments", "directa24", "ixopay"];

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The names of the files in a folder that have this ending, without it.
fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

/// The lines of a system's table, as words.
fn rows(system: &str) -> Vec<Vec<String>> {
    let path = examples().join("requests").join(system).join("expected.txt");
    let table = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn the_requests_are_what_the_generator_makes() {
    let script = examples().join("requests/make.py");
    let output = Command::new("python3").arg(script).arg("--check").output();
    let output = output.unwrap_or_else(|error| panic!("this test needs python3: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_policy_loads_and_is_used() {
    let folder = examples().join("policies");
    let policies = names(&folder, ".json");
    for name in &policies {
        let text = fs::read(folder.join(format!("{name}.json"))).unwrap();
        let policy = Policy::load(&Source::new(&text, name, &NoSecrets));
        let policy = policy.unwrap_or_else(|errors| panic!("{name}:\n{errors}"));
        assert!(policy.credential_count() >= 2, "{name}");
    }
    let used =
        SYSTEMS.iter().flat_map(|system| rows(system)).map(|row| row.get(1).unwrap().clone());
    assert_eq!(used.collect::<BTreeSet<_>>(), policies);
}

#[test]
fn every_request_is_in_its_table_and_most_are_bad() {
    assert_eq!(
        names(&examples().join("requests"), ""),
        SYSTEMS.iter().map(|&name| name.to_owned()).chain(["make.py".to_owned()]).collect()
    );
    for system in SYSTEMS {
        let rows = rows(system);
        let listed: BTreeSet<String> =
            rows.iter().map(|row| row.first().unwrap().clone()).collect();
        let files = names(&examples().join("requests").join(system), ".http");
        assert_eq!(listed, files.iter().map(|name| format!("{name}.http")).collect(), "{system}");
        assert_eq!(listed.len(), rows.len(), "{system} has a file twice");
        let bad = rows.iter().filter(|row| row.get(7).unwrap() != "ok").count();
        assert!(rows.len() >= 12 && bad >= 8 && bad < rows.len(), "{system}: {bad} bad");
    }
}

/// Every payment that a row names is stored, and every one that is stored is named.
#[test]
fn every_payment_is_stored_and_used() {
    for system in SYSTEMS {
        let path = examples().join("requests").join(system).join("payments.txt");
        let stored = fs::read_to_string(path).unwrap_or_default();
        let lines = stored.lines().filter(|line| !line.starts_with('#'));
        let stored: BTreeSet<_> =
            lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        let named = rows(system).into_iter().map(|row| row.get(11).unwrap().clone());
        assert_eq!(named.filter(|name| name != "-").collect::<BTreeSet<_>>(), stored, "{system}");
    }
}

/// A reason that is not one could never be met.
#[test]
fn every_reason_has_its_status() {
    for row in SYSTEMS.iter().flat_map(|system| rows(system)) {
        let name = row.get(7).unwrap();
        let reason = Reason::ALL.iter().find(|reason| reason.name() == name);
        let status = reason.unwrap_or_else(|| panic!("{row:?}")).http_status().to_string();
        assert_eq!(row.get(8), Some(&status), "{row:?}");
    }
}
