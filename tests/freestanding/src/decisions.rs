//! Decisions and reasons.

use core::hint::black_box;

use tollgate::decision::{Challenge, Check, Checks, Claim, Decision, Denial, Reason, Verdict};

use crate::Answers;

pub fn ask(answers: &mut Answers) {
    reasons(answers);
    decision(answers);
    checks(answers);
    let words = black_box([1; 8]);
    answers.expect(Claim::from_words(words).map(Claim::to_words) == Some(words));
}

fn reasons(answers: &mut Answers) {
    let reason = Reason::from_number(black_box(505)).unwrap_or_default();
    answers.expect(reason == Reason::SigMismatch && reason.number() == 505);
    answers.expect(reason.name() == "sig_mismatch" && !reason.text().is_empty());
    answers.expect(reason.http_status() == 401 && reason.public_name() == "unauthorized");
    answers.expect(reason.group() == Reason::BadSecret.group());
    answers.expect(Denial::about(reason, black_box("X-Login")).header == "X-Login");
}

fn decision(answers: &mut Answers) {
    let decision = black_box(Decision {
        reason: Reason::RateLimited,
        http_status: 429,
        retry_after_ms: Some(1500),
        ..Decision::default()
    });
    answers.expect(!decision.allows() && decision.verdict == Verdict::Deny);
    answers.expect(decision.public_name() == "rate_limited");
    let mut room = [0; 1024];
    let lines = decision.header_lines(&mut room);
    answers.expect(lines == Ok("Retry-After: 2\r\nCache-Control: no-store\r\n"));
    let unauthorized = black_box(Decision {
        reason: Reason::BadSecret,
        http_status: 401,
        challenges: Challenge::Basic as u32,
        ..Decision::default()
    });
    answers.expect(unauthorized.header_lines(black_box(&mut [0; 8])).is_err());
}

fn checks(answers: &mut Answers) {
    let checks = Checks::NONE.with(black_box(Check::Rate));
    answers.expect(checks.contains(Check::Rate) && !checks.is_empty());
    answers.expect(Checks::from_bits(black_box(checks.bits())) == checks);
}
