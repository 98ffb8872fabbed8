//! The answer to a request, and what the host needs to pass it on.

use core::ffi::c_char;

use super::boundary::{Bytes, Call, Plain, SizedOut, Versioned};
use super::claim::Claim;
use super::status::Status;
use crate::decision::{self, Checks, RateReport, Reason, Verdict};
use crate::primitive::text::Text;

/// The answer to one request. Fill it with TOLLGATE_DECISION_INIT first; a zeroed one denies.
///
/// Texts are UTF-8, ended by a NUL, and empty where they do not apply.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Decision {
    /// sizeof(tollgate_decision).
    size: usize,
    /// A tollgate_verdict: nothing but TOLLGATE_VERDICT_ALLOW lets the request pass.
    verdict: u32,
    /// A tollgate_reason, for the operator. TOLLGATE_REASON_NONE says that nothing is decided yet:
    /// the body is still to come. What the caller may be told is
    /// tollgate_decision_public_name().
    reason: u32,
    /// The HTTP status to answer with.
    http_status: u32,
    /// 1 if the caller proved to be the credential.
    authenticated: u32,
    /// The checks in dry run that would have denied the request: tollgate_check bits.
    would_deny: u32,
    /// The tollgate_reason of the first of them.
    would_deny_reason: u32,
    /// The tolerances that the request needed: tollgate_quirk bits.
    quirks: u32,
    /// The generation of the signing secret that matched, or else that of the API key or the
    /// passphrase; 0 if none did, or it has no number.
    generation: u32,
    /// The ways to authenticate that the route takes: tollgate_challenge bits.
    challenges: u32,
    /// 1 if a rate limit was asked and the rate_ fields say how it stands.
    has_rate: u32,
    /// How long the caller should wait, in milliseconds; 0 if waiting does not help.
    retry_after_ms: u64,
    /// Requests that may come at once.
    rate_quota: u64,
    /// The time in which the whole quota comes back, in seconds.
    rate_window_s: u64,
    /// Requests that may come now.
    rate_remaining: u64,
    /// The time until the whole quota is back, in seconds.
    rate_reset_s: u64,
    /// The id of the credential that the request names.
    credential: [c_char; 65],
    /// The header that the reason is about.
    header: [c_char; 65],
    /// The scope that the credential lacks.
    scope: [c_char; 65],
    /// The methods that the route takes, where the reason is the method.
    allow: [c_char; 65],
    /// The realm of the policy.
    realm: [c_char; 65],
    /// The name of the rate limit.
    rate_name: [c_char; 35],
    /// The hold on the message, for tollgate_gate_confirm() and tollgate_gate_release().
    claim: Claim,
    /// 1 if the message passes only once, and this request has it: `claim` is a hold.
    claimed: u32,
    /// 1 if the message was taken before and is neither confirmed nor released yet: whoever has it
    /// may still fail. With 0 beside TOLLGATE_REASON_REPLAYED it was processed; a host may answer
    /// a webhook that comes again then with success, so that its sender stops.
    replay_pending: u32,
}

// A gap between the fields or behind them would carry whatever lay on the stack to the caller.
const _: () = assert!(
    size_of::<Decision>() == size_of::<usize>() + 10 * 4 + 5 * 8 + 5 * 65 + 35 + 8 * 8 + 2 * 4
);

// SAFETY: numbers and arrays of them.
unsafe impl Plain for Decision {}
// SAFETY: `repr(C)`, and `size` is first.
unsafe impl Versioned for Decision {
    const EARLIER: &'static [usize] = &[];
}

impl Decision {
    /// Denies, and says that nothing was decided.
    pub(super) const UNDECIDED: Self = Self {
        size: 0,
        verdict: Verdict::Deny as u32,
        reason: Reason::None as u32,
        http_status: 500,
        authenticated: 0,
        would_deny: 0,
        would_deny_reason: 0,
        quirks: 0,
        generation: 0,
        challenges: 0,
        has_rate: 0,
        retry_after_ms: 0,
        rate_quota: 0,
        rate_window_s: 0,
        rate_remaining: 0,
        rate_reset_s: 0,
        credential: [0; 65],
        header: [0; 65],
        scope: [0; 65],
        allow: [0; 65],
        realm: [0; 65],
        rate_name: [0; 35],
        claim: Claim::NONE,
        claimed: 0,
        replay_pending: 0,
    };

    /// Denies because the library failed.
    pub(super) const FAILED: Self = Self { reason: Reason::Internal as u32, ..Self::UNDECIDED };

    /// Sets the decision to deny before anything else is done, so that it denies whatever happens
    /// until the work sets what it came to.
    pub(super) fn denying(mut out: SizedOut<'_, Self>) -> SizedOut<'_, Self> {
        out.set(&Self::FAILED);
        out
    }

    /// As a struct of `size` bytes.
    #[inline]
    pub(super) fn new(from: &decision::Decision, size: usize) -> Self {
        let rate = from.rate.unwrap_or_default();
        Self {
            size,
            verdict: from.verdict as u32,
            reason: from.reason.number(),
            http_status: u32::from(from.http_status),
            authenticated: u32::from(from.authenticated),
            would_deny: from.would_deny.bits(),
            would_deny_reason: from.would_deny_reason.number(),
            quirks: from.quirks,
            generation: from.generation,
            challenges: from.challenges,
            has_rate: u32::from(from.rate.is_some()),
            retry_after_ms: from.retry_after_ms.map_or(0, |wait| wait.max(1)),
            rate_quota: rate.quota,
            rate_window_s: rate.window_s,
            rate_remaining: rate.remaining,
            rate_reset_s: rate.reset_s,
            credential: to_c(&from.credential),
            header: to_c(&from.header),
            scope: to_c(&from.scope),
            allow: to_c(&from.allow),
            realm: to_c(&from.realm),
            rate_name: to_c(&rate.name),
            claim: Claim::new(from.claim),
            claimed: u32::from(from.claim.is_some()),
            replay_pending: u32::from(from.replay_pending),
        }
    }

    /// The verdict and the reason. A number that is no reason is refused.
    pub(super) fn answer(&self) -> Result<(Verdict, Reason), Status> {
        let allows = self.verdict == Verdict::Allow as u32;
        let reason = Reason::from_number(self.reason).ok_or(Status::InvalidArgument)?;
        Ok((if allows { Verdict::Allow } else { Verdict::Deny }, reason))
    }

    /// Back to what Rust knows. A number that is no reason or no status is refused.
    fn to_rust(self) -> Result<decision::Decision, Status> {
        let reason = |number| Reason::from_number(number).ok_or(Status::InvalidArgument);
        let rate = RateReport {
            name: from_c(&self.rate_name),
            quota: self.rate_quota,
            window_s: self.rate_window_s,
            remaining: self.rate_remaining,
            reset_s: self.rate_reset_s,
        };
        let (verdict, reason_of_it) = self.answer()?;
        Ok(decision::Decision {
            verdict,
            reason: reason_of_it,
            http_status: u16::try_from(self.http_status).map_err(|_| Status::InvalidArgument)?,
            authenticated: self.authenticated != 0,
            retry_after_ms: Some(self.retry_after_ms).filter(|wait| *wait > 0),
            would_deny: Checks::from_bits(self.would_deny),
            would_deny_reason: reason(self.would_deny_reason)?,
            quirks: self.quirks,
            generation: self.generation,
            credential: from_c(&self.credential),
            header: from_c(&self.header),
            scope: from_c(&self.scope),
            allow: from_c(&self.allow),
            challenges: self.challenges,
            realm: from_c(&self.realm),
            rate: (self.has_rate != 0).then_some(rate),
            claim: self.claim.to_rust(),
            replay_pending: self.replay_pending != 0,
        })
    }
}

/// The text and at least one NUL: `M` is more than `N`.
fn to_c<const N: usize, const M: usize>(text: &Text<N>) -> [c_char; M] {
    let mut out = [0; M];
    for (to, byte) in out.iter_mut().zip(text.padded()) {
        *to = c_char::from_ne_bytes([*byte]);
    }
    out
}

/// The text up to the NUL; none if it is not UTF-8.
fn from_c<const M: usize, const N: usize>(text: &[c_char; M]) -> Text<N> {
    let mut bytes = [0_u8; M];
    for (to, from) in bytes.iter_mut().zip(text) {
        [*to] = from.to_ne_bytes();
    }
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(M);
    let text = core::str::from_utf8(bytes.get(..length).unwrap_or(&[])).unwrap_or("");
    Text::truncated(text)
}

/// Writes the header lines of the answer into `buffer`, each ended by CRLF, without a NUL at the
/// end: WWW-Authenticate for 401, Retry-After where waiting helps, RateLimit-Policy and RateLimit
/// where a rate limit was asked, Allow for 405, Cache-Control: no-store for 401 and 429.
///
/// @param decision  a decision that the library made; it is read
/// @param buffer    `capacity` bytes to write to; NULL if `capacity` is 0
/// @param capacity  2048 is enough for every decision
/// @param length    gets the bytes that the lines take, also if they do not fit; 0 if there are
///                  none
/// @return TOLLGATE_STATUS_BUFFER_TOO_SMALL if they do not fit; the content of the buffer is then
///         unspecified
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_decision_headers(
    decision: *const Decision,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let decision = call.versioned(decision, &mut None)?.to_rust()?;
        call.buffer(buffer, capacity, length)?.fill(&[], |room| match decision.header_lines(room) {
            Ok(lines) => Ok(lines.len()),
            Err(too_small) => Ok(too_small.needed),
        })
    })
}

/// What the caller of the API may be told of the reason: its name, or one constant word where the
/// name would teach a stranger something about a credential.
///
/// @param decision  a decision that the library made; it is read
/// @param name      gets static text, ended by a NUL that `len` does not count
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_decision_public_name(
    decision: *const Decision,
    name: *mut Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut name = call.out(name)?;
        let decision = call.versioned(decision, &mut None)?.to_rust()?;
        name.set(Bytes::from_static(super::reason::public_text(decision.public_name())));
        Ok(())
    })
}
