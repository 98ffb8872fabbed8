//! The committed JSON Schema is the one that the code renders, and an independent validator says
//! of documents what the reader says.

#![cfg(feature = "std")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

use jsonschema::Validator;
use serde_json::{Value, json};
use tollgate::decision::Check;
use tollgate::policy::{JSON_SCHEMA, check_form, render_schema};

const SCHEMA_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/policy.schema.json");

const GOOD: [(&str, &str); 4] = [
    ("least", include_str!("policies/least.json")),
    ("small", include_str!("policies/small.json")),
    ("full", include_str!("policies/full.json")),
    ("passwords", include_str!("policies/passwords.json")),
];

/// `UPDATE_SCHEMA=1` writes the file anew.
#[test]
fn the_committed_schema_is_the_rendered_one() {
    let rendered = render_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA_FILE, &rendered).unwrap();
    }
    assert!(
        std::fs::read_to_string(SCHEMA_FILE).unwrap() == rendered,
        "{SCHEMA_FILE} is stale; run this test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn the_schema_is_a_schema_of_its_draft() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn every_check_that_can_run_dry_has_its_word() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let dry_run = &schema["$defs"]["route"]["properties"]["dry_run"];
    let words: Vec<_> = Check::ALL.iter().map(|(_, word)| *word).collect();
    assert_eq!(dry_run["items"]["enum"], json!(words));
    assert_eq!(dry_run["maxItems"], json!(words.len()));
}

fn validator() -> Validator {
    jsonschema::validator_for(&serde_json::from_str(JSON_SCHEMA).unwrap()).unwrap()
}

#[test]
fn good_documents_satisfy_the_schema_and_the_reader() {
    let validator = validator();
    for (name, text) in GOOD {
        let document: Value = serde_json::from_str(text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
        assert_eq!(errors, [""; 0], "{name}");
        check_form(text.as_bytes()).unwrap_or_else(|errors| panic!("{name}:\n{errors}"));
    }
}

/// Puts `value` at the JSON pointer, or takes away what is there.
fn mutate(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/");
    match (document.pointer_mut(parent).expect(pointer), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(last, value)),
        (Value::Object(members), None) => drop(members.remove(&last).expect(pointer)),
        (Value::Array(items), Some(value)) if last == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[last.parse::<usize>().unwrap()] = value,
        (Value::Array(items), None) => drop(items.remove(last.parse().unwrap())),
        _ => panic!("{pointer} leads nowhere"),
    }
}

/// One change to the full document, and whether the result is still of the form.
struct Mutation(&'static str, Option<Value>, bool);

fn mutations() -> Vec<Mutation> {
    const BAD: bool = false;
    const GOOD: bool = true;
    let put = |pointer, value, good| Mutation(pointer, Some(value), good);
    let cut = |pointer, good| Mutation(pointer, None, good);
    let r = |number: u64| json!({"name": "r", "per": "address", "limit": number, "period_s": 1});
    vec![
        put("/tollgate", json!(2), BAD),
        put("/tollgate", json!("1"), BAD),
        cut("/tollgate", BAD),
        cut("/environment", BAD),
        cut("/realm", GOOD),
        cut("/routes", BAD),
        cut("/credentials", BAD),
        cut("/schemes", GOOD),
        cut("/limits", GOOD),
        cut("/failures", GOOD),
        put("/extra", json!(1), BAD),
        put("/environment", json!("Production"), BAD),
        put("/environment", json!(""), BAD),
        put("/environment", json!("a".repeat(32)), GOOD),
        put("/environment", json!("a".repeat(33)), BAD),
        put("/realm", json!("Zahlungen für dich"), BAD),
        put("/realm", json!("line\nbreak"), BAD),
        put("/realm", json!("ends\n"), BAD),
        put("/$schema", json!(7), BAD),
        put("/hosts", json!([]), GOOD),
        put("/hosts", json!(null), BAD),
        put("/hosts/0", json!("api..example.com"), BAD),
        put("/hosts/0", json!("api.example.com:"), BAD),
        put("/hosts/0", json!("api.example.com:123456"), BAD),
        put("/hosts/0", json!("https://api.example.com"), BAD),
        put("/hosts/0", json!("[::1]"), GOOD),
        put("/hosts/0", json!("[]:80"), BAD),
        put("/hosts/0", json!("::1"), BAD),
        put("/hosts/0", json!("localhost"), BAD),
        put("/trusted_hops", json!(""), BAD),
        put("/trusted_hops", json!("any"), GOOD),
        put("/trusted_hops", json!(7), BAD),
        put("/limits/headers", json!(0), BAD),
        put("/limits/headers", json!(129), BAD),
        put("/limits/headers", json!(128), GOOD),
        put("/limits/headers", json!(-1), BAD),
        put("/limits/headers", json!(1.5), BAD),
        put("/limits/hop", json!(1), BAD),
        put("/failures/limit", json!(0), BAD),
        put("/failures/period_s", json!(0), BAD),
        cut("/failures/burst", GOOD),
        cut("/failures/limit", BAD),
        put("/schemes", json!({}), GOOD),
        put("/schemes/Upper", json!({}), BAD),
        put("/schemes/own-github/algorithm", json!("hmac-sha1"), BAD),
        put("/schemes/own-github/key", json!("utf8"), BAD),
        put("/schemes/own-github/carrier", json!({}), BAD),
        put("/schemes/own-github/carrier", json!({"header": "a", "query": "b"}), BAD),
        put("/schemes/own-github/carrier", json!({"query": "b"}), GOOD),
        put("/schemes/own-github/carrier", json!({"header": "a b"}), BAD),
        put("/schemes/own-github/locator", json!("prefix"), BAD),
        put("/schemes/own-github/locator", json!({"prefix": ""}), BAD),
        put("/schemes/own-github/parts", json!([]), BAD),
        put("/schemes/own-github/parts", json!(vec!["body"; 17]), BAD),
        put("/schemes/own-github/parts", json!(["uri"]), BAD),
        put("/schemes/own-github/parts", json!([{"url": "ftp://a"}]), BAD),
        put("/schemes/own-github/parts", json!([{"url": "https://"}]), BAD),
        put("/schemes/own-github/parts", json!([{"url": "http://a"}]), BAD),
        put("/schemes/own-github/parts", json!([{"literal": ""}]), BAD),
        put("/schemes/own-stripe/locator/pairs/separator", json!(",,"), BAD),
        put("/schemes/own-stripe/locator/pairs/separator", json!("\t"), BAD),
        put("/schemes/own-stripe/timestamp/header", json!("X-Date"), BAD),
        put("/schemes/own-stripe/timestamp/past_s", json!(604_801), BAD),
        cut("/schemes/own-stripe/timestamp/format", BAD),
        cut("/schemes/own-stripe/timestamp/label", BAD),
        put("/schemes/own-stripe/max_candidates", json!(9), BAD),
        put("/routes", json!({}), BAD),
        put("/routes/two words", json!({"max_body": 1, "credentials": ["basic"]}), BAD),
        put("/routes/two-words", json!({"max_body": 1, "credentials": ["basic"]}), GOOD),
        cut("/routes/webhook/max_body", BAD),
        cut("/routes/webhook/credentials", BAD),
        put("/routes/webhook/max_body", json!(1_073_741_825u64), BAD),
        put("/routes/webhook/max_body", json!("64 kB"), BAD),
        put("/routes/webhook/https", json!("yes"), BAD),
        put("/routes/webhook/methods", json!([]), BAD),
        put("/routes/webhook/methods", json!(["GET", "GET"]), BAD),
        put("/routes/webhook/media_type", json!("application/json; charset=utf-8"), BAD),
        put("/routes/webhook/media_type", json!("Application/JSON"), BAD),
        put("/routes/webhook/media_type", json!("application"), BAD),
        put("/routes/webhook/media_type", json!("application/vnd.api+json"), GOOD),
        put("/routes/webhook/content_encodings", json!(["GZIP"]), BAD),
        put("/routes/webhook/credentials", json!([]), BAD),
        put("/routes/webhook/credentials", json!(["digest"]), BAD),
        put("/routes/webhook/credentials", json!(["basic", "basic"]), BAD),
        put("/routes/webhook/credentials/-", json!({"fixed": "github"}), BAD),
        put("/routes/webhook/credentials", json!([{"body": {"user": "x"}}]), BAD),
        put("/routes/webhook/network", json!(true), GOOD),
        put("/routes/webhook/network", json!("optional"), BAD),
        put("/routes/webhook/scope", json!("a b"), BAD),
        put("/routes/webhook/scope", json!("a\"b"), BAD),
        put("/routes/webhook/rates", json!([r(1), r(2), r(3), r(4)]), GOOD),
        put("/routes/webhook/rates", json!([r(1), r(2), r(3), r(4), r(5)]), BAD),
        put("/routes/webhook/rates", json!([r(0)]), BAD),
        put("/routes/webhook/rates", json!([r(1_000_001)]), BAD),
        put("/routes/webhook/dry_run", json!(["everything"]), BAD),
        put("/routes/webhook/replay", json!({}), GOOD),
        put("/routes/webhook/replay", json!("once"), BAD),
        put("/routes/cashout.v3/replay/window_s", json!(0), BAD),
        put("/routes/cashout.v3/replay/window_s", json!(2_678_401), BAD),
        put("/routes/cashout.v3/replay/lease_s", json!(0), BAD),
        put("/routes/cashout.v3/replay/lease_s", json!(86_401), BAD),
        put("/routes/cashout.v3/replay/on_full", json!("allow"), GOOD),
        put("/routes/cashout.v3/replay/on_full", json!("evict"), BAD),
        put("/routes/webhook/quirks", json!(["basic_unpadded", "basic_unpadded"]), BAD),
        put("/credentials", json!([]), GOOD),
        put("/credentials", json!({}), BAD),
        put("/credentials/-", json!("merchant-3"), BAD),
        put("/credentials/0/id", json!("merchant 1"), BAD),
        put("/credentials/0/state", json!("deleted"), BAD),
        put("/credentials/0/api_key/sha256", json!("9F".repeat(32)), BAD),
        put("/credentials/0/api_key/sha256", json!("9f".repeat(31)), BAD),
        put("/credentials/0/api_key", json!("the key itself"), BAD),
        put("/credentials/0/api_key", json!({"env": "A", "file": "b"}), BAD),
        put("/credentials/0/api_key", json!({"env": "9A"}), BAD),
        put("/credentials/0/api_key", json!({"text": ""}), BAD),
        put("/credentials/0/basic/user", json!("a:b"), BAD),
        put("/credentials/0/basic/user", json!("a\u{7f}b"), BAD),
        put("/credentials/0/basic/user", json!("José Peña"), GOOD),
        put("/credentials/0/basic/user", json!("ü".repeat(128)), GOOD),
        put("/credentials/0/basic/user", json!("ü".repeat(129)), BAD),
        put("/credentials/0/basic/charset", json!("latin-1"), BAD),
        cut("/credentials/0/basic/passphrase", BAD),
        cut("/credentials/0/basic/passphrase/pepper", BAD),
        put("/credentials/0/secrets/0/generation", json!(0), BAD),
        put("/credentials/0/secrets/0/generation", json!(4_294_967_296u64), BAD),
        put("/credentials/0/secrets/0/schemes", json!([]), BAD),
        put("/credentials/0/secrets/0/not_after", json!("2026-02-01T00:00:00+00:00"), BAD),
        put("/credentials/0/secrets/0/not_after", json!("2026-02-01"), BAD),
        put("/credentials/0/secrets/0/not_after", json!(1_770_000_000), BAD),
        put("/credentials/0/scopes", json!(["a", "a"]), BAD),
        put("/credentials/0/networks", json!([""]), BAD),
        put("/credentials/0/rates/0/per", json!("address"), BAD),
        cut("/credentials/0/rates/0/per", GOOD),
    ]
}

#[test]
fn the_validator_and_the_reader_agree_on_changed_documents() {
    let validator = validator();
    let full: Value = serde_json::from_str(GOOD[2].1).unwrap();
    let mutations = mutations();
    for Mutation(pointer, value, good) in &mutations {
        let mut document = full.clone();
        mutate(&mut document, pointer, value.clone());
        let read = check_form(document.to_string().as_bytes());
        let label = format!("{pointer} = {value:?}: {read:?}");
        assert_eq!(validator.is_valid(&document), *good, "the validator on {label}");
        assert_eq!(read.is_ok(), *good, "the reader on {label}");
    }
    println!("{} changed documents", mutations.len());
}
