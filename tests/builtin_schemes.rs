//! Every built-in scheme with signatures that others made: vendors in their documentation, or
//! Python as an integrator writes it (`tests/vectors/make_schemes.py`).
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

#[path = "vectors/schemes.rs"]
mod schemes;

use core::ops::Range;
use std::path::Path;
use std::process::Command;

use schemes::{Vector, values, vectors};
use tollgate::decision::Reason;
use tollgate::scheme::{Carrier, Encoding, Locator, Part, builtin};

impl Vector {
    fn signature(&mut self) -> &mut String {
        &mut self.headers.last_mut().expect("a header").1
    }

    /// Whether the carrier holds one signature and nothing of another version.
    fn is_single(&self) -> bool {
        let sent = &self.headers.last().expect("a header").1;
        !sent.contains(",v0=") && !sent.contains(",v2=") && !sent.starts_with("v1a,")
    }

    /// Where the key stands that says whose signature it is; nowhere if there is none. It proves
    /// nothing, so any other passes here.
    fn key_place(&self) -> Range<usize> {
        let sent = &self.headers.last().expect("a header").1;
        let separator = sent.rfind(':').filter(|_| self.scheme.names_key());
        separator.map_or(0..0, |end| sent.find(' ').expect("a prefix") + 1..end)
    }

    fn covers_body(&self) -> bool {
        let covers = |part: &Part| matches!(part, Part::Body | Part::BodyDigest { .. });
        self.scheme.parts.iter().any(covers)
    }
}

/// The vectors whose signature stands in a header. The others are for the tests of parameters.
fn in_headers() -> Vec<Vector> {
    vectors().into_iter().filter(|vector| !vector.headers.is_empty()).collect()
}

/// A scheme, and what one of its vectors gave.
type Outcome = (String, Result<(), Reason>);

/// Every vector after `change`, with what that gave.
fn changed(mut change: impl FnMut(&mut Vector)) -> Vec<Outcome> {
    let change = |mut vector: Vector| {
        change(&mut vector);
        (vector.scheme.name.to_string(), vector.verify())
    };
    vectors().into_iter().map(change).collect()
}

#[test]
fn the_vectors_are_what_the_script_writes() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/make_schemes.py");
    let status = Command::new("python3").arg(script).arg("--check").status();
    assert!(status.expect("python3 is missing: apt-get install python3").success());
}

#[test]
fn every_scheme_has_a_vector_and_verifies_it() {
    for (name, result) in changed(|_| ()) {
        assert_eq!(result, Ok(()), "{name}");
    }
    let all = vectors();
    for scheme in builtin::ALL {
        let known = all.iter().any(|vector| vector.scheme.name == scheme.name);
        assert!(known, "{} has no vector", &*scheme.name);
        assert_eq!(scheme.validate(), Ok(()), "{}", &*scheme.name);
    }
    let published = values().iter().filter(|value| value["computed_by"] != "Python").count();
    println!("{} schemes, {} vectors, {published} published", builtin::ALL.len(), all.len());
    assert!(published >= 4);
}

#[test]
fn names_are_in_order_and_unique() {
    assert!(builtin::ALL.is_sorted_by(|one, next| *one.name < *next.name));
}

#[test]
fn another_body_does_not_verify() {
    for vector in &mut vectors() {
        if !vector.covers_body() {
            continue;
        }
        for bit in 0..vector.body.len() * 8 {
            vector.body[bit / 8] ^= 1 << (bit % 8);
            // Where a time stands in the body, another one may not even be read.
            let result = vector.verify();
            let found = if vector.scheme.reads_body() {
                result.is_err()
            } else {
                result == Err(Reason::SigMismatch)
            };
            assert!(found, "{}: {result:?}", &*vector.scheme.name);
            vector.body[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn no_other_signature_verifies() {
    for vector in in_headers().iter_mut().filter(|vector| vector.is_single()) {
        let sent = vector.signature().clone();
        let key = vector.key_place();
        for (at, bit) in (0..sent.len()).flat_map(|at| (0..7).map(move |bit| (at, bit))) {
            if key.contains(&at) {
                continue;
            }
            let mut bytes = sent.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            *vector.signature() = String::from_utf8(bytes).expect("ASCII");
            let text = vector.signature().clone();
            assert!(vector.verify().is_err(), "{}: {text}", &*vector.scheme.name);
        }
    }
}

#[test]
fn every_signed_header_counts() {
    for vector in &mut vectors() {
        for at in 0..vector.headers.len() {
            let (name, value) = vector.headers.remove(at);
            assert!(vector.verify().is_err(), "{} without {name}", &*vector.scheme.name);
            vector.headers.insert(at, (name.clone(), value.clone()));
            vector.headers.insert(at, (name.clone(), value));
            let carries = at + 2 == vector.headers.len();
            let wanted = match vector.scheme.carrier {
                Carrier::HeaderLines(_) if carries => Ok(()),
                _ => Err(Reason::DupHeader),
            };
            assert_eq!(vector.verify(), wanted, "{}: {name}", &*vector.scheme.name);
            vector.headers.remove(at);
        }
    }
}

#[test]
fn what_is_no_signature_is_refused_before_it_is_compared() {
    for text in ["", "sha256=", "0x", "v1,", "t=1", "not a signature"] {
        for vector in &mut in_headers() {
            *vector.signature() = text.to_owned();
            let name = &*vector.scheme.name;
            assert_ne!(vector.verify().expect_err(name), Reason::SigMismatch, "{name}: {text}");
        }
    }
    for vector in in_headers().iter_mut().filter(|vector| vector.is_single()) {
        vector.signature().pop();
        let name = &*vector.scheme.name;
        assert_eq!(vector.verify(), Err(Reason::SigEncoding), "{name}: one character less");
    }
}

#[test]
fn the_case_of_hex_counts() {
    for vector in in_headers().iter_mut().filter(|vector| vector.is_single()) {
        let sent = vector.signature().clone();
        let (prefix, digits) = sent.split_at(sent.rfind(['=', ' ']).map_or(0, |at| at + 1));
        let other = match vector.scheme.encoding {
            Encoding::HexLower => digits.to_uppercase(),
            Encoding::HexUpper => digits.to_lowercase(),
            _ => continue,
        };
        *vector.signature() = format!("{prefix}{other}");
        assert_eq!(vector.verify(), Err(Reason::SigEncoding), "{}", &*vector.scheme.name);
    }
}

#[test]
fn a_time_outside_of_the_window_is_refused() {
    for (name, result) in changed(|vector| {
        let Some(time) = &vector.scheme.timestamp else { return };
        vector.unix_ms += u64::from(time.past_s) * 1000 + 1001;
    }) {
        let timed = builtin::find(&name).is_some_and(|scheme| scheme.timestamp.is_some());
        assert_eq!(result, if timed { Err(Reason::Stale) } else { Ok(()) }, "{name}");
    }
    for (name, result) in changed(|vector| {
        let Some(time) = &vector.scheme.timestamp else { return };
        vector.unix_ms -= u64::from(time.future_s) * 1000 + 1;
    }) {
        let timed = builtin::find(&name).is_some_and(|scheme| scheme.timestamp.is_some());
        assert_eq!(result, if timed { Err(Reason::Future) } else { Ok(()) }, "{name}");
    }
}

#[test]
fn no_more_signatures_are_tried_than_the_cap() {
    for vector in &mut in_headers() {
        let sent = vector.signature().clone();
        let joined = match &vector.scheme.locator {
            Locator::Pairs { separator, label, .. } => {
                let more = format!("{}{}={}", char::from(*separator), &**label, "0".repeat(64));
                format!("{sent}{}", more.repeat(8))
            }
            Locator::Versions { separator, .. } => {
                let last = sent.rsplit(char::from(*separator)).next().unwrap().to_owned();
                format!("{sent}{}", format!("{}{last}", char::from(*separator)).repeat(8))
            }
            _ => continue,
        };
        *vector.signature() = joined;
        let name = &*vector.scheme.name;
        assert_eq!(vector.verify(), Err(Reason::MalformedSignature), "{name}");
    }
}
