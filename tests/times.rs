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

use tollgate::scheme::{TimeFormat, TimeText, format_time, parse_time};

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

const FORMATS: [TimeFormat; 6] = [
    TimeFormat::UnixSeconds,
    TimeFormat::UnixMs,
    TimeFormat::Rfc3339,
    TimeFormat::Rfc3339Ms,
    TimeFormat::HttpDate,
    TimeFormat::Rfc1123,
];

fn written(format: TimeFormat, unix_ms: u64) -> Option<String> {
    format_time(format, unix_ms).as_ref().map(TimeText::as_str).map(ToOwned::to_owned)
}

#[test]
fn times_are_written_as_they_are_read() {
    // RFC 9110 section 5.6.7 has this HTTP date.
    let times = [
        (0, ["0", "0", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"], "Thu, 01 Jan 1970"),
        (
            784_111_777_001,
            ["784111777", "784111777001", "1994-11-06T08:49:37Z", "1994-11-06T08:49:37.001Z"],
            "Sun, 06 Nov 1994",
        ),
        (
            1_709_251_199_999,
            ["1709251199", "1709251199999", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.999Z"],
            "Thu, 29 Feb 2024",
        ),
    ];
    for (unix_ms, texts, date) in times {
        for (format, text) in FORMATS.into_iter().zip(texts) {
            assert_eq!(written(format, unix_ms).as_deref(), Some(text));
        }
        let clock = &texts[2][11..19];
        for format in [TimeFormat::HttpDate, TimeFormat::Rfc1123] {
            assert_eq!(written(format, unix_ms), Some(format!("{date} {clock} GMT")));
        }
    }
    assert_eq!(written(TimeFormat::Rfc3339, YEAR_10000_MS - 1).unwrap(), "9999-12-31T23:59:59Z");
}

/// 10000-01-01T00:00:00Z
const YEAR_10000_MS: u64 = 253_402_300_800_000;

#[test]
fn what_was_written_is_read_as_the_same_time() {
    let day = 86_400_000;
    // Every first and last millisecond of a day, for 130 years and then around each new year.
    let days = (0..47_500).chain((2100_u64..10_000).map(|year| (year - 1970) * 146_097 / 400));
    for unix_ms in days.flat_map(|days| [days * day, days * day + day - 1]) {
        for format in FORMATS {
            let unit = match format {
                TimeFormat::UnixMs | TimeFormat::Rfc3339Ms => 1,
                _ => 1000,
            };
            let text = written(format, unix_ms).unwrap();
            let read = parse_time(format, text.as_bytes());
            assert_eq!(read, Some(unix_ms - unix_ms % unit), "{text}");
        }
    }
}

#[test]
fn times_beyond_the_format_are_not_written() {
    for (format, end_ms) in FORMATS.into_iter().zip([
        1_000_000_000_000_000,
        1_000_000_000_000_000,
        YEAR_10000_MS,
        YEAR_10000_MS,
        YEAR_10000_MS,
        YEAR_10000_MS,
    ]) {
        assert!(written(format, end_ms - 1).is_some(), "{format:?}");
        for unix_ms in [end_ms, end_ms + 86_400_000, end_ms * 11, u64::MAX] {
            assert_eq!(written(format, unix_ms), None, "{format:?}");
        }
    }
}
