//! Is the signature right, and which generation of the secret made it?

use crate::decision::{Denial, Reason};
use crate::policy::{Credential, Policy, Route, SecretGeneration};
use crate::request::Request;
use crate::scheme::Verification;

/// Starts the verification under every generation of the credential's secret: that an expired one
/// matches is only told to somebody who holds it. A credential without a secret for the scheme is
/// refused at the end, after the work with the key of the stand-in: sooner, or for less work, it
/// would tell a known key from an unknown one.
pub(crate) fn begin<'p>(
    policy: &'p Policy,
    route: &Route,
    credential: &'p Credential,
    request: &Request<'p>,
    unix_ms: u64,
    verification: &mut Verification,
) -> Result<(), Denial<'p>> {
    let Some((at, scheme)) = policy.scheme_of(route) else { return Ok(()) };
    let holder = if has_secret(credential, at) { credential } else { &policy.stand_in };
    let keys = generations(holder, at).map(|generation| &generation.key);
    verification.begin(scheme, keys, request, unix_ms)
}

/// The generation that made the signature; `None` if the route asks for none, or for one that has
/// no key. Of several that did, because the sender signs with the old secret and the new one, one
/// that counts now.
pub(crate) fn finish<'p>(
    policy: &Policy,
    route: &Route,
    credential: &'p Credential,
    verification: &mut Verification,
    unix_ms: u64,
) -> Result<Option<&'p SecretGeneration>, Reason> {
    let Some((at, scheme)) = policy.scheme_of(route) else { return Ok(None) };
    let matched = verification.finish(unix_ms);
    if !scheme.algorithm.is_keyed() {
        return matched.map(|_| None);
    }
    if !has_secret(credential, at) {
        return Err(Reason::NoSecret);
    }
    let matched = matched?;
    let mut made = matched.places().filter_map(|place| generations(credential, at).nth(place));
    let active = made.clone().find(|secret| secret.generation.counts(unix_ms));
    active.or_else(|| made.next()).map(Some).ok_or(Reason::Internal)
}

/// Whether the signature proves who sends. Elsewhere the credential does that by itself.
pub(crate) fn proves(policy: &Policy, route: &Route) -> bool {
    policy.scheme_of(route).is_some_and(|(_, scheme)| scheme.proves_secret())
}

fn has_secret(credential: &Credential, scheme: usize) -> bool {
    generations(credential, scheme).next().is_some()
}

fn generations(credential: &Credential, scheme: usize) -> impl Iterator<Item = &SecretGeneration> {
    let covers = move |generation: &&SecretGeneration| (generation.schemes >> scheme) & 1 == 1;
    credential.secrets.iter().filter(covers)
}

/// Whether the payment that the host stored, if the scheme asks for one, belongs to the credential.
/// Without that, any client could speak of the payments of all others.
pub(crate) fn owns(
    policy: &Policy,
    route: &Route,
    credential: &Credential,
    request: &Request<'_>,
) -> bool {
    match policy.scheme_of(route) {
        Some((_, scheme)) if scheme.uses_stored() => {
            !credential.id.is_empty() && request.stored.credential == credential.id.as_bytes()
        }
        _ => true,
    }
}

/// An empty body makes a signature that covers nothing else a constant, which anybody who saw it
/// once can send again.
pub(crate) fn binding(policy: &Policy, route: &Route, body_is_empty: bool) -> Result<(), Reason> {
    match policy.scheme_of(route) {
        Some((_, scheme))
            if body_is_empty && !route.allow_empty_body && scheme.covers_only_body() =>
        {
            Err(Reason::WeakBinding)
        }
        _ => Ok(()),
    }
}
