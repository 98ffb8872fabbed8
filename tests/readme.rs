//! The README says what is true: its table of reasons is the code's, its policy loads, its C
//! example is the file that ships and compiles. (Its Rust example is a documentation test.)

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use tollgate::decision::{Group, Reason};
use tollgate::policy::{Policy, SecretBytes, SecretSource, Source};

const BEGIN: &str = "<!-- reasons: made by `UPDATE_README=1 cargo test --test readme` -->\n";
const END: &str = "<!-- end of reasons -->";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The first fenced block of a language.
fn block(text: &str, language: &str) -> String {
    let (_, after) =
        text.split_once(&format!("```{language}\n")).expect("the README has the block");
    after.split_once("```").unwrap().0.to_owned()
}

fn reasons() -> String {
    let mut table = String::from(
        "| number | reason | HTTP | the caller is told | meaning |\n|---|---|---|---|---|\n",
    );
    for reason in Reason::ALL.iter().filter(|reason| reason.group() != Group::Undecided) {
        let told = match reason.group() {
            Group::Pass => "",
            Group::State | Group::Authorization => "the same, once the secret is proved",
            _ if reason.public_name() == reason.name() => "the same",
            _ => reason.public_name(),
        };
        let (number, name) = (reason.number(), reason.name());
        table += &format!(
            "| {number} | `{name}` | {} | {told} | {} |\n",
            reason.http_status(),
            reason.text()
        );
    }
    table
}

#[test]
fn the_table_of_reasons_is_the_one_in_the_code() {
    let text = readme();
    let (before, rest) = text.split_once(BEGIN).expect("the README has the marks");
    let (table, after) = rest.split_once(END).expect("the README has the marks");
    if env::var_os("UPDATE_README").is_some() {
        fs::write(
            root().join("README.md"),
            format!("{before}{BEGIN}\n{}\n{END}{after}", reasons()),
        )
        .unwrap();
        return;
    }
    let stale = "stale: UPDATE_README=1 cargo test --test readme";
    assert!(table.trim() == reasons().trim(), "{stale}");
}

/// Gives one secret for every reference.
struct OneSecret;

impl SecretSource for OneSecret {
    fn env(&self, _: &str) -> Result<SecretBytes, String> {
        Ok(SecretBytes::new(b"a passphrase of thirty-two bytes".to_vec()))
    }

    fn file(&self, _: &str) -> Result<SecretBytes, String> {
        self.env("")
    }
}

#[test]
fn the_policy_loads_and_is_short() {
    let document = block(&readme(), "json");
    let loaded = Policy::load(&Source::new(document.as_bytes(), "README.md", &OneSecret));
    let policy = loaded.unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!((policy.environment(), policy.credential_count()), ("production", 1));
    assert!(document.lines().count() < 30, "a policy with one credential is under 30 lines");
}

#[test]
fn the_c_example_is_the_one_that_ships_and_compiles() {
    let example = block(&readme(), "c");
    let file = root().join("bindings/c/example.c");
    assert_eq!(
        example,
        fs::read_to_string(&file).unwrap(),
        "README.md and bindings/c/example.c differ"
    );
    assert!(example.lines().count() <= 40);
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"];
    let run = Command::new(&compiler).args(flags).arg(root().join("include")).arg(&file).output();
    let output = run.unwrap_or_else(|error| panic!("{compiler}: {error}; install gcc"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
