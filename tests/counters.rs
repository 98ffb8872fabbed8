//! Counters: what is counted is what the text says, names and labels are written as the format
//! wants them, and what a killed worker left of a name harms nobody.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

extern crate alloc;

use alloc::collections::BTreeMap;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Barrier;
use std::thread;

use tollgate::decision::{Group, Reason, Verdict};
use tollgate::limit::counters::{AttachError, Counters, InitError, NotDecided, init, size_words};
use tollgate::primitive::BufferTooSmall;

const HEADER: usize = 16;
/// The words of a row.
const ROW: usize = match (size_words(0), size_words(1)) {
    (Some(none), Some(one)) => one - none,
    _ => 0,
};
/// The first of them: tag, length, eight of the name.
const HEAD: usize = 10;

fn fresh(routes: usize) -> Vec<AtomicU64> {
    let words = size_words(routes).unwrap();
    let memory: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(u64::MAX)).collect();
    init(&memory, routes).unwrap();
    memory
}

/// Counts one that may pass.
fn pass(counters: &Counters<'_>, route: &str) {
    counters.count(route, Verdict::Allow, Reason::Ok, false).unwrap();
}

fn text(counters: &Counters<'_>, labels: &str) -> String {
    let mut buffer = vec![0; 1 << 20];
    counters.text(labels, &mut buffer).unwrap().to_string()
}

/// The value of a label behind its opening quote, and what follows the closing one.
fn unescaped(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next().expect("a closing quote") {
            '"' => return (value, rest.as_str()),
            '\n' => panic!("a line feed in a label"),
            '\\' => value.push(match rest.next().expect("something behind a backslash") {
                'n' => '\n',
                plain @ ('\\' | '"') => plain,
                other => panic!("\\{other} in a label"),
            }),
            plain => value.push(plain),
        }
    }
}

/// The labels and the number of a sample line.
fn sample(line: &str) -> (Vec<(String, String)>, u64) {
    let mut rest = line.strip_prefix("tollgate_checks_total{").expect("the name of the counter");
    let mut labels = Vec::new();
    loop {
        let (name, value) = rest.split_once("=\"").expect("a label");
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'), "{name}");
        let (value, behind) = unescaped(value);
        labels.push((name.to_string(), value));
        rest = match behind.strip_prefix(',') {
            Some(next) => next,
            None => break rest = behind,
        };
    }
    let number = rest.strip_prefix("} ").expect("the end of the labels");
    (labels, number.parse().expect("a number"))
}

/// What the text says: route, outcome and reason to count. No sample stands twice.
fn samples(text: &str) -> BTreeMap<[String; 3], u64> {
    assert!(text.is_empty() || text.ends_with('\n'));
    let mut found = BTreeMap::new();
    for line in text.split_terminator('\n') {
        let (labels, number) = sample(line);
        let names: Vec<&str> = labels.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["route", "outcome", "reason"], "{line}");
        let key: [String; 3] = core::array::from_fn(|at| labels[at].1.clone());
        assert!(number > 0 && found.insert(key, number).is_none(), "{line}");
    }
    found
}

/// The routes of the text, each with all that was counted for it.
fn totals(counters: &Counters<'_>) -> BTreeMap<String, u64> {
    let mut totals = BTreeMap::new();
    for ([route, ..], count) in samples(&text(counters, "")) {
        *totals.entry(route).or_insert(0) += count;
    }
    totals
}

#[test]
fn the_text_is_what_it_was() {
    let memory = fresh(2);
    let counters = Counters::attach(&memory).unwrap();
    assert_eq!(text(&counters, ""), "");
    counters.count("a", Verdict::Deny, Reason::Stale, true).unwrap();
    counters.count("a", Verdict::Deny, Reason::Internal, false).unwrap();
    counters.count("a", Verdict::Deny, Reason::Stale, false).unwrap();
    (0..12).for_each(|_| pass(&counters, "a"));
    counters.count("", Verdict::Allow, Reason::OkWouldDeny, true).unwrap();
    let expected = "\
tollgate_checks_total{route=\"a\",outcome=\"allowed\",reason=\"ok\"} 12
tollgate_checks_total{route=\"a\",outcome=\"denied\",reason=\"stale\"} 1
tollgate_checks_total{route=\"a\",outcome=\"dry_run\",reason=\"stale\"} 1
tollgate_checks_total{route=\"a\",outcome=\"denied\",reason=\"internal\"} 1
tollgate_checks_total{route=\"\",outcome=\"allowed\",reason=\"ok_would_deny\"} 1
";
    assert_eq!(text(&counters, ""), expected);
    let labels = "zone=\"main\",host=\"\\\"\"";
    let labelled = expected.replace("{route", &format!("{{{labels},route"));
    assert_eq!(text(&counters, labels), labelled);
}

#[test]
fn every_decision_is_counted_as_what_it_is() {
    let memory = fresh(1);
    let counters = Counters::attach(&memory).unwrap();
    let mut expected = BTreeMap::new();
    for (at, reason) in Reason::ALL.iter().enumerate() {
        for (verdict, dry_run) in [
            (Verdict::Allow, false),
            (Verdict::Allow, true),
            (Verdict::Deny, false),
            (Verdict::Deny, true),
        ] {
            let outcome = match (reason.group() == Group::Pass, verdict, dry_run) {
                _ if *reason == Reason::None => None,
                (true, Verdict::Allow, _) => Some("allowed"),
                (false, Verdict::Deny, false) => Some("denied"),
                (false, Verdict::Deny, true) => Some("dry_run"),
                _ => None,
            };
            // A number of its own for each.
            for _ in 0..=2 * at + usize::from(dry_run) {
                let counted = counters.count("route", verdict, *reason, dry_run);
                assert_eq!(counted, outcome.map(|_| ()).ok_or(NotDecided), "{reason:?}");
                if let Some(outcome) = outcome {
                    let key = ["route", outcome, reason.name()].map(str::to_string);
                    *expected.entry(key).or_insert(0) += 1;
                }
            }
        }
    }
    assert_eq!(expected.len(), 3 + 2 * (Reason::ALL.len() - 4));
    assert_eq!(samples(&text(&counters, "")), expected);
}

#[test]
fn every_name_has_its_row() {
    let mut names: Vec<String> = (1..=64).map(|length| "n".repeat(length)).collect();
    let odd =
        ["a\0", "a\0\0", "\0", "\0\0\0\0\0\0\0\0", "\"", "\\", "\n", "a\\n\"\nb", "ü", "支付"];
    names.extend(odd.map(str::to_string));
    names.extend((0..500).map(|number| format!("route-{number}")));
    let memory = fresh(names.len());
    let counters = Counters::attach(&memory).unwrap();
    for round in 0..3 {
        for name in names.iter().skip(round) {
            pass(&counters, name);
        }
    }
    let expected = names.into_iter().enumerate().map(|(at, name)| (name, 3.min(at as u64 + 1)));
    assert_eq!(totals(&counters), expected.collect());
}

#[test]
fn what_finds_no_row_is_counted_without_a_name() {
    for routes in [0, 1, 7] {
        let memory = fresh(routes);
        let counters = Counters::attach(&memory).unwrap();
        let too_long = "n".repeat(65);
        for _ in 0..5 {
            pass(&counters, &too_long);
            pass(&counters, "");
            (0..routes + 3).for_each(|number| pass(&counters, &number.to_string()));
        }
        let mut expected: BTreeMap<String, u64> =
            (0..routes).map(|number| (number.to_string(), 5)).collect();
        expected.insert(String::new(), 25);
        assert_eq!(totals(&counters), expected, "{routes} routes");
    }
}

#[test]
fn a_buffer_holds_all_of_the_text_or_says_what_it_takes() {
    let memory = fresh(3);
    let counters = Counters::attach(&memory).unwrap();
    ["a", "b\n"].iter().for_each(|route| pass(&counters, route));
    let whole = text(&counters, "zone=\"main\"");
    for capacity in 0..=whole.len() + 2 {
        let mut buffer = vec![b'-'; capacity];
        let expected = match capacity < whole.len() {
            true => Err(BufferTooSmall { needed: whole.len() }),
            false => Ok(whole.as_str()),
        };
        assert_eq!(counters.text("zone=\"main\"", &mut buffer), expected, "{capacity} bytes");
    }
}

#[test]
fn memory_that_is_no_counters_is_refused() {
    let memory = fresh(5);
    for length in 0..memory.len() {
        let needed = if length < 6 { HEADER } else { memory.len() };
        let refused = Counters::attach(&memory[..length]).unwrap_err();
        assert_eq!(refused, AttachError::TooShort { needed }, "{length} words");
        assert!(init(&memory[..length], 5).is_err(), "{length} words");
    }
    for (word, bit) in (0..6).flat_map(|word| (0..64).map(move |bit| (word, bit))) {
        memory[word].fetch_xor(1 << bit, Relaxed);
        let refused = Counters::attach(&memory).unwrap_err();
        match (word, bit) {
            (0, 0..8) => assert!(matches!(refused, AttachError::OtherVersion { .. })),
            (0, _) => assert_eq!(refused, AttachError::NotATable),
            _ => assert_eq!(refused, AttachError::Corrupt, "word {word}, bit {bit}"),
        }
        memory[word].fetch_xor(1 << bit, Relaxed);
    }
    for fill in [0, 1, u64::MAX] {
        let memory: Vec<AtomicU64> = (0..1000).map(|_| AtomicU64::new(fill)).collect();
        assert_eq!(Counters::attach(&memory).unwrap_err(), AttachError::NotATable);
    }
    assert_eq!((size_words(usize::MAX), size_words(usize::MAX - 1)), (None, None));
    assert_eq!(init(&memory, usize::MAX), Err(InitError::TooMany));
    let needed = size_words(6).unwrap();
    assert_eq!(init(&memory, 6), Err(InitError::TooShort { needed }));
    assert!(Counters::attach(&memory).is_ok(), "still counters");
}

/// The tables for limits and for messages begin alike, and are something else.
#[test]
fn other_tables_are_refused() {
    let memory: Vec<AtomicU64> = (0..100_000).map(|_| AtomicU64::new(0)).collect();
    tollgate::limit::init(&memory, 10, 10, [7; 16]).unwrap();
    assert_eq!(Counters::attach(&memory).unwrap_err(), AttachError::NotATable);
    tollgate::limit::replay::init(&memory, 10, 1000, [7; 16]).unwrap();
    assert_eq!(Counters::attach(&memory).unwrap_err(), AttachError::NotATable);
    init(&memory, 10).unwrap();
    assert!(Counters::attach(&memory).is_ok());
}

#[test]
fn memory_behind_the_counters_is_not_touched() {
    let words = size_words(3).unwrap();
    let memory: Vec<AtomicU64> = (0..words + 8).map(|_| AtomicU64::new(99)).collect();
    init(&memory, 3).unwrap();
    let counters = Counters::attach(&memory).unwrap();
    for (number, reason) in Reason::ALL.iter().enumerate() {
        let _ = counters.count(&number.to_string(), Verdict::Deny, *reason, true);
    }
    assert!(memory[words..].iter().all(|word| word.load(Relaxed) == 99));
}

/// Nothing panics or hangs, and no line is broken.
#[test]
fn scribbled_rows_neither_panic_nor_hang() {
    let memory = fresh(4);
    let counters = Counters::attach(&memory).unwrap();
    let mut random = 1u64;
    for round in 0..500 {
        for word in &memory[HEADER..] {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            let shape = [random, random >> 58, 0, u64::MAX, !0x6161_6161_6161_6161, random << 32];
            word.store(shape[(random >> 33) as usize % shape.len()], Relaxed);
        }
        pass(&counters, &format!("route-{round}"));
        let mut buffer = vec![0; 1 << 20];
        let text = counters.text("", &mut buffer).unwrap();
        text.split_terminator('\n').for_each(|line| _ = sample(line));
    }
}

/// The words of the row that a name takes in memory for one route.
fn words_of(name: &str) -> Vec<u64> {
    let memory = fresh(1);
    pass(&Counters::attach(&memory).unwrap(), name);
    memory[HEADER..HEADER + HEAD].iter().map(|word| word.load(Relaxed)).collect()
}

/// The row at which one begins to look for the name of these words.
fn start(words: &[u64], rows: usize) -> usize {
    ((words[0] >> 32) as usize * rows) >> 32
}

/// A name in `row` as a worker left it that was killed behind so many of its writes.
fn plant(memory: &[AtomicU64], row: usize, words: &[u64], writes: usize) {
    let row = &memory[HEADER + row * ROW..];
    words.iter().take(writes).zip(row).for_each(|(word, to)| to.store(*word, Relaxed));
}

const LONG: &str = "a-name-of-33-bytes-takes-5-words.";

#[test]
fn what_a_killed_worker_left_is_finished() {
    let words = words_of(LONG);
    assert_eq!(words.iter().filter(|word| **word != 0).count(), 7, "tag, length, five words");
    for writes in 0..=7 {
        for routes in [1, 5] {
            let memory = fresh(routes);
            plant(&memory, start(&words, routes), &words, writes);
            let counters = Counters::attach(&memory).unwrap();
            assert_eq!(text(&counters, ""), "", "behind write {writes}");
            (0..3).for_each(|_| pass(&counters, LONG));
            assert_eq!(totals(&counters), [(LONG.to_string(), 3)].into(), "behind {writes}");
            let tags = memory[HEADER..].chunks(ROW).filter(|row| row[0].load(Relaxed) != 0);
            assert_eq!(tags.count(), 1, "behind write {writes}: one row");
        }
    }
}

#[test]
fn what_a_killed_worker_left_holds_up_nobody() {
    let words = words_of(LONG);
    for writes in 1..7 {
        let memory = fresh(3);
        // In front of everybody: whoever begins elsewhere comes by here when the rest is taken.
        plant(&memory, 0, &words, writes);
        let counters = Counters::attach(&memory).unwrap();
        let names = ["one", "two", "three"];
        (0..4).for_each(|_| names.iter().for_each(|name| pass(&counters, name)));
        // Two rows are left; what finds none is counted all the same.
        let expected =
            [("one", 4), ("two", 4), ("", 4)].map(|(name, count)| (name.to_string(), count));
        assert_eq!(totals(&counters), expected.into(), "behind write {writes}");
        for (at, word) in memory[HEADER..HEADER + HEAD].iter().enumerate() {
            let left = if at < writes { words[at] } else { 0 };
            assert_eq!(word.load(Relaxed), left, "word {at} is as it was left");
        }
        assert!(memory[HEADER + HEAD..HEADER + ROW].iter().all(|cell| cell.load(Relaxed) == 0));
    }
}

/// Two names with one tag, which takes 2^64 pairs to come by: the words that another one left make
/// no row of the name, and no line that nobody asked for.
#[test]
fn names_with_one_tag_are_kept_apart() {
    let (name, other) = ("a-name-with-a-tag", "another-with-same");
    let words = words_of(name);
    let mut others = words_of(other);
    others[0] = words[0];
    for (writes, row) in (1..=5).flat_map(|writes| [(writes, 1), (writes, 2)]) {
        let memory = fresh(row);
        plant(&memory, start(&words, row), &others, writes);
        let counters = Counters::attach(&memory).unwrap();
        (0..3).for_each(|_| pass(&counters, name));
        // Up to the length they are alike, so the name takes the row; later it goes on.
        let found = if writes <= 2 || row == 2 { name } else { "" };
        assert_eq!(totals(&counters), [(found.to_string(), 3)].into(), "{writes} of {row}");
    }
}

/// The control for the ones above: a row whose name is not whole is not shown, whatever it counts.
#[test]
fn a_row_is_shown_once_its_name_is_whole() {
    let words = words_of(LONG);
    for writes in 0..=7 {
        let memory = fresh(1);
        plant(&memory, 0, &words, writes);
        memory[HEADER + HEAD + 2].store(9, Relaxed);
        let counters = Counters::attach(&memory).unwrap();
        let expected = (writes == 7).then(|| (LONG.to_string(), 9));
        assert_eq!(totals(&counters), expected.into_iter().collect(), "behind write {writes}");
    }
}

/// What each thread does: `rounds` names of so many, each in another order.
fn count_names(counters: &Counters<'_>, thread: usize, rounds: usize, names: usize) {
    // Without a factor in common with 40, so that all names come equally often.
    let stride = [1, 3, 7, 9][thread];
    for round in 0..rounds {
        let name = format!("the-name-of-route-{}", (thread * 7 + round * stride) % names);
        let reason = if round % 2 == 0 { Reason::BadSecret } else { Reason::RateLimited };
        counters.count(&name, Verdict::Deny, reason, thread % 2 == 1).unwrap();
    }
}

const THREADS: usize = 4;

/// What four threads count in memory for so many routes.
fn counted_by_threads(routes: usize, rounds: usize, names: usize) -> BTreeMap<String, u64> {
    let memory = fresh(routes);
    let counters = Counters::attach(&memory).unwrap();
    let begin = Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (counters, begin) = (&counters, &begin);
            scope.spawn(move || {
                begin.wait();
                count_names(counters, thread, rounds, names);
            });
        }
    });
    totals(&counters)
}

#[test]
fn threads_count_exactly() {
    let found = counted_by_threads(40, 40_000, 40);
    assert_eq!(found.len(), 40);
    assert!(found.values().all(|count| *count == 4000), "{found:?}");
    let found = counted_by_threads(10, 40_000, 40);
    assert_eq!((found.len(), found[""]), (11, 30 * 4000));
    assert!(found.iter().all(|(name, count)| name.is_empty() || *count == 4000), "{found:?}");
}

/// The threads have little else to do than to take the rows.
#[test]
fn threads_take_each_row_once() {
    for _ in 0..300 {
        let found = counted_by_threads(10, 10, 10);
        assert_eq!(found.len(), 10);
        assert!(found.values().all(|count| *count == 4), "{found:?}");
        let found = counted_by_threads(5, 10, 10);
        assert_eq!((found.len(), found[""]), (6, 20));
    }
}

/// The control: counts that are read and written in two steps get lost.
#[test]
fn counts_without_an_addition_get_lost() {
    let count = AtomicU64::new(0);
    let worker = || {
        for _ in 0..20_000 {
            let found = count.load(Relaxed);
            thread::yield_now();
            count.store(found + 1, Relaxed);
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|_| _ = scope.spawn(worker)));
    assert!(count.load(Relaxed) < 20_000 * THREADS as u64);
}
