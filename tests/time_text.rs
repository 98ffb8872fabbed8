//! Times as text, against Python's datetime.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

use std::process::Command;

use tollgate::scheme::{TimeFormat, parse_time};

/// Prints a text of the form of RFC 3339 and the Unix time that it names, or `-` for none: the
/// days around the end of every month of many years, and random times.
const ORACLE: &str = r#"
import datetime, random
random.seed(1)
def show(*parts):
    text = "%04d-%02d-%02dT%02d:%02d:%02dZ" % parts
    try:
        time = datetime.datetime(*parts, tzinfo=datetime.timezone.utc)
        known = parts[0] >= 1970
    except ValueError:
        known = False
    print(text, int(time.timestamp()) if known else "-")
for year in [*range(1968, 2105), 2199, 2200, 2300, 2400, 4000, 9999]:
    for month in range(0, 14):
        for day in (0, 1, 28, 29, 30, 31, 32):
            show(year, month, day, 23, 59, 59)
for _ in range(20000):
    show(random.randrange(1970, 10000), random.randrange(1, 13), random.randrange(1, 32),
         random.randrange(0, 25), random.randrange(0, 61), random.randrange(0, 61))
"#;

#[test]
fn times_are_those_of_python() {
    let output = Command::new("python3").args(["-c", ORACLE]).output().expect("python3 runs");
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut counts = [0_u32, 0];
    for line in lines.lines() {
        let (text, seconds) = line.split_once(' ').unwrap();
        let expected =
            seconds.parse::<u64>().ok().map(|seconds| seconds.checked_mul(1000).unwrap());
        assert_eq!(parse_time(TimeFormat::Rfc3339, text.as_bytes()), expected, "{text}");
        let place = usize::from(expected.is_none());
        let count = counts.get_mut(place).unwrap();
        *count = count.checked_add(1).unwrap();
    }
    assert!(counts.iter().all(|count| *count > 1000), "{counts:?}");
    println!("{counts:?} times and texts that name none");
}

#[test]
fn other_forms_are_no_times() {
    for text in [
        "",
        "Z",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00z",
        "2026-01-01t00:00:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.0Z",
        "2026-01-01T00:00:00+00:00",
        "2026-1-1T0:0:0Z",
        "+026-01-01T00:00:00Z",
        "2026-01-01T00:00:-1Z",
        " 2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z ",
        "12026-01-01T00:00:00Z",
        "2026-01-01T23:59:60Z",
        "2026-01-01T24:00:00Z",
    ] {
        assert_eq!(parse_time(TimeFormat::Rfc3339, text.as_bytes()), None, "{text}");
    }
}
