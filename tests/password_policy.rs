//! Passphrases that a policy keeps as slow hashes: who passes, what a wrong one costs, and how many
//! are verified at once.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "a test reports by panicking; it has std"
)]

use tollgate::policy::{NoSecrets, Policy, Source};

/// A policy whose users have these passphrases; `top` is put into the document.
fn policy(top: &str, passphrases: &[(&str, &str)]) -> Result<Policy, String> {
    let document = document(top, passphrases);
    let source = Source::new(document.as_bytes(), "p.json", &NoSecrets);
    Policy::load(&source).map_err(|errors| errors.to_string())
}

fn document(top: &str, passphrases: &[(&str, &str)]) -> String {
    let credentials: Vec<_> = passphrases
        .iter()
        .map(|(user, passphrase)| {
            format!(
                r#"{{ "id": "id-{user}", "basic": {{ "user": "{user}", "passphrase": {passphrase} }} }}"#
            )
        })
        .collect();
    format!(
        r#"{{ "tollgate": 1, "environment": "e", {top}
  "routes": {{ "r": {{ "max_body": 100, "credentials": ["basic", {{ "body": {{}} }}] }}, "basic": {{ "max_body": 9, "credentials": ["basic"] }} }},
  "credentials": [{}] }}"#,
        credentials.join(",\n")
    )
}

const BCRYPT: &str =
    r#"{ "password_hash": "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy" }"#;

#[cfg(not(feature = "password"))]
#[test]
fn without_the_feature_such_a_policy_is_refused_and_the_error_says_why() {
    let errors = policy("", &[("a", BCRYPT)]).err().expect("it is refused");
    assert_eq!(
        errors,
        "p.json:3:92: credentials[0].basic.passphrase.password_hash: this library was built \
         without slow passwords; build it with the feature \"password\", or write \"sha256\""
    );
    assert!(policy(r#""passwords": { "at_once": 1 },"#, &[]).is_ok());
    let made = tollgate::password::hash(b"correct horse", &[7; tollgate::password::SALT]);
    assert_eq!(made.unwrap_err(), tollgate::password::HashError::NotBuiltIn);
}

#[cfg(feature = "password")]
mod built_in {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Barrier};

    use tollgate::decision::{Decision, Reason};
    use tollgate::gate::Gate;
    use tollgate::primitive::base64::{Alphabet, Padding, encode};
    use tollgate::request::{Body, Header, Now, Request, Stored};

    use super::{BCRYPT, NoSecrets, Policy, Source, policy};

    const ARGON2ID: &str = r#"{ "password_hash": "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" }"#;
    const PBKDF2: &str = r#"{ "password_hash": "$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Z7Tg3FsrBYmQt9HNJnxJvoA" }"#;
    const FAST: &str = r#"{ "text": "a fast passphrase" }"#;
    const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 1_000_000_000_000 };

    fn loaded(top: &str, passphrases: &[(&str, &str)]) -> Arc<Policy> {
        Arc::new(policy(top, passphrases).unwrap_or_else(|errors| panic!("{errors}")))
    }

    fn gate(top: &str, passphrases: &[(&str, &str)]) -> Gate {
        Gate::new(loaded(top, passphrases))
    }

    fn basic(gate: &Gate, user: &str, passphrase: &str) -> Decision {
        let (pair, mut room) = (format!("{user}:{passphrase}"), [0; 2048]);
        let pair = encode(pair.as_bytes(), Alphabet::Standard, Padding::Required, &mut room);
        let line = format!("Basic {}", pair.unwrap());
        send(gate, &[Header { name: b"Authorization", value: line.as_bytes() }], b"")
    }

    fn send(gate: &Gate, headers: &[Header<'_>], body: &[u8]) -> Decision {
        gate.verify(b"r", &request(headers, body), NOW)
    }

    fn request<'a>(headers: &'a [Header<'a>], body: &'a [u8]) -> Request<'a> {
        Request {
            method: b"POST",
            target: b"/",
            host: b"",
            headers,
            body: Body::Whole(body),
            peer: Some([192, 0, 2, 7].into()),
            tls: true,
            stored: Stored::NONE,
        }
    }

    /// Users of every kind in one policy, right and wrong.
    #[test]
    fn a_passphrase_passes_whatever_kind_of_hash_it_has() {
        let users = [
            ("argon2id", ARGON2ID, "password"),
            ("bcrypt", BCRYPT, "correct horse"),
            ("pbkdf2", PBKDF2, "correct horse"),
            ("fast", FAST, "a fast passphrase"),
        ];
        let gate = gate("", &users.map(|(user, passphrase, _)| (user, passphrase)));
        for (user, _, right) in users {
            let decision = basic(&gate, user, right);
            assert_eq!(decision.reason, Reason::Ok, "{user}");
            assert_eq!(decision.credential.as_str(), format!("id-{user}"));
            for (other, _, wrong) in users {
                let expected = if wrong == right { Reason::Ok } else { Reason::BadSecret };
                assert_eq!(basic(&gate, user, wrong).reason, expected, "{user} as {other}");
            }
            assert_eq!(basic(&gate, user, "").reason, Reason::BadSecret);
            assert_eq!(basic(&gate, "nobody", right).reason, Reason::UnknownKey);
            let body = format!(r#"{{"login":"{user}","pass":"{right}"}}"#);
            assert_eq!(send(&gate, &[], body.as_bytes()).reason, Reason::Ok, "{user} in the body");
            let body = format!(r#"{{"login":"{user}","pass":"{right}!"}}"#);
            assert_eq!(send(&gate, &[], body.as_bytes()).reason, Reason::BadSecret);
        }
    }

    /// The hash itself is no passphrase.
    /// While one replaces another, slow hashes and fast ones count beside each other.
    #[test]
    fn the_values_of_one_user_may_be_of_every_kind() {
        let value = |number: u32, passphrase: &str, more: &str| {
            format!(r#"{{ "generation": {number}, "passphrase": {passphrase}{more} }}"#)
        };
        let ended = r#", "not_after": "2023-11-14T22:13:20Z""#;
        let values = [
            value(4, BCRYPT, ended),
            value(5, FAST, ""),
            value(6, BCRYPT, ""),
            value(7, ARGON2ID, ""),
        ];
        let gate = gate("", &[("u", &format!("[{}]", values.join(", "))), ("other", PBKDF2)]);
        for (user, passphrase, reason, generation) in [
            ("u", "correct horse", Reason::Ok, 6),
            ("u", "a fast passphrase", Reason::Ok, 5),
            ("u", "password", Reason::Ok, 7),
            ("u", "none of them", Reason::BadSecret, 0),
            ("other", "correct horse", Reason::Ok, 0),
            ("nobody", "correct horse", Reason::UnknownKey, 0),
        ] {
            let decision = basic(&gate, user, passphrase);
            assert_eq!(
                (decision.reason, decision.generation),
                (reason, generation),
                "{passphrase}"
            );
        }
        let five = vec![BCRYPT; 5];
        let five: Vec<_> = (1..).zip(five).map(|(number, hash)| value(number, hash, "")).collect();
        let errors = policy("", &[("u", &format!("[{}]", five.join(", ")))]).err().unwrap();
        assert!(errors.contains("credentials[0].basic.passphrase: "), "{errors}");
    }

    #[test]
    fn who_stole_the_hash_does_not_pass() {
        let gate = gate("", &[("a", BCRYPT)]);
        let hash = "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy";
        assert_eq!(basic(&gate, "a", hash).reason, Reason::BadSecret);
        assert_eq!(basic(&gate, "a", "correct horse").reason, Reason::Ok);
    }

    #[test]
    fn no_more_than_four_costs_are_loaded() {
        let hash = |rounds: u32| {
            format!(
                r#"{{ "password_hash": "$2b${rounds:02}$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy" }}"#
            )
        };
        let hashes: Vec<_> = (4..=8).map(hash).collect();
        let users = ["a", "b", "c", "d", "e"];
        let of = |count: usize| -> Vec<_> {
            users
                .iter()
                .zip(&hashes)
                .take(count)
                .map(|(user, hash)| (*user, hash.as_str()))
                .collect()
        };
        assert!(policy("", &of(4)).is_ok());
        assert!(policy("", &[of(4), vec![("f", hashes[0].as_str())]].concat()).is_ok());
        let errors = policy("", &of(5)).err().expect("it is refused");
        assert_eq!(
            errors,
            "p.json:7:74: credentials[4].basic.passphrase.password_hash: with this one every wrong \
             passphrase costs more than 4 slow hashes; write one with the parameters of another \
             credential, or fewer values"
        );
    }

    /// While one passphrase replaces another both are verified; each says which one it is.
    #[test]
    fn passphrases_with_slow_hashes_have_generations() {
        let both = |end: &str| {
            format!(
                r#"[{{ "generation": 1, "passphrase": {BCRYPT}, "not_after": "{end}" }},
                    {{ "generation": 2, "passphrase": {ARGON2ID} }}]"#
            )
        };
        let (open, over) = (both("2027-01-01T00:00:00Z"), both("2023-01-01T00:00:00Z"));
        let gate = gate("", &[("anna", &open), ("bert", &over)]);
        // The second time they are remembered.
        for _ in 0..2 {
            for (user, passphrase, reason, generation) in [
                ("anna", "correct horse", Reason::Ok, 1),
                ("anna", "password", Reason::Ok, 2),
                ("bert", "correct horse", Reason::RotatedOut, 1),
                ("bert", "password", Reason::Ok, 2),
                ("bert", "another", Reason::BadSecret, 0),
            ] {
                let decision = basic(&gate, user, passphrase);
                assert_eq!((decision.reason, decision.generation), (reason, generation), "{user}");
            }
        }
    }

    /// Of many that come at the same time, one is verified, and others are told to come again,
    /// whether they are right or wrong or nobody. Fast ones are not held up.
    #[test]
    fn no_more_than_so_many_are_verified_at_once() {
        let slow = BCRYPT.replace("$04$", "$09$");
        let gate = gate(
            r#""passwords": { "at_once": 1 },"#,
            &[("slow", &slow), ("fast", FAST), ("argon2id", ARGON2ID)],
        );
        let attempts = [
            ("slow", "wrong passphrase", Reason::BadSecret),
            ("nobody", "wrong passphrase", Reason::UnknownKey),
            ("fast", "wrong passphrase", Reason::BadSecret),
            ("argon2id", "password", Reason::Ok),
        ];
        let mut busy = 0;
        for _ in 0..5 {
            let start = Barrier::new(2 * attempts.len());
            std::thread::scope(|scope| {
                let threads: Vec<_> = attempts
                    .iter()
                    .chain(&attempts)
                    .map(|(user, passphrase, expected)| {
                        scope.spawn(|| {
                            start.wait();
                            let decision = basic(&gate, user, passphrase);
                            assert_eq!(
                                basic(&gate, "fast", "a fast passphrase").reason,
                                Reason::Ok
                            );
                            (decision, *expected)
                        })
                    })
                    .collect();
                for thread in threads {
                    let (decision, expected) = thread.join().unwrap();
                    if decision.reason == Reason::PasswordBusy {
                        busy += 1;
                        assert_eq!(
                            (decision.http_status, decision.retry_after_ms),
                            (503, Some(1000))
                        );
                        assert_eq!(decision.public_name(), "unavailable");
                    } else {
                        assert_eq!(decision.reason, expected);
                    }
                }
            });
        }
        assert!(busy > 0, "40 attempts at one place never met");
        // The place is free again.
        assert_eq!(basic(&gate, "argon2id", "password").reason, Reason::Ok);
    }

    /// What `user` with `passphrase` gets while another thread keeps the one place busy: the
    /// reasons of 20 attempts, each once.
    fn while_busy(gate: &Gate, user: &str, passphrase: &str) -> Vec<Reason> {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    basic(gate, "nobody", "wrong passphrase");
                    std::thread::yield_now();
                }
            });
            // Somebody who is not remembered finds no place: now is the time.
            while basic(gate, "nobody", "another").reason != Reason::PasswordBusy {
                std::thread::yield_now();
            }
            let mut reasons: Vec<_> =
                (0..20).map(|_| basic(gate, user, passphrase).reason).collect();
            done.store(true, Ordering::Relaxed);
            reasons.sort_by_key(|reason| *reason as u32);
            reasons.dedup();
            reasons
        })
    }

    /// A right passphrase is remembered: it needs no place, whatever policy comes, until its hash
    /// is another one. A wrong one is not.
    #[test]
    fn a_verified_passphrase_needs_no_place_until_it_is_reset() {
        let top = r#""passwords": { "at_once": 1 },"#;
        let slow = BCRYPT.replace("$04$", "$08$");
        let users = [("anna", BCRYPT), ("bert", ARGON2ID), ("slow", slow.as_str())];
        let gate = gate(top, &users);
        assert_eq!(basic(&gate, "anna", "correct horse").reason, Reason::Ok);
        assert_eq!(basic(&gate, "anna", "a wrong horse").reason, Reason::BadSecret);
        assert_eq!(while_busy(&gate, "anna", "correct horse"), [Reason::Ok]);
        assert!(!while_busy(&gate, "anna", "a wrong horse").contains(&Reason::Ok));
        gate.swap(loaded(top, &users));
        assert_eq!(while_busy(&gate, "anna", "correct horse"), [Reason::Ok]);
        let reset = [("anna", ARGON2ID), ("slow", slow.as_str())];
        gate.swap(loaded(top, &reset));
        assert!(!while_busy(&gate, "anna", "correct horse").contains(&Reason::Ok));
        assert_eq!(basic(&gate, "anna", "correct horse").reason, Reason::BadSecret);
        assert_eq!(basic(&gate, "anna", "password").reason, Reason::Ok);
        assert_eq!(while_busy(&gate, "anna", "password"), [Reason::Ok]);
    }

    /// What is decided of a credential is decided every time.
    #[test]
    fn a_remembered_passphrase_of_a_revoked_credential_does_not_pass() {
        let gate = gate("", &[("anna", BCRYPT)]);
        assert_eq!(basic(&gate, "anna", "correct horse").reason, Reason::Ok);
        let document = super::document("", &[("anna", BCRYPT)])
            .replace(r#""id": "id-anna","#, r#""id": "id-anna", "state": "revoked","#);
        let source = Source::new(document.as_bytes(), "p", &NoSecrets);
        gate.swap(Arc::new(Policy::load(&source).unwrap()));
        assert_eq!(basic(&gate, "anna", "correct horse").reason, Reason::Revoked);
    }

    /// A gate that begins without slow hashes remembers those of a later policy.
    #[test]
    fn what_is_remembered_begins_with_the_first_policy_that_needs_it() {
        let top = r#""passwords": { "at_once": 1 },"#;
        let slow = BCRYPT.replace("$04$", "$08$");
        let gate = gate("", &[("anna", FAST)]);
        assert_eq!(basic(&gate, "anna", "a fast passphrase").reason, Reason::Ok);
        gate.swap(loaded(top, &[("anna", BCRYPT), ("slow", slow.as_str())]));
        assert_eq!(basic(&gate, "anna", "correct horse").reason, Reason::Ok);
        assert_eq!(while_busy(&gate, "anna", "correct horse"), [Reason::Ok]);
    }

    /// The head of a request whose body comes in is verified in the same way.
    #[test]
    fn a_streamed_request_is_remembered_too() {
        let gate = gate("", &[("anna", ARGON2ID)]);
        let line = b"Basic YW5uYTpwYXNzd29yZA==";
        for _ in 0..2 {
            let headers = [Header { name: b"Authorization", value: line }];
            let request = Request { body: Body::Streamed, ..request(&headers, b"") };
            let mut stream = gate.stream();
            assert!(stream.begin(b"basic", &request, NOW).is_none());
            assert!(stream.update(b"a body"));
            assert_eq!(stream.finish(NOW).reason, Reason::Ok);
        }
    }
}
