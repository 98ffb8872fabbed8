//! Slow hashes: published values, those of other programs, and texts that are none.
#![cfg(feature = "password")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

use std::process::{Command, Stdio};

use tollgate::password::{HashError, PasswordHash, hash};

fn verify(text: &str, password: &[u8]) -> bool {
    let parsed = PasswordHash::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    parsed.verify(password).unwrap()
}

/// Hashes that others published or made, with the password.
const KNOWN: &[(&str, &[u8])] = &[
    // The tests of the reference implementation of argon2.
    (
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        b"password",
    ),
    (
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        b"password",
    ),
    (
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        b"password",
    ),
    // The tests of jBCrypt.
    ("$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.", b""),
    ("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", b"a"),
    ("$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.", b"abcdefghijklmnopqrstuvwxyz"),
    // Python's bcrypt.
    ("$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", b"correct horse"),
    ("$2b$04$Aj5rNG0ZVO2pE4XNhPpXAe18l0UCo6Eo325/RWV7c5d5mfPpO60Ra", &[b'x'; 72]),
    ("$2b$04$v.cwghhucXuYBw481Ozoiu7UY0PaQi5FKS3MnpQkD16kTt7bNxgwy", b"\xa3"),
    ("$2b$04$fKnOYzoNNgfnjleyM3YCpuhDLpxSuln.KVwj083EVmSuvtkJEYvE6", "José €".as_bytes()),
    // Apache's htpasswd.
    ("$2y$04$ZvmNibcvBAloy9apsdh.v.gw/W3RkdnY5ltub.0Gpa1RVRWEEYBSG", b"correct horse"),
    // Python's hashlib.
    (
        "$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Z7Tg3FsrBYmQt9HNJnxJvoA",
        b"correct horse",
    ),
    (
        "$pbkdf2-sha512$i=1000,l=64$TmFDbC1vZi0xNi1ieXRlcw$QwHAMGQma3PveGncBTCmzM99hxcVU95FJyoUVzAg54eZSnlusLp4yZ7BAlTzDEcuYLmrfVVAOFJSZHE1i66TVA",
        b"correct horse",
    ),
    // Passlib, the first from its documentation.
    (
        "$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk",
        b"toomanysecrets",
    ),
    (
        "$pbkdf2-sha512$1000$cA7h3BvjHAMgRAih9L5Xag$t8ECZr6RqfngoFDaFiitIhr5vc8I10MQRwoCbdjF6d2jLnrzkXUlG.idh8KNnQNm063e5WXdP9Zl.AoMJeFWSQ",
        b"correct horse",
    ),
];

#[test]
fn known_hashes_verify_and_no_other_password_does() {
    for (text, password) in KNOWN {
        assert!(verify(text, password), "{text}");
        let mut longer = password.to_vec();
        longer.push(b'x');
        assert!(!verify(text, &longer), "{text} and one byte more");
        let shorter = password.split_last().map_or(&b"x"[..], |(_, shorter)| shorter);
        assert!(!verify(text, shorter), "{text} and one byte less");
    }
    println!("{} hashes", KNOWN.len());
}

/// What an algorithm of 1999 would cut short is refused instead.
#[test]
fn bcrypt_takes_72_bytes_and_no_nul() {
    let of_72 = "$2b$04$Aj5rNG0ZVO2pE4XNhPpXAe18l0UCo6Eo325/RWV7c5d5mfPpO60Ra";
    let of_correct_horse = "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy";
    assert!(verify(of_72, &[b'x'; 72]));
    assert!(!verify(of_72, &[b'x'; 73]));
    assert!(!verify(of_72, &[b'x'; 71]));
    assert!(!verify(of_correct_horse, b"correct horse\0"));
    assert!(!verify(of_correct_horse, b"correct horse\0correct horse"));
}

/// A text and what is wrong with it: a word of the error.
const BAD: &[(&str, &str)] = &[
    ("", "no such kind"),
    ("$", "no such kind"),
    ("$$", "no such kind"),
    ("argon2id", "no such kind"),
    ("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$ryyH8LrhNHmjkA", "no such kind"),
    ("$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$ryyH8LrhNHmjkA", "no such kind"),
    ("$2x$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "no such kind"),
    ("$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/", "no such kind"),
    ("$pbkdf2$1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN/Z7Tg3Fs", "no such kind"),
    ("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "no such kind"),
    // argon2id
    ("$argon2id$", "not of its form"),
    ("$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$m=256,t=2$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1,data=YQ$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$m=+256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEs", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZQ$nf65EOgLrQMR/uIPnA4rEsF5h7TK", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEg", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEh", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg$", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg ", "not of its form"),
    ("$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=31,t=2,p=4$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=131073,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=131072,t=5,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=8,t=4294967295,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "p up to 16"),
    ("$argon2id$v=19$m=4294967296,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "not of its form"),
    // bcrypt
    ("$2b$", "not of its form"),
    ("$2b$4$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    ("$2b$004$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    ("$2b$+4$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    ("$2b$03$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "from 04 to 14"),
    ("$2b$15$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "from 04 to 14"),
    ("$2b$99$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "from 04 to 14"),
    ("$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//S", "not of its form"),
    ("$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Syy", "not of its form"),
    ("$2b$04$CyxF53gldzp6IqVW4F8W1+dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    ("$2b$04$CyxF53gldzp6IqVW4F8W1/dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    ("$2b$04$CyxF53gldzp6IqVW4F8W1édvX37YbSyVSXzrJGcFE9lm3g7iD//Sy", "not of its form"),
    // PBKDF2
    ("$pbkdf2-sha256$", "not of its form"),
    ("$pbkdf2-sha256$i=1000,l=20$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw", "not of its form"),
    ("$pbkdf2-sha256$l=16,i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw", "not of its form"),
    ("$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN.Zw", "not of its form"),
    ("$pbkdf2-sha256$1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw", "not of its form"),
    ("$pbkdf2-sha256$i=1000$TmFDbC1v$CNUVwZQgpQDz4PtQMzN+Zw", "not of its form"),
    ("$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN", "not of its form"),
    (
        "$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$QwHAMGQma3PveGncBTCmzM99hxcVU95FJyoUVzAg54eZSnlusLp4yZ7BAlTzDEcuYLmrfVVAOFJSZHE1i66TVA",
        "not of its form",
    ),
    ("$pbkdf2-sha256$i=999$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw", "from 1000"),
    ("$pbkdf2-sha256$i=1500001$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw", "from 1000"),
    ("$pbkdf2-sha256$999$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN/Zw", "from 1000"),
];

#[test]
fn texts_that_are_no_hashes_are_refused() {
    for (text, expected) in BAD {
        let error = PasswordHash::parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    // The greatest costs that there may be.
    for text in [
        "$argon2id$v=19$m=131072,t=4,p=16$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
        "$argon2id$v=19$m=8,t=65536,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
        "$2b$14$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy",
        "$pbkdf2-sha512$i=1500000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Zw",
    ] {
        assert!(PasswordHash::parse(text).is_ok(), "{text}");
    }
    println!("{} texts", BAD.len());
}

/// What is cut off or changed in a good text is noticed, or is another hash. A PBKDF2 hash without
/// its length may be cut down to 16 bytes: it is the beginning of any longer one.
#[test]
fn no_other_text_verifies() {
    let mut other_hashes = 0;
    for (text, password) in KNOWN.iter().filter(|(text, _)| !text.contains("m=65536")) {
        let end = if text.contains("pbkdf2") && !text.contains("l=") { 50 } else { text.len() };
        for at in 0..end {
            let shorter = PasswordHash::parse(text.get(..at).unwrap());
            assert!(!shorter.is_ok_and(|hash| hash.verify(password).unwrap()), "{text} to {at}");
        }
        // The last symbol before the end of the hash: another value, and not another cost.
        let at = text.len() - 2;
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'x' { b'w' } else { b'x' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(!verify(&changed, password), "{changed}");
        other_hashes += 1;
    }
    assert_eq!(other_hashes, KNOWN.len() - 1);
}

/// The output of a program, without the line end.
fn output(program: &str, package: &str, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}: apt-get install {package}"));
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?} failed");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

const PASSWORDS: &[&str] = &["correct horse", "x", "José €", "a-password-with:a-colon and $ in it"];

#[test]
fn we_verify_what_htpasswd_makes() {
    for password in PASSWORDS {
        for cost in ["4", "5", "7"] {
            let line = output("htpasswd", "apache2-utils", &["-niB", "-C", cost, "user"], password);
            let made = line.strip_prefix("user:").unwrap();
            assert!(verify(made, password.as_bytes()), "{line}");
            assert!(!verify(made, b"another"), "{line}");
        }
    }
}

#[test]
fn we_verify_what_argon2_makes() {
    for password in PASSWORDS {
        for parameters in [["-t", "1", "-k", "8", "-p", "1"], ["-t", "3", "-k", "777", "-p", "4"]] {
            for length in ["16", "32", "64"] {
                let rest = ["a salt of 18 bytes", "-id", "-e", "-l", length];
                let arguments = [&rest[..], &parameters].concat();
                let made = output("argon2", "argon2", &arguments, password);
                assert!(verify(&made, password.as_bytes()), "{made}");
                assert!(!verify(&made, b"another"), "{made}");
            }
        }
    }
}

#[test]
fn argon2_makes_what_we_make() {
    for password in PASSWORDS.iter().filter(|password| password.len() >= 8) {
        let made = hash(password.as_bytes(), b"sixteen of salt.").unwrap();
        let arguments = ["sixteen of salt.", "-id", "-t", "2", "-k", "19456", "-p", "1", "-e"];
        assert_eq!(made.as_str(), output("argon2", "argon2", &arguments, password));
        assert!(verify(made.as_str(), password.as_bytes()));
    }
}

#[test]
fn we_verify_what_hashlib_makes() {
    let script = "
import base64, hashlib, sys
password = sys.stdin.buffer.read()
for name, length in (('sha256', 32), ('sha256', 20), ('sha512', 64), ('sha512', 16)):
    for salt in (b'of eight', b'a salt of 18 bytes', bytes(range(192, 256))):
        key = hashlib.pbkdf2_hmac(name, password, salt, 1000 + length, length)
        texts = [base64.b64encode(value).decode().rstrip('=') for value in (salt, key)]
        print(f'$pbkdf2-{name}$i={1000 + length},l={length}$' + '$'.join(texts))
        print(f'$pbkdf2-{name}${1000 + length}$' + '$'.join(texts).replace('+', '.'))
";
    let long = "x".repeat(500);
    for password in PASSWORDS.iter().chain([&long.as_str()]) {
        let made = output("python3", "python3", &["-c", script], password);
        assert_eq!(made.lines().count(), 24);
        for line in made.lines() {
            assert!(verify(line, password.as_bytes()), "{line}");
            assert!(!verify(line, b"another"), "{line}");
        }
    }
}

#[test]
fn passwords_that_no_client_could_present_are_not_hashed() {
    let salt = b"sixteen of salt.";
    for bad in
        [&b""[..], b"seven77", &[b'x'; 1001], b"a line\nend", b"a nul \0 in it", b"del\x7f...."]
    {
        assert_eq!(hash(bad, salt).unwrap_err(), HashError::BadPassword, "{bad:?}");
    }
    assert_eq!(hash(&[b'x'; 1000], salt).unwrap().as_str().len(), 97);
    assert_ne!(hash(b"eight888", salt).unwrap(), hash(b"eight888", b"another 16 bytes").unwrap());
}

#[test]
fn nothing_is_told_of_a_hash() {
    for (text, _) in KNOWN {
        let shown = format!("{:?}", PasswordHash::parse(text).unwrap());
        let secret = text.rsplit('$').next().unwrap();
        assert!(shown.starts_with("PasswordHash(") && !shown.contains(secret), "{shown}");
    }
}
