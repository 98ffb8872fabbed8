//! What the result of a check makes of the answer.

use super::Pipeline;
use crate::check::{replay, throttle};
use crate::decision::{Check, Decision, Denial, Group, Reason, Verdict};
use crate::policy::{Policy, Route};
use crate::primitive::text::Text;
use crate::request::Client;

impl<'p> Pipeline<'p> {
    /// Lets a refusal by a check in dry run pass, and takes note of it.
    #[inline]
    pub(super) fn observe(
        &self,
        answer: &mut Decision,
        check: Check,
        result: Result<(), impl Into<Denial<'p>>>,
    ) -> Result<(), Denial<'p>> {
        self.observed(answer, check, result).map(|_| ())
    }

    #[inline]
    pub(super) fn observed<T>(
        &self,
        answer: &mut Decision,
        check: Check,
        result: Result<T, impl Into<Denial<'p>>>,
    ) -> Result<Option<T>, Denial<'p>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(refusal) => self.overlook(answer, check, refusal.into()),
        }
    }

    /// As [`observed`](Self::observed), of the messages taken.
    #[inline]
    pub(super) fn replayed<T>(
        &self,
        answer: &mut Decision,
        result: Result<T, replay::Refusal>,
    ) -> Result<Option<T>, Denial<'p>> {
        answer.replay_pending = result.as_ref().is_err_and(|refusal| refusal.pending);
        self.observed(answer, Check::Replay, result)
    }

    #[cold]
    fn overlook<T>(
        &self,
        answer: &mut Decision,
        check: Check,
        denial: Denial<'p>,
    ) -> Result<Option<T>, Denial<'p>> {
        if !self.route.dry_run.contains(check) {
            return Err(denial);
        }
        if answer.would_deny.is_empty() {
            answer.would_deny_reason = denial.reason;
        }
        answer.would_deny = answer.would_deny.with(check);
        Ok(None)
    }

    /// A denial, counted against the address if it was a failed attempt.
    #[cold]
    pub(super) fn refuse(&self, answer: &mut Decision, client: Option<Client>, denial: Denial<'_>) {
        let failed = matches!(denial.reason.group(), Group::Credential);
        if let (true, Some(rate), Some(client)) = (failed, &self.policy.failures, client) {
            throttle::record(self.memory.limits.as_ref(), rate, &client, self.now.monotonic_ns);
        }
        match denial.reason {
            Reason::MethodNotAllowed => answer.allow = allowed_methods(self.route),
            Reason::Replayed => {
                // What was taken before proves nothing of who sends it now.
                answer.authenticated = false;
                answer.rate = None;
                answer.retry_after_ms = None;
            }
            Reason::InsufficientScope => {
                answer.scope = self
                    .route
                    .scope
                    .as_ref()
                    .map_or(Text::EMPTY, |scope| Text::truncated(&scope.name));
            }
            _ => (),
        }
        deny(self.policy, answer, denial);
    }
}

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
fn allowed_methods(route: &Route) -> Text<64> {
    let mut joined = Text::EMPTY;
    for method in route.methods.iter().flatten() {
        if !joined.is_empty() {
            joined.push(", ");
        }
        joined.push(method);
    }
    joined
}
