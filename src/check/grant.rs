//! What is a token asked for, and may the client have it?

use crate::credentials::Kind;
use crate::credentials::token_form::TokenForm;
use crate::decision::Reason;
use crate::policy::{Credential, Policy, Route};
use crate::request::{Body, Request, query_values};

/// The scopes that a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// All those of the client.
    All,
    /// These: the bytes of their bits, because C lends no memory for a request in which a number of
    /// 16 bytes could lie.
    These([u8; 16]),
    /// Some that no route needs, or what is no list of scopes.
    Unknown,
}

/// Reads the request to a token endpoint. Nothing of this depends on who the client is.
pub(crate) fn request(
    policy: &Policy,
    route: &Route,
    request: &Request<'_>,
    unix_ms: u64,
) -> Result<Asked, Reason> {
    let Body::Whole(body) = request.body else { return Err(Reason::BodyRequired) };
    if u64::try_from(body.len()).is_ok_and(|length| length > route.max_body) {
        return Err(Reason::BodyTooLarge);
    }
    // RFC 6749 section 2.3.1: not in the URL, which ends up in logs.
    if query_values(request.target, "client_secret").next().is_some() {
        return Err(Reason::AmbiguousCredentials);
    }
    let form = TokenForm::read(body)?;
    if form.client().is_some() && !route.accepts.contains(&Kind::Form) {
        return Err(Reason::BadGrantRequest);
    }
    match form.is_client_credentials() {
        None => return Err(Reason::BadGrantRequest),
        Some(false) => return Err(Reason::UnsupportedGrantType),
        Some(true) => (),
    }
    if !policy.can_issue_tokens(unix_ms) {
        return Err(Reason::ConfigMissing);
    }
    Ok(form.scope().map_or(Asked::All, |list| asked(policy, list)))
}

fn asked(policy: &Policy, list: &[u8]) -> Asked {
    let mut names = list.split(|byte| *byte == b' ');
    let bits = names.try_fold(0_u128, |set, name| Some(set | policy.scope_bit(name)?));
    bits.map_or(Asked::Unknown, |bits| Asked::These(bits.to_ne_bytes()))
}

/// Never more than the client has, and never less than it asked for.
pub(crate) fn scopes(credential: &Credential, asked: Asked) -> Result<(), Reason> {
    match asked {
        Asked::All => Ok(()),
        Asked::These(bits) if u128::from_ne_bytes(bits) & !credential.scopes == 0 => Ok(()),
        Asked::These(_) | Asked::Unknown => Err(Reason::ScopeNotGranted),
    }
}
