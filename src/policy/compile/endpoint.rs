//! Token endpoints: routes that give out tokens.

use alloc::format;
use alloc::vec::Vec;

use super::super::compiled::Route;
use super::super::fields::Fields;
use super::Work;
use super::credential::Compiled;
use super::indexes::Indexes;
use crate::credentials::Kind;
use crate::primitive::form::FormText;

/// The media type of a request for a token (RFC 6749 section 4.4.2).
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Members that a token endpoint cannot have: it takes POST with a plain form from clients with a
/// secret, and nothing else.
const SETTLED: [&str; 4] = ["methods", "media_type", "content_encodings", "signature"];

/// Reports what does not go with a token endpoint, or only with one.
pub(super) fn check(
    route: &Fields<'_, '_>,
    accepts: &[Kind],
    has_tokens: bool,
    work: &mut Work<'_>,
) {
    let endpoint = route.flag("token_endpoint");
    for (node, kind) in route.items("credentials").iter().zip(accepts) {
        let message = match kind {
            Kind::Basic => continue,
            Kind::Form if endpoint => continue,
            Kind::Form => "only a token endpoint reads a form; write another kind",
            _ if endpoint => "a token endpoint takes \"basic\" and \"form\" only; remove it",
            _ => continue,
        };
        work.problems.add(node.start, message);
    }
    if !endpoint {
        return;
    }
    if !has_tokens {
        let message = "no key would sign a token; write \"tokens\" into the policy";
        work.problems.add(route.at("token_endpoint"), message);
    }
    if !accepts.contains(&Kind::Basic) {
        let message = "a token endpoint has to take \"basic\"; write that too";
        work.problems.add(route.at("credentials"), message);
    }
    for name in SETTLED.iter().filter(|name| route.get(name).is_some()) {
        let message = "a token endpoint takes POST with a plain form, unsigned; remove this";
        work.problems.add(route.at(name), message);
    }
}

/// At a token endpoint a user is decoded (RFC 6749 section 2.3.1). If two users became one, who
/// asks would depend on how often it is decoded.
pub(super) fn check_users(
    routes: &[Route],
    compiled: &Compiled,
    indexes: &Indexes,
    work: &mut Work<'_>,
) {
    if !routes.iter().any(|route| route.token_endpoint) {
        return;
    }
    let users = compiled.credentials.iter().filter_map(|it| it.basic.as_ref());
    for (basic, place) in users.zip(&compiled.places.users) {
        let Ok(read) = FormText::new(&basic.user) else { continue };
        let read: Vec<u8> = read.octets().collect();
        if *read == *basic.user {
            continue;
        }
        if let Some(other) = indexes.by_user(&compiled.credentials, &read) {
            let message = format!(
                "a token endpoint reads this as the user of credentials[{other}]; write another one"
            );
            work.problems.add(*place, message);
        }
    }
}
