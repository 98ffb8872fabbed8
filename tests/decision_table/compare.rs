//! Comparing an answer with what the table expects.

use tollgate::decision::{Check, Decision, Quirk};

use super::promises::broken_promises;
use super::run::Answer;
use super::vectors::Expect;

/// What differs between the expectation and the answer; nothing if the row holds.
pub(crate) fn differences(expect: &Expect, answer: &Answer) -> Vec<String> {
    let mut found = broken_promises(&answer.decision);
    let reason = answer.decision.reason.name();
    if !expect.reasons.iter().any(|wanted| wanted == reason) {
        found.push(format!("the reason is {reason}, not {}", expect.reasons.join(" or ")));
    }
    for (what, wanted, got) in points(expect, answer) {
        if wanted.as_ref().is_some_and(|wanted| *wanted != got) {
            found.push(format!("{what} is {got}, not {}", wanted.unwrap_or_default()));
        }
    }
    found
}

/// The points in which an answer is compared: what it is called, what is wanted if anything is,
/// and what was got.
fn points(expect: &Expect, answer: &Answer) -> Vec<(&'static str, Option<String>, String)> {
    fn text<T: ToString>(wanted: Option<&T>) -> Option<String> {
        wanted.map(ToString::to_string)
    }
    let Answer { decision, by_head } = answer;
    let lines = header_lines(decision);
    // One call does not say it.
    let wanted_head =
        expect.head.filter(|_| by_head.is_some()).map(|head| format!("{:?}", Some(head)));
    let seconds = value(&lines, "Retry-After").map_or_else(String::new, |it| it.to_string());
    let would_reason = decision.would_deny_reason.name().to_owned();
    let challenges = expect.challenges.as_ref().map(|names| names.join(" "));
    let wanted_lines = expect.lines.as_ref().map(|lines| lines.join("\n"));
    vec![
        ("the status", text(expect.status.as_ref()), decision.http_status.to_string()),
        ("the header", expect.header.clone(), decision.header.to_string()),
        ("the credential", expect.credential.clone(), decision.credential.to_string()),
        ("the generation", text(expect.generation.as_ref()), decision.generation.to_string()),
        ("the list of quirks", Some(expect.quirks.join(" ")), quirks(decision).join(" ")),
        ("would_deny", Some(expect.would_deny.join(" ")), would_deny(decision).join(" ")),
        ("would_deny_reason", expect.would_deny_reason.clone(), would_reason),
        ("the list of challenges", challenges, asked_for(decision).join(" ")),
        ("Retry-After", text(expect.retry_after.as_ref()), seconds),
        ("the header lines", wanted_lines, lines.join("\n")),
        ("that the head decides", wanted_head, format!("{by_head:?}")),
        ("replay_pending", text(expect.pending.as_ref()), decision.replay_pending.to_string()),
    ]
}

/// What the caller gets to see.
pub(crate) fn public_answer(decision: &Decision) -> String {
    let (status, name) = (decision.http_status, decision.public_name());
    format!("{status} {name}\n{}", header_lines(decision).join("\n"))
}

fn quirks(decision: &Decision) -> Vec<&'static str> {
    let all = [
        (Quirk::BasicTrailingNewline, "basic_trailing_newline"),
        (Quirk::BasicUnpadded, "basic_unpadded"),
        (Quirk::ReplayFull, "replay_full"),
        (Quirk::BasicRaw, "basic_raw"),
    ];
    let needed = |quirk: Quirk| decision.quirks & quirk as u32 != 0;
    all.into_iter().filter(|(quirk, _)| needed(*quirk)).map(|(_, name)| name).collect()
}

fn would_deny(decision: &Decision) -> Vec<&'static str> {
    let all = Check::ALL.iter().filter(|(check, _)| decision.would_deny.contains(*check));
    all.map(|(_, name)| *name).collect()
}

/// The schemes of the WWW-Authenticate lines, which have to be those of `challenges`.
pub(super) fn asked_for(decision: &Decision) -> Vec<String> {
    let lines = header_lines(decision);
    let challenges = lines.iter().filter_map(|line| line.strip_prefix("WWW-Authenticate: "));
    challenges.map(|value| value.split(' ').next().unwrap_or("").to_owned()).collect()
}

pub(super) fn header_lines(decision: &Decision) -> Vec<String> {
    let mut room = [0_u8; 1024];
    let text = decision.header_lines(&mut room).expect("1024 bytes are enough");
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

pub(super) fn value(lines: &[String], name: &str) -> Option<u64> {
    let mut values = lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let first = values.next()?;
    assert_eq!(values.next(), None, "two {name} lines");
    Some(first.parse().expect("whole seconds"))
}
