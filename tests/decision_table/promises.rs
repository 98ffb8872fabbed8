//! What is promised of every answer, whatever was asked.

use tollgate::decision::{Challenge, Check, Decision, Group, Reason, Verdict};

use super::compare::{asked_for, header_lines, value};

/// What a promise says, and whether the decision keeps it.
type Promise = (&'static str, bool);

/// The promises that a decision does not keep.
pub(crate) fn broken_promises(decision: &Decision) -> Vec<String> {
    let lines = header_lines(decision);
    let kept = verdict(decision)
        .into_iter()
        .chain(secrecy(decision))
        .chain(headers(decision, &lines))
        .chain(texts(decision, &lines));
    let broken = kept.filter(|(_, kept)| !kept);
    broken.map(|(promise, _)| format!("a promise is broken: {promise}")).collect()
}

fn verdict(decision: &Decision) -> [Promise; 5] {
    let passes = decision.reason.group() == Group::Pass;
    let proved = decision.authenticated || decision.would_deny.contains(Check::Signature);
    [
        ("the verdict is that of the reason", (decision.verdict == Verdict::Allow) == passes),
        ("nothing else allows", decision.allows() == passes),
        ("200 goes with a pass", (decision.http_status == 200) == passes),
        ("who passes has proved the secret", !passes || proved),
        ("who passes is somebody", !passes || !decision.credential.is_empty()),
    ]
}

/// Before the secret is proved, every reason about a credential looks the same.
fn secrecy(decision: &Decision) -> [Promise; 2] {
    let secret = match decision.reason.group() {
        Group::Credential | Group::Time | Group::Undecided => true,
        Group::State | Group::Authorization => !decision.authenticated,
        _ => false,
    };
    [
        ("the name tells nothing", !secret || decision.public_name() == "unauthorized"),
        ("the status tells nothing", !secret || decision.http_status == 401),
    ]
}

fn headers(decision: &Decision, lines: &[String]) -> [Promise; 7] {
    let has = |start: &str| lines.iter().any(|line| line.starts_with(start));
    let status = decision.http_status;
    let asks = has("WWW-Authenticate: ");
    let may_ask = status == 401 || decision.reason == Reason::InsufficientScope;
    let waits = value(lines, "Retry-After");
    let limit = lines.iter().find_map(|line| line.strip_prefix("RateLimit: ")?.split(";t=").nth(1));
    let limit = limit.map_or(0, |seconds| seconds.parse().expect("whole seconds"));
    [
        ("401 carries a challenge", status != 401 || asks),
        ("no other status does", may_ask || !asks),
        ("the challenges are the route's", status != 401 || asked_for(decision) == taken(decision)),
        (
            "401 and 429 are not cached",
            !matches!(status, 401 | 429) || has("Cache-Control: no-store"),
        ),
        ("429 and 503 say how long to wait", !matches!(status, 429 | 503) || waits >= Some(1)),
        ("Retry-After is not before RateLimit", status != 429 || waits >= Some(limit)),
        ("405 says what is allowed", status != 405 || has("Allow: ")),
    ]
}

/// The names of the challenges that the decision has.
fn taken(decision: &Decision) -> Vec<String> {
    let all = [
        (Challenge::Basic, "Basic"),
        (Challenge::Bearer, "Bearer"),
        (Challenge::ApiKey, "ApiKey"),
        (Challenge::Signature, "Signature"),
    ];
    let taken = all.iter().filter(|(challenge, _)| decision.challenges & *challenge as u32 != 0);
    taken.map(|(_, name)| (*name).to_owned()).collect()
}

fn texts(decision: &Decision, lines: &[String]) -> [Promise; 2] {
    let mut texts = lines.to_vec();
    texts.push(format!("{decision:?} {} {}", decision.public_name(), decision.reason.text()));
    texts.extend([&decision.header, &decision.scope, &decision.allow].map(ToString::to_string));
    texts.extend([decision.credential.to_string(), decision.realm.to_string()]);
    [
        ("no text of the caller is in the texts", texts.iter().all(|text| is_clean(text))),
        ("the size of the lines is known", needed_size_is_right(decision)),
    ]
}

/// Printable ASCII, and nothing that a caller of the table wrote to be found.
fn is_clean(text: &str) -> bool {
    let printable = text.chars().all(|character| matches!(character, ' '..='~'));
    printable && !text.to_ascii_lowercase().contains("evil")
}

fn needed_size_is_right(decision: &Decision) -> bool {
    let needed = decision.header_lines(&mut []).map_or_else(|error| error.needed, str::len);
    let mut exact = vec![0; needed];
    let fits = decision.header_lines(&mut exact).is_ok_and(|text| text.len() == needed);
    let short =
        needed.checked_sub(1).map(|less| decision.header_lines(&mut exact[..less]).is_err());
    fits && short != Some(false)
}
