//! Bad policy documents: each gets all of its errors, at their places, with what to write.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

#[path = "policies/bad.rs"]
mod bad;

use bad::{BAD, BASE};
use tollgate::policy::check_form;

/// The whole error text.
fn errors_of(text: &[u8]) -> String {
    check_form(text).map_or_else(|errors| errors.to_string(), |()| String::from("no error"))
}

#[test]
fn bad_documents_get_all_their_errors_at_their_places() {
    assert_eq!(errors_of(BASE.as_bytes()), "no error");
    for (from, to, expected) in BAD {
        let changed = BASE.replacen(from, to, 1);
        assert_ne!(changed, BASE, "{from} is not in the document");
        let lines: Vec<_> = expected.iter().map(|line| format!("policy.json:{line}")).collect();
        assert_eq!(errors_of(changed.as_bytes()), lines.join("\n"), "{from} -> {to}");
    }
}

const NOT_DOCUMENTS: &[(&[u8], &str)] = &[
    (b"", "1:1: not JSON: EOF while parsing a value; complete the document"),
    (b" \n ", "2:1: not JSON: EOF while parsing a value; complete the document"),
    (b"{}\0", "1:3: not JSON: trailing characters; remove what follows the document"),
    (b"\xEF\xBB\xBF{}", "1:1: a byte order mark stands first; save the file as UTF-8 without it"),
    (b"\xFF\xFE{\0}\0", "1:1: not UTF-8; save the file in UTF-8"),
    (b"{\"a\": \"\xFF\"}", "1:8: not UTF-8; save the file in UTF-8"),
    (b"{\n\"\xC3\xA9\":\"\xC3", "2:6: not UTF-8; save the file in UTF-8"),
    (
        b"[]",
        r#"1:1: an array cannot stand here; write an object with "tollgate", "environment", "routes" and "credentials""#,
    ),
    (
        b"\n null",
        r#"2:2: null cannot stand here; write an object with "tollgate", "environment", "routes" and "credentials""#,
    ),
];

#[test]
fn what_is_no_document_gets_one_error() {
    for (bytes, expected) in NOT_DOCUMENTS {
        assert_eq!(errors_of(bytes), format!("policy.json:{expected}"), "{bytes:?}");
    }
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let too_deep = "policy.json:1:33: more than 32 levels of objects and arrays; write fewer";
    assert_eq!(errors_of(nested(33).as_bytes()), too_deep);
    assert_eq!(errors_of(nested(1_000_000).as_bytes()), too_deep);
    assert!(errors_of(nested(32).as_bytes()).starts_with("policy.json:1:1: an array cannot"));
}

#[test]
fn length_is_limited() {
    let mut text = include_str!("policies/least.json").as_bytes().to_vec();
    text.resize(1 << 20, b' ');
    assert_eq!(errors_of(&text), "no error");
    // To read as much as may be would take long; what is longer is not read at all.
    text.resize((1 << 30) + 1, b' ');
    let too_long = "policy.json:1:1: the document is longer than 1073741824 bytes; write less";
    assert_eq!(errors_of(&text), too_long);
}

/// Half a policy is no policy, wherever it was cut.
#[test]
fn every_proper_prefix_of_a_policy_is_refused() {
    for text in [include_str!("policies/small.json"), include_str!("policies/full.json")] {
        let text = text.trim_end().as_bytes();
        check_form(text).unwrap();
        for length in 0..text.len() {
            assert!(check_form(&text[..length]).is_err(), "the first {length} bytes pass");
        }
    }
}

/// The smallest policy with these credentials.
fn with_credentials(credentials: &str) -> String {
    let least = include_str!("policies/least.json");
    least.replace(r#""credentials":[]"#, &format!(r#""credentials":[{credentials}]"#))
}

/// However the member is written that has the credentials, and whatever it is.
#[test]
fn credentials_are_found_and_their_errors_placed() {
    let least = include_str!("policies/least.json");
    let nothing = (r#""credentials":[]"#, "no error");
    let twice = "the member stands twice in this object; keep one of them";
    let no_array = "write an array";
    let no_object = "cannot stand here; write an object";
    for (written, expected) in [
        nothing,
        (r#""credentials" : [ ] "#, nothing.1),
        (r#""\u0063redentials":[]"#, nothing.1),
        (r#""credentials":7"#, no_array),
        (r#""credentials":-1.5e3"#, no_array),
        (r#""credentials":null"#, no_array),
        (r#""credentials":true"#, no_array),
        (r#""credentials":"\u0041]""#, no_array),
        (r#""credentials":{"credentials":[{}]}"#, no_array),
        (r#""credentials":[[{"id":"]"}]]"#, no_object),
        (r#""credentials":["]", "\"}"]"#, no_object),
        (r#""credentials":[],"credentials":[1]"#, twice),
        (r#""credentials":{},"credentials":[{}]"#, twice),
        (r#""credentials":[{}],"\u0063redentials":{}"#, twice),
        (r#""credentials":[{},]"#, "not JSON: "),
        (r#""credentials":[{} {}]"#, "not JSON: "),
        (r#""credentials":[{}"#, "not JSON: "),
        (r#""credentials":[{"id":}]"#, "not JSON: "),
        (r#""credentials":1e999"#, "not JSON: "),
    ] {
        assert!(least.contains(nothing.0));
        let errors = errors_of(least.replace(nothing.0, written).as_bytes());
        assert!(errors.contains(expected), "{written}: {errors}");
    }
}

#[test]
fn the_first_hundred_errors_are_listed_and_the_rest_counted() {
    for (count, unlisted) in [(1, 0), (100, 0), (101, 1), (5000, 4900)] {
        let text = with_credentials("\n{},".repeat(count).trim_end_matches(','));
        let errors = check_form(text.as_bytes()).unwrap_err();
        assert_eq!(errors.listed().len(), count.min(100));
        assert_eq!(errors.unlisted(), unlisted);
        for (index, error) in errors.listed().iter().enumerate() {
            assert_eq!((error.line, error.column), (index + 2, 1));
            assert_eq!(error.path, format!("credentials[{index}]"));
        }
        let more = format!("\nand {unlisted} more");
        assert_eq!(errors.to_string().ends_with(&more), unlisted > 0);
    }
}

#[test]
fn errors_name_the_file() {
    let errors = check_form(b"{").unwrap_err().in_file("conf/gate.json");
    let said = "conf/gate.json:1:1: not JSON: EOF while parsing an object; complete the document";
    assert_eq!(errors.to_string(), said);
}

/// Nothing in a message ends the line or moves the cursor of a terminal.
#[test]
fn names_from_the_document_are_escaped() {
    let errors = errors_of(br#"{"tollgate\n\u001b[31m": 1, "\u202e": 2}"#);
    assert_eq!(errors.lines().count(), 6, "{errors}");
    assert!(errors.chars().all(|letter| letter == '\n' || !letter.is_control()));
    assert!(!errors.contains('\u{202e}'));
}

/// The text of a value could be a secret that was put in the wrong place.
#[test]
fn texts_from_the_document_are_not_repeated() {
    for at in ["api_key", "networks", "state", "secrets", "basic", "scopes"] {
        let secret = r#"{"sha256": "correct horse"}"#;
        let text = with_credentials(&format!(r#"{{"id": "correct horse", "{at}": {secret}}}"#));
        let errors = errors_of(text.as_bytes());
        assert!(errors.contains(&format!("credentials[0].{at}")), "{errors}");
        assert!(!errors.contains("horse"), "{errors}");
    }
}

#[test]
fn ten_thousand_credentials_are_read_quickly() {
    let credential = |number: usize| {
        let basic = format!(r#"{{"user": "u{number}", "passphrase": {{"env": "P"}}}}"#);
        let secret = r#"{"generation": 1, "key": {"env": "KEY"}}"#;
        format!(r#"{{"id": "m{number}", "basic": {basic}, "secrets": [{secret}]}}"#)
    };
    let all: Vec<_> = (0..10_000).map(credential).collect();
    let text = with_credentials(&all.join(",\n"));
    let begun = std::time::Instant::now();
    check_form(text.as_bytes()).unwrap();
    println!("{} bytes with 10000 credentials: {:?}", text.len(), begun.elapsed());
}
