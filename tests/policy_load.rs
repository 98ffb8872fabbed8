//! Policies that are of the right form and still cannot work: each gets all of its errors, at
//! their places, with what to write. And where secrets come from.
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

#[path = "policies/unusable.rs"]
mod unusable;

extern crate alloc;

use alloc::collections::BTreeMap;

use tollgate::policy::{HostSecrets, NoSecrets, Policy, SecretBytes, SecretSource, Source};
use unusable::{BAD, BASE};

fn load_with(text: &str, secrets: &dyn SecretSource) -> Result<Policy, String> {
    let source = Source::new(text.as_bytes(), "gate.json", secrets);
    Policy::load(&source).map_err(|errors| errors.to_string())
}

fn errors_of(text: &str, secrets: &dyn SecretSource) -> String {
    load_with(text, secrets).map_or_else(|errors| errors, |_| String::from("no error"))
}

#[test]
fn policies_that_cannot_work_get_all_their_errors_at_their_places() {
    assert_eq!(errors_of(BASE, &NoSecrets), "no error");
    for (from, to, expected) in BAD {
        let changed = BASE.replacen(from, to, 1);
        assert_ne!(changed, BASE, "{from} is not in the document");
        let lines: Vec<_> = expected.iter().map(|line| format!("gate.json:{line}")).collect();
        assert_eq!(errors_of(&changed, &NoSecrets), lines.join("\n"), "{from} -> {to}");
    }
}

/// All changes that leave each other's lines alone, at once: no error hides another.
#[test]
fn errors_far_apart_are_reported_together() {
    let apart = [
        (r#""signature": "own""#, r#""signature": "mine""#, "there is no scheme \"mine\""),
        ("\"the key of b\"", "\"the key of a\"", "credentials[0] has the same API key"),
        ("192.0.2.0/24", "192.0.2.1/24", "192.0.2.1/24 has host bits set"),
        ("\"an old secret of a\"", "\"short\"", "the key has less than 16 bytes"),
    ];
    let changed = apart.iter().fold(BASE.to_string(), |text, (from, to, _)| text.replace(from, to));
    let errors = errors_of(&changed, &NoSecrets);
    assert_eq!(errors.lines().count(), apart.len(), "{errors}");
    for (.., expected) in apart {
        assert!(errors.contains(expected), "{errors}");
    }
}

/// `a%20b` and `a b` are one user to a client that encodes once, and two to one that does not.
#[test]
fn two_users_that_a_token_endpoint_reads_alike_are_refused() {
    let with = |first: &str, second: &str, endpoint: bool| {
        let basic = |id, user| {
            let passphrase = r#"{ "text": "passphrase" }"#;
            format!(
                r#"{{ "id": "{id}", "basic": {{ "user": "{user}", "passphrase": {passphrase} }} }}"#
            )
        };
        let text = format!(
            r#"{{ "tollgate": 1, "environment": "production",
"tokens": {{ "issuer": "pay", "keys": [{{ "kid": "a", "key": {{ "text": "{}" }} }}] }},
"routes": {{ "r": {{ "token_endpoint": {endpoint}, "max_body": 1, "credentials": ["basic"] }} }},
"credentials": [
{},
{}] }}"#,
            "k".repeat(32),
            basic("a", first),
            basic("b", second),
        );
        errors_of(&text, &NoSecrets)
    };
    let refused = "gate.json:6:33: credentials[1].basic.user: a token endpoint reads this as the \
                   user of credentials[0]; write another one";
    assert_eq!(with("a b", "a%20b", true), refused);
    assert_eq!(with("a b", "a+b", true), refused);
    for (first, second, endpoint) in [
        ("a b", "a%20b", false),
        ("a b", "a%2520b", true),
        ("a%20b", "a+b", true),
        ("100%", "%zz", true),
    ] {
        assert_eq!(with(first, second, endpoint), "no error", "{first} {second}");
    }
}

#[test]
fn a_loaded_policy_says_what_it_holds() {
    let policy = load_with(BASE, &NoSecrets).unwrap();
    assert_eq!(policy.environment(), "production");
    assert_eq!(policy.credential_count(), 3);
    assert_eq!(policy.route_names().collect::<Vec<_>>(), ["cashout", "deposit", "hook"]);
    assert!(policy.needs_limits());
    for unknown in ["", "Hook", "hoo", "hook "] {
        assert_eq!(policy.route_issues_tokens(unknown), None, "{unknown:?}");
    }
}

/// Every third route is a token endpoint; the names stand in no other order than the document's.
#[test]
fn a_loaded_policy_says_what_its_routes_are() {
    let names: Vec<_> = (0..50).map(|number| format!("r{}", number * 37 % 50)).collect();
    let issues = |at: usize| at % 3 == 1;
    let routes = names.iter().enumerate().map(|(at, name)| {
        let endpoint = issues(at);
        format!(
            r#""{name}": {{ "token_endpoint": {endpoint}, "max_body": 1, "credentials": ["basic"] }}"#
        )
    });
    let text = format!(
        r#"{{ "tollgate": 1, "environment": "production",
"tokens": {{ "issuer": "pay", "keys": [{{ "kid": "a", "key": {{ "text": "{}" }} }}] }},
"routes": {{ {} }}, "credentials": [] }}"#,
        "k".repeat(32),
        routes.collect::<Vec<_>>().join(", "),
    );
    let policy = load_with(&text, &NoSecrets).unwrap();
    assert_eq!(policy.route_names().collect::<Vec<_>>(), names);
    for (at, name) in names.iter().enumerate() {
        assert_eq!(policy.route_issues_tokens(name), Some(issues(at)), "{name}");
    }
    assert!(!policy.needs_limits());
}

/// Secrets as a host could hold them.
struct Vault(BTreeMap<&'static str, &'static [u8]>);

impl SecretSource for Vault {
    fn env(&self, name: &str) -> Result<SecretBytes, String> {
        let found =
            self.0.get(name).ok_or_else(|| format!("the vault has no {name}; put it there"));
        found.map(|bytes| SecretBytes::new(bytes.to_vec()))
    }

    fn file(&self, path: &str) -> Result<SecretBytes, String> {
        self.env(path)
    }
}

#[test]
fn references_are_resolved_by_the_host() {
    let full = include_str!("policies/full.json");
    let mut vault = Vault(BTreeMap::from([
        ("PEPPER", &b"a pepper of 24 characters"[..]),
        ("secrets/merchant-1", b"a new secret of 32 characters..."),
        ("secrets/merchant-2", b"a new passphrase"),
        ("MERCHANT_2_KEY", b"\xFF\xFE any bytes \xC3"),
        ("GITHUB_SECRET", b"sixteen letters."),
        ("TOKEN_KEY", b"any 32 bytes \xFF\0 for the first key"),
        ("secrets/token", b"any 32 bytes for the next token key"),
    ]));
    let policy = load_with(full, &vault).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(policy.credential_count(), 3);

    vault.0.insert("PEPPER", b"");
    vault.0.insert("secrets/merchant-1", b"  \r\n\t             ");
    vault.0.remove("GITHUB_SECRET");
    let expected = [
        "credentials[0].basic.passphrase.pepper.env: the secret is empty; put a secret there",
        "credentials[0].secrets[1].key.file: the secret is nothing but white space; put a secret there",
        "credentials[1].api_key[1].key.pepper.env: the secret is empty; put a secret there",
        "credentials[2].secrets[0].key.env: the vault has no GITHUB_SECRET; put it there",
    ];
    let errors = errors_of(full, &vault);
    let paths = errors.lines().map(|line| line.splitn(4, ':').last().unwrap().trim_start());
    assert_eq!(paths.collect::<Vec<_>>(), expected);
}

/// A folder that is gone at the end of the test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tollgate-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn one_line_end_of_a_file_is_no_part_of_the_secret() {
    let folder = Folder::new("line-ends");
    let secrets = HostSecrets::new(folder.0.clone());
    for (content, expected) in [
        (&b"secret"[..], &b"secret"[..]),
        (b"secret\n", b"secret"),
        (b"secret\r\n", b"secret"),
        (b"secret\n\n", b"secret\n"),
        (b"secret\r", b"secret\r"),
        (b"secret \n", b"secret "),
        (b"\xEF\xBB\xBFsecret", b"\xEF\xBB\xBFsecret"),
        (b"two\nlines\n", b"two\nlines"),
        (b"\n", b""),
        (b"", b""),
    ] {
        let path = folder.0.join("file");
        std::fs::write(&path, content).unwrap();
        assert_eq!(*secrets.file("file").unwrap(), expected, "{content:?}");
        assert_eq!(*secrets.file(path.to_str().unwrap()).unwrap(), expected);
    }
}

#[test]
fn files_that_hold_no_secret_are_refused() {
    let folder = Folder::new("unusable");
    let secrets = HostSecrets::new(folder.0.clone());
    for (length, good) in [(65536, true), (65537, false), (65538, false), (1 << 20, false)] {
        let mut content = vec![b'x'; length];
        std::fs::write(folder.0.join("long"), &content).unwrap();
        assert_eq!(secrets.file("long").is_ok(), good, "{length}");
        content.extend(b"\r\n");
        std::fs::write(folder.0.join("long"), &content).unwrap();
        assert_eq!(secrets.file("long").is_ok(), good, "{length} and a line end");
    }
    let missing = secrets.file("none").unwrap_err();
    assert!(missing.contains("none\" cannot be read"), "{missing}");
    assert!(missing.ends_with("; write a file that the gateway may read"), "{missing}");
    assert!(secrets.file("").is_err(), "a folder is no secret");
    let escaped = secrets.file("a\nb").unwrap_err();
    assert_eq!(escaped.lines().count(), 1, "{escaped}");
}

#[test]
fn environment_variables_are_taken_as_they_are() {
    let secrets = HostSecrets::new("");
    let path = std::env::var("PATH").unwrap();
    assert_eq!(*secrets.env("PATH").unwrap(), path.as_bytes());
    let missing = secrets.env("TOLLGATE_TEST_THAT_NOBODY_SETS").unwrap_err();
    let expected = "the environment variable TOLLGATE_TEST_THAT_NOBODY_SETS is not set; set it \
                    for the gateway";
    assert_eq!(missing, expected);
}

/// A policy that does not load leaves nothing behind and says nothing of its secrets.
#[test]
fn no_error_repeats_a_secret() {
    for (from, to, _) in BAD {
        let errors = errors_of(&BASE.replacen(from, to, 1), &NoSecrets);
        for secret in ["the key of", "passphrase of", "secret of", "MDEy", "fifteen letters"] {
            assert!(!errors.contains(secret), "{errors}");
        }
    }
}

/// Whatever one byte of a policy is changed to, it loads or gives errors at places that it has.
#[test]
fn one_changed_byte_gives_a_policy_or_errors() {
    let mut outcomes = [0, 0];
    for at in 0..BASE.len() {
        for byte in [b'"', b'0', b'-', b'}', b',', b'\\', b' ', b'\n', 0xC3] {
            let mut text = BASE.as_bytes().to_vec();
            text[at] = byte;
            let lines = text.split(|byte| *byte == b'\n').count();
            match Policy::load(&Source::new(&text, "gate.json", &NoSecrets)) {
                Ok(_) => outcomes[0] += 1,
                Err(errors) => {
                    assert!(!errors.listed().is_empty());
                    let inside = |line: usize, column: usize| line <= lines && column <= 200;
                    assert!(errors.listed().iter().all(|error| inside(error.line, error.column)));
                    outcomes[1] += 1;
                }
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 1000), "{outcomes:?}");
    println!("{} loaded, {} refused", outcomes[0], outcomes[1]);
}

#[test]
fn ten_thousand_credentials_load_quickly() {
    let credential = |number: usize| {
        let api_key = format!(r#"{{"text": "key number {number}"}}"#);
        let pass = format!(r#"{{"text": "passphrase {number}"}}"#);
        let basic = format!(r#"{{"user": "u{number}", "passphrase": {pass}}}"#);
        let key = format!(r#"{{"text": "signing secret number {number}"}}"#);
        format!(
            r#"{{"id": "m{number}", "api_key": {api_key}, "basic": {basic},
                "secrets": [{{"generation": 1, "key": {key}, "schemes": ["directa24-cashout"]}}],
                "networks": "192.0.2.0/24,198.51.100.7"}}"#
        )
    };
    let all: Vec<_> = (0..10_000).map(credential).collect();
    let text =
        BASE.replace("\"credentials\": [\n", &format!("\"credentials\": [{},", all.join(",")));
    let begun = std::time::Instant::now();
    let policy = load_with(&text, &NoSecrets).unwrap();
    assert_eq!(policy.credential_count(), 10_003);
    println!("{} bytes with 10003 credentials: {:?}", text.len(), begun.elapsed());
}
