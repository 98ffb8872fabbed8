//! Credentials.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use super::super::compiled::{ApiKey, Credential, State};
use super::super::fields::Fields;
use super::basic::Peppers;
use super::names::{Names, taken};
use super::{Work, basic, generation, networks, rate};
use crate::primitive::hmac::HmacSha256Key;

/// The credentials, of which no two have the same API key or the same user, and the peppers of the
/// keys.
pub(super) fn credentials(
    root: &Fields<'_, '_>,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> (Vec<Credential>, Box<[HmacSha256Key]>) {
    let environment = root.text("environment");
    let mut keys = BTreeMap::new();
    let mut users = BTreeMap::new();
    let mut peppers = Peppers::default();
    let compiled = root.objects("credentials").enumerate().map(|(at, fields)| {
        let api_keys = basic::api_keys(&fields, &mut peppers, work);
        for (place, key) in &api_keys {
            if let Some(first) = repeated(&mut keys, key.digest, at) {
                work.problems.add(*place, taken(first, "API key"));
            }
        }
        let api_keys = api_keys.into_iter().map(|(_, key)| key).collect();
        let credential = credential(&fields, api_keys, environment, names, work);
        let user = credential.basic.as_ref().map(|basic| basic.user.clone());
        if let Some(first) = user.and_then(|user| repeated(&mut users, user, at)) {
            work.problems.add(fields.object("basic").at("user"), taken(first, "user"));
        }
        credential
    });
    let compiled = compiled.collect();
    (compiled, peppers.prepare())
}

/// The place of the record that has this identifier already; else this one has it now.
fn repeated<K: Ord>(seen: &mut BTreeMap<K, usize>, identifier: K, at: usize) -> Option<usize> {
    match seen.entry(identifier) {
        Entry::Occupied(first) => Some(*first.get()),
        Entry::Vacant(place) => {
            place.insert(at);
            None
        }
    }
}

fn credential(
    fields: &Fields<'_, '_>,
    api_keys: Box<[ApiKey]>,
    environment: &str,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Credential {
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
        api_keys,
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
