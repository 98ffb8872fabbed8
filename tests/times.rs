//! The forms of time in signed requests: strict, and as Python reads them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its counts"
)]

use std::path::Path;
use std::process::Command;

use tollgate::scheme::{TimeFormat, parse_time};

/// 2020-06-21T12:33:20Z
const NOW_MS: u64 = 1_592_742_800_000;

/// S13: digits and nothing else, and no more of them than a time has.
#[test]
fn numbers_of_seconds_and_milliseconds_are_strict() {
    let seconds = |text: &str| parse_time(TimeFormat::UnixSeconds, text.as_bytes());
    let ms = |text: &str| parse_time(TimeFormat::UnixMs, text.as_bytes());
    assert_eq!((seconds("0"), ms("0")), (Some(0), Some(0)));
    assert_eq!(seconds("1592742800"), Some(NOW_MS));
    assert_eq!(ms("1592742800000"), Some(NOW_MS));
    assert_eq!(seconds("999999999999"), Some(999_999_999_999_000));
    assert_eq!(ms("999999999999999"), Some(999_999_999_999_999));
    for text in [
        "",
        "+5",
        "-5",
        "-0",
        "1e9",
        "1E9",
        "0x10",
        "1.0",
        "1,0",
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "1\0",
        "-9223372036854775808",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "٣",
        "１",
        "1592742800s",
        "NaN",
        "inf",
    ] {
        assert_eq!((seconds(text), ms(text)), (None, None), "{text:?}");
    }
    assert_eq!((seconds("1592742800000"), ms("1000000000000000")), (None, None));
}

#[test]
fn python_reads_the_same_times() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/times.py");
    let output = Command::new("python3").arg(script).args(["20200621", "2000"]).output();
    let output = output.unwrap_or_else(|error| panic!("this test needs python3: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let (mut named, mut refused) = (0, 0);
    for line in printed.lines() {
        let [format, time, hex] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let pairs = (0..hex.len()).step_by(2);
        let text: Vec<u8> =
            pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let format = match format {
            "http-date" => TimeFormat::HttpDate,
            "rfc1123" => TimeFormat::Rfc1123,
            "rfc3339" => TimeFormat::Rfc3339,
            "rfc3339-ms" => TimeFormat::Rfc3339Ms,
            other => panic!("{other}"),
        };
        let expected = time.parse().ok();
        assert_eq!(parse_time(format, &text), expected, "{}", String::from_utf8_lossy(&text));
        if expected.is_some() { named += 1 } else { refused += 1 }
    }
    println!("{named} texts name a time, {refused} name none");
    assert!(named >= 9 * 2000 && refused >= 9 * 1000);
}
