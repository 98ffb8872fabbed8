//! Credentials.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::super::compiled::{Credential, State};
use super::super::fields::Fields;
use super::names::{Names, taken};
use super::{Work, basic, generation, networks, rate};

/// The credentials, of which no two have the same API key or the same user.
pub(super) fn credentials(
    root: &Fields<'_, '_>,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Vec<Credential> {
    let environment = root.text("environment");
    let mut keys = BTreeMap::new();
    let mut users = BTreeMap::new();
    let compiled = root.objects("credentials").enumerate().map(|(at, fields)| {
        let credential = credential(&fields, environment, names, work);
        if let Some(first) = credential.api_key.and_then(|key| repeated(&mut keys, key, at)) {
            work.problems.add(fields.at("api_key"), taken(first, "API key"));
        }
        let user = credential.basic.as_ref().map(|basic| basic.user.clone());
        if let Some(first) = user.and_then(|user| repeated(&mut users, user, at)) {
            work.problems.add(fields.object("basic").at("user"), taken(first, "user"));
        }
        credential
    });
    compiled.collect()
}

/// The place of the first record with this identifier, if it is not this one.
fn repeated<K: Ord>(first: &mut BTreeMap<K, usize>, identifier: K, at: usize) -> Option<usize> {
    let first = *first.entry(identifier).or_insert(at);
    (first != at).then_some(first)
}

fn credential(
    fields: &Fields<'_, '_>,
    environment: &str,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Credential {
    let api_key = fields.get("api_key").map(|_| fields.object("api_key"));
    let basic = fields.get("basic").map(|_| fields.object("basic"));
    Credential {
        id: Box::from(fields.text("id")),
        generation: fields.number("generation"),
        foreign: fields.optional_text("environment").is_some_and(|own| own != environment),
        state: match fields.text("state") {
            "active" => State::Active,
            "suspended" => State::Suspended,
            _ => State::Revoked,
        },
        api_key: api_key.and_then(|fields| basic::api_key(&fields, work)),
        key_is_public: fields.flag("key_is_public"),
        basic: basic.map(|fields| basic::basic(&fields, work)),
        secrets: generation::generations(fields, names, work),
        networks: networks::networks(fields, "networks", work),
        scopes: scopes(fields, names, work),
        rates: rate::own_rates(fields, names, work),
    }
}

fn scopes(fields: &Fields<'_, '_>, names: &Names<'_>, work: &mut Work<'_>) -> u128 {
    let scopes = fields.items("scopes").iter();
    let bits = scopes.map(|item| names.scope(item.text().unwrap_or(""), item.start, work));
    bits.fold(0, |set, bit| set | bit)
}
