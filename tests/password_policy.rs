//! Passphrases that a policy keeps as slow hashes: who passes, what a wrong one costs, and how many
//! are verified at once.
#![cfg(feature = "std")]
#![allow(
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
    let credentials: Vec<_> = passphrases
        .iter()
        .map(|(user, passphrase)| {
            format!(
                r#"{{ "id": "id-{user}", "basic": {{ "user": "{user}", "passphrase": {passphrase} }} }}"#
            )
        })
        .collect();
    let document = format!(
        r#"{{ "tollgate": 1, "environment": "e", {top}
  "routes": {{ "r": {{ "max_body": 100, "credentials": ["basic", {{ "body": {{}} }}] }} }},
  "credentials": [{}] }}"#,
        credentials.join(",\n")
    );
    let source = Source::new(document.as_bytes(), "p.json", &NoSecrets);
    Policy::load(&source).map_err(|errors| errors.to_string())
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
    use std::sync::{Arc, Barrier};

    use tollgate::decision::{Decision, Reason};
    use tollgate::gate::Gate;
    use tollgate::primitive::base64::{Alphabet, Padding, encode};
    use tollgate::request::{Body, Header, Now, Request, Stored};

    use super::{BCRYPT, policy};

    const ARGON2ID: &str = r#"{ "password_hash": "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" }"#;
    const PBKDF2: &str = r#"{ "password_hash": "$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Z7Tg3FsrBYmQt9HNJnxJvoA" }"#;
    const FAST: &str = r#"{ "text": "a fast passphrase" }"#;
    const NOW: Now = Now { unix_ms: 1_700_000_000_000, monotonic_ns: 1_000_000_000_000 };

    fn gate(top: &str, passphrases: &[(&str, &str)]) -> Gate {
        Gate::new(Arc::new(policy(top, passphrases).unwrap_or_else(|errors| panic!("{errors}"))))
    }

    fn basic(gate: &Gate, user: &str, passphrase: &str) -> Decision {
        let (pair, mut room) = (format!("{user}:{passphrase}"), [0; 2048]);
        let pair = encode(pair.as_bytes(), Alphabet::Standard, Padding::Required, &mut room);
        let line = format!("Basic {}", pair.unwrap());
        send(gate, &[Header { name: b"Authorization", value: line.as_bytes() }], b"")
    }

    fn send(gate: &Gate, headers: &[Header<'_>], body: &[u8]) -> Decision {
        let request = Request {
            method: b"POST",
            target: b"/",
            host: b"",
            headers,
            body: Body::Whole(body),
            peer: Some([192, 0, 2, 7].into()),
            tls: true,
            stored: Stored::NONE,
        };
        gate.verify(b"r", &request, NOW)
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
            "p.json:7:74: credentials[4].basic.passphrase.password_hash: there are 4 kinds of slow \
             hashes with other parameters already, and a wrong passphrase costs all of them; write \
             one of those"
        );
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
}
