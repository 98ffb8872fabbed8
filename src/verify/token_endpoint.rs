//! The token endpoint (RFC 6749 section 4.4): decided like any other route, and then the whole
//! answer to the client.

use zeroize::Zeroize;

use super::answer::deny;
use super::{Memory, Pending};
use crate::check::grant::Asked;
use crate::decision::{Decision, Group, Reason, Verdict};
use crate::policy::Policy;
use crate::primitive::json::write::ObjectWriter;
use crate::primitive::text::Text;
use crate::primitive::{BufferTooSmall, copy_at};
use crate::request::{Now, Request};
use crate::token::{MAX_SCOPE, MAX_TOKEN};

/// The bytes of room that every answer of a token endpoint finds enough.
pub const MAX_TOKEN_ANSWER: usize = 8192;

/// The header lines that an answer begins with, besides those of its decision.
const MAX_OWN_LINES: usize = 128;

/// The answer of a token endpoint.
#[derive(Clone, Debug)]
pub struct TokenAnswer<'b> {
    /// Whether a token was issued, and why not. Its status is that of the answer.
    pub decision: Decision,
    /// The header lines, each ended by CRLF.
    pub headers: &'b str,
    /// The body: a JSON object, with the token or with the error of RFC 6749 section 5.2.
    pub body: &'b str,
}

/// Decides on a request to a token endpoint, whose body is there, and writes the answer into
/// `out`. A route that is no token endpoint gives out nothing: [`Reason::ConfigMissing`].
///
/// Nothing is allocated, nothing is locked, no clock is read. The body of an answer that allows
/// has a secret in it: send it, and keep it out of logs.
///
/// # Errors
///
/// [`BufferTooSmall`] if `out` has less than [`MAX_TOKEN_ANSWER`] bytes. Then nothing was decided,
/// and no rate limit was charged.
pub fn answer_token_request<'b>(
    policy: &Policy,
    memory: &Memory<'_>,
    route: &[u8],
    request: &Request<'_>,
    now: Now,
    out: &'b mut [u8],
) -> Result<TokenAnswer<'b>, BufferTooSmall> {
    let short = BufferTooSmall { needed: MAX_TOKEN_ANSWER };
    if out.len() < MAX_TOKEN_ANSWER {
        return Err(short);
    }
    let mut pending = Pending::new();
    if policy.route(route).is_some_and(|(_, route)| !route.token_endpoint) {
        deny(policy, &mut pending.answer, Reason::ConfigMissing.into());
    } else {
        pending.decide(policy, memory, route, request, now);
    }
    let mut room = [0; MAX_TOKEN];
    let token = issue(policy, &mut pending, now.unix_ms, &mut room);
    let mut decision = pending.answer;
    decision.http_status = status(&decision);
    let written = write(policy, &decision, token.as_ref(), out);
    room.zeroize();
    let (headers, body) = written.ok_or(short)?;
    Ok(TokenAnswer { decision, headers, body })
}

/// A token, and the scopes that it is limited to.
struct Token<'r> {
    text: &'r str,
    scope: Option<Text<MAX_SCOPE>>,
}

/// The token for a request that was allowed.
fn issue<'r>(
    policy: &Policy,
    pending: &mut Pending,
    unix_ms: u64,
    room: &'r mut [u8; MAX_TOKEN],
) -> Option<Token<'r>> {
    if pending.answer.verdict != Verdict::Allow {
        return None;
    }
    let scope = match pending.asked {
        Some(Asked::These(bits)) => Some(policy.scope_list(u128::from_ne_bytes(bits))),
        _ => None,
    };
    let list = scope.as_ref().map(Text::as_str);
    let issued = policy.issue_token(pending.who.record(policy), list, unix_ms, room);
    if issued.is_none() {
        deny(policy, &mut pending.answer, Reason::Internal.into());
    }
    Some(Token { text: issued?, scope })
}

/// The status of the answer: RFC 6749 section 5.2 knows 400 and 401, and leaves alone what is
/// about HTTP itself.
const fn status(decision: &Decision) -> u16 {
    match decision.http_status {
        403 | 415 => 400,
        status => status,
    }
}

/// The error code of RFC 6749 section 5.2; for what passes by itself that of section 4.1.2.1.
fn error(decision: &Decision) -> &'static str {
    match (decision.http_status, decision.reason) {
        (_, Reason::UnsupportedGrantType) => "unsupported_grant_type",
        (401, _) => "invalid_client",
        (_, Reason::ScopeNotGranted) => "invalid_scope",
        (_, reason) if reason.group() == Group::Authorization => "unauthorized_client",
        (429 | 503, _) => "temporarily_unavailable",
        (500.., _) => "server_error",
        _ => "invalid_request",
    }
}

/// Header lines and body; `None` if there is not enough room.
fn write<'b>(
    policy: &Policy,
    decision: &Decision,
    token: Option<&Token<'_>>,
    out: &'b mut [u8],
) -> Option<(&'b str, &'b str)> {
    let mut own = Text::<MAX_OWN_LINES>::EMPTY;
    own.push("Content-Type: application/json\r\nPragma: no-cache\r\n");
    if !matches!(decision.http_status, 401 | 429) {
        own.push("Cache-Control: no-store\r\n");
    }
    let begun = copy_at(out, 0, own.as_str().as_bytes())?;
    let more = decision.header_lines(out.get_mut(begun..)?).ok()?.len();
    let (headers, rest) = out.split_at_mut_checked(begun.checked_add(more)?)?;
    let mut body = ObjectWriter::new(rest);
    match token {
        Some(token) => {
            body.text("access_token", token.text);
            body.text("token_type", "Bearer");
            body.number("expires_in", policy.token_lifetime_s());
            if let Some(scope) = &token.scope {
                body.text("scope", scope.as_str());
            }
        }
        None => body.text("error", error(decision)),
    }
    Some((core::str::from_utf8(headers).ok()?, core::str::from_utf8(body.finish()?).ok()?))
}
