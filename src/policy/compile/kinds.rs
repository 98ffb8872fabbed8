//! The ways in which a route lets clients say who they are.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::document::Node;
use super::super::fields::Fields;
use super::super::wants::quoted;
use super::Work;
use crate::credentials::Kind;
use crate::decision::Challenge;
use crate::primitive::data::Data;
use crate::scheme::{Carrier, Scheme};

/// The kinds that `route` lists.
pub(super) fn kinds(
    route: &Fields<'_, '_>,
    scheme: Option<&Scheme>,
    has_tokens: bool,
    work: &mut Work<'_>,
) -> Box<[Kind]> {
    let items = route.items("credentials").iter().zip(route.objects("credentials"));
    let mut kinds = Vec::new();
    for (node, fields) in items {
        let kind = kind(node, &fields);
        let unusable = leaves_key_unread(node.start, &kind, scheme, work)
            || stands_twice(node.start, &kind, &kinds, scheme, work);
        if !unusable {
            check_joined(node.start, &kind, scheme, work);
        }
        check_proof(node.start, &kind, scheme, work);
        if kind == Kind::Token && !has_tokens {
            let message = "no key would verify a token; write \"tokens\" into the policy";
            work.problems.add(node.start, message);
        }
        kinds.push(kind);
    }
    kinds.into_boxed_slice()
}

fn kind(node: &Node<'_>, fields: &Fields<'_, '_>) -> Kind {
    let owned = |text: &str| Data::Owned(Box::from(text));
    match (node.text(), fields.key()) {
        (Some("basic"), _) => Kind::Basic,
        (Some("signature_key"), _) => Kind::SignatureKey,
        (Some("token"), _) => Kind::Token,
        (Some("form"), _) => Kind::Form,
        (Some(_), _) => Kind::Bearer,
        (None, "api_key") => Kind::ApiKey { header: owned(fields.text("api_key")) },
        (None, "body") => {
            let body = fields.object("body");
            Kind::Body { login: owned(body.text("login")), pass: owned(body.text("pass")) }
        }
        (None, _) => Kind::Fixed,
    }
}

/// Some kinds only name a credential. Then the signature is all the proof there is, so it has to be
/// one.
fn check_proof(offset: usize, kind: &Kind, scheme: Option<&Scheme>, work: &mut Work<'_>) {
    let only_names = matches!(kind, Kind::SignatureKey | Kind::Fixed);
    if let Some(scheme) = scheme.filter(|scheme| only_names && !scheme.proves_secret()) {
        let message = format!(
            "{} proves no secret, so nothing would prove whose the request is; write another \
             kind, such as {{\"api_key\": \"X-API-Key\"}}",
            quoted(&scheme.name)
        );
        work.problems.add(offset, message);
    }
}

/// The header that carries a kind.
fn header(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Basic | Kind::Bearer | Kind::Token => Some("Authorization"),
        Kind::ApiKey { header } => Some(header),
        Kind::Body { .. } | Kind::Form | Kind::SignatureKey | Kind::Fixed => None,
    }
}

/// Whether the kind and the scheme disagree on a key before the signature: where the scheme has
/// one, it is the credential, since nothing else would look at it.
fn leaves_key_unread(
    offset: usize,
    kind: &Kind,
    scheme: Option<&Scheme>,
    work: &mut Work<'_>,
) -> bool {
    let keyed = scheme.filter(|scheme| scheme.names_key());
    let message = match (kind, keyed) {
        (Kind::SignatureKey, None) => String::from(
            "no key stands before the signature; write another kind, such as \
             {\"api_key\": \"X-Login\"}",
        ),
        (Kind::SignatureKey, Some(_)) | (_, None) => return false,
        (_, Some(scheme)) => {
            let name = quoted(&scheme.name);
            format!("in {name} the credential stands before the signature; write \"signature_key\"")
        }
    };
    work.problems.add(offset, message);
    true
}

/// Whether the kind stands in a header that carries something else already. Basic, Bearer and
/// tokens share theirs: what the value is tells them apart.
fn stands_twice(
    offset: usize,
    kind: &Kind,
    before: &[Kind],
    scheme: Option<&Scheme>,
    work: &mut Work<'_>,
) -> bool {
    let Some(own) = header(kind) else { return false };
    let is_own = |other: &str| other.eq_ignore_ascii_case(own);
    let signed_there = scheme.filter(|scheme| match &scheme.carrier {
        Carrier::Header(name) | Carrier::HeaderLines(name) => is_own(name),
        _ => false,
    });
    if let Some(scheme) = signed_there {
        let name = quoted(&scheme.name);
        let message = format!(
            "the signature of {name} stands in the header {own} already; write another kind, \
             such as {{\"api_key\": \"X-Login\"}}"
        );
        work.problems.add(offset, message);
    }
    let key = |kind: &Kind| matches!(kind, Kind::ApiKey { .. });
    let clash = |other: &Kind| (key(kind) || key(other)) && header(other).is_some_and(is_own);
    let shared = before.iter().any(clash);
    if shared {
        let message =
            format!("another kind stands in the header {own} already; write another header");
        work.problems.add(offset, message);
    }
    shared || signed_there.is_some()
}

/// Where a scheme signs a header and puts nothing between it and what follows, octets could be
/// moved from one to the other under the same signature, unless the header is the identifier that
/// the credential is found by.
fn check_joined(offset: usize, kind: &Kind, scheme: Option<&Scheme>, work: &mut Work<'_>) {
    let Some(scheme) = scheme else { return };
    let identifier = match kind {
        Kind::ApiKey { header } => &**header,
        _ => "",
    };
    for name in scheme.joined_headers().filter(|name| !name.eq_ignore_ascii_case(identifier)) {
        let message = format!(
            "{} signs the header {name} without a separator behind it, so it has to be the \
             credential; write {{\"api_key\": {}}}",
            quoted(&scheme.name),
            quoted(name)
        );
        work.problems.add(offset, message);
    }
}

/// The challenges that go with 401, as bits by [`Challenge`]. Members of a body have none of
/// their own and are asked for like an API key; a token endpoint asks for Basic.
pub(super) fn challenges(kinds: &[Kind], signed: bool) -> u32 {
    let challenge = |kind: &Kind| match kind {
        Kind::Basic | Kind::Form => Challenge::Basic,
        Kind::Bearer | Kind::Token => Challenge::Bearer,
        Kind::ApiKey { .. } | Kind::Body { .. } => Challenge::ApiKey,
        Kind::SignatureKey | Kind::Fixed => Challenge::Signature,
    };
    let of_kinds = kinds.iter().fold(0, |bits, kind| bits | challenge(kind) as u32);
    of_kinds | if signed { Challenge::Signature as u32 } else { 0 }
}
