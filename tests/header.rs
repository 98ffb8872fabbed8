//! The C headers that are committed are those that the sources give, and so is the list of what
//! the library exports. `UPDATE_HEADER=1 cargo test --features header --test header` writes them.

#![cfg(feature = "header")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

extern crate alloc;

use alloc::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

/// The headers as they were generated from the sources just now.
const FULL: &str = include_str!(concat!(env!("OUT_DIR"), "/tollgate.h"));
const FLAT: &str = include_str!(concat!(env!("OUT_DIR"), "/tollgate-flat.h"));

/// The functions of a header: every name before a bracket that is not called in a comment, a
/// macro or a body.
fn functions(header: &str) -> BTreeSet<&str> {
    let declared = header.lines().filter_map(|line| line.split_once('('));
    let code = declared.filter(|(before, _)| {
        !before.starts_with([' ', '#', '/', '*']) && !before.starts_with("static inline")
    });
    code.filter_map(|(before, _)| before.rsplit([' ', '*']).next()).collect()
}

fn symbols() -> String {
    functions(FULL).into_iter().map(|name| format!("{name}\n")).collect()
}

fn is_current(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include").join(name);
    if env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&path, generated).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "include/{name} is stale: `make header` writes it");
}

#[test]
fn the_header_is_current() {
    is_current("tollgate.h", FULL);
}

#[test]
fn the_flat_header_is_current() {
    is_current("tollgate-flat.h", FLAT);
}

#[test]
fn the_list_of_symbols_is_current() {
    is_current("tollgate.symbols", &symbols());
}

#[test]
fn the_headers_declare_the_same_functions() {
    assert!(functions(FULL).contains("tollgate_check_abi"), "{:?}", functions(FULL));
    assert_eq!(functions(FULL), functions(FLAT));
}

/// Whether a word is a name that a C program could clash with.
fn is_foreign(word: &str) -> bool {
    let ours = word.starts_with("tollgate_") || word.starts_with("TOLLGATE_");
    !ours && word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}

#[test]
fn every_name_has_the_prefix() {
    let foreign = FLAT.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let foreign: Vec<_> =
        foreign.filter(|word| word.chars().any(char::is_alphabetic) && is_foreign(word)).collect();
    assert_eq!(foreign, Vec::<&str>::new());
    let types = FLAT.lines().filter_map(|line| line.strip_prefix("} "));
    let opaque = FLAT.lines().filter_map(|line| line.strip_prefix("typedef struct "));
    for name in types.chain(opaque.filter(|line| line.ends_with(';'))) {
        assert!(name.starts_with("tollgate_"), "{name}");
    }
    for name in functions(FULL) {
        assert!(name.starts_with("tollgate_"), "{name}");
    }
}

#[test]
fn the_flat_header_has_nothing_for_a_preprocessor() {
    for mark in ["#", "/*", "//", "TOLLGATE_API", "TOLLGATE_MUST_USE", "inline"] {
        assert!(!FLAT.contains(mark), "{mark}");
    }
}
