//! What a verdict makes of the answer.

use crate::decision::{Decision, Denial, Group, Reason, Verdict};
use crate::policy::{Policy, Route};
use crate::primitive::text::Text;

/// Lets the request pass.
pub(super) fn allow(answer: &mut Decision) {
    answer.verdict = Verdict::Allow;
    answer.reason = match () {
        () if !answer.would_deny.is_empty() => Reason::OkWouldDeny,
        () if answer.quirks != 0 => Reason::OkQuirk,
        () => Reason::Ok,
    };
    answer.http_status = answer.reason.http_status();
}

/// Denies the request.
#[cold]
pub(super) fn deny(policy: &Policy, answer: &mut Decision, denial: Denial<'_>) {
    answer.verdict = Verdict::Deny;
    answer.reason = denial.reason;
    answer.header = Text::truncated(denial.header);
    answer.realm = Text::truncated(&policy.realm);
    answer.http_status = match denial.reason.group() {
        // Told only to those who proved the secret.
        Group::State | Group::Authorization if !answer.authenticated => 401,
        _ => denial.reason.http_status(),
    };
    if denial.reason.group() == Group::Dependency {
        answer.retry_after_ms = Some(DEPENDENCY_RETRY_MS);
    }
}

/// What a caller is told to wait where the gate lacks something: nobody knows how long.
const DEPENDENCY_RETRY_MS: u64 = 1000;

/// What the `Allow` field says.
pub(super) fn allowed_methods(route: &Route) -> Text<64> {
    let mut joined = Text::EMPTY;
    for method in route.methods.iter().flatten() {
        if !joined.is_empty() {
            joined.push(", ");
        }
        joined.push(method);
    }
    joined
}
