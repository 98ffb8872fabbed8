//! Access tokens: who issues them, how long they live, and the keys that sign them.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::super::fields::Fields;
use super::super::tokens::Tokens;
use super::secret::secret;
use super::{Work, generation};
use crate::token::{MIN_KEY, TokenKey};

/// What the member `tokens` says, if it is there.
pub(super) fn tokens(root: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<Tokens> {
    root.get("tokens")?;
    let fields = root.object("tokens");
    Some(Tokens {
        issuer: Box::from(fields.text("issuer")),
        token_type: Box::from(fields.text("token_type")),
        lifetime_s: fields.number("lifetime_s"),
        leeway_s: fields.number("leeway_s"),
        keys: keys(&fields, work),
    })
}

/// The keys, those that begin last first: the first that is active signs.
fn keys(tokens: &Fields<'_, '_>, work: &mut Work<'_>) -> Box<[TokenKey]> {
    let mut keys: Vec<TokenKey> = Vec::new();
    for fields in tokens.objects("keys") {
        let id = fields.text("kid");
        if keys.iter().any(|other| other.id() == id) {
            let message = "another key has this id; write another one";
            work.problems.add(fields.at("kid"), message);
        }
        keys.extend(key(id, &fields, work));
    }
    keys.sort_by_key(|key| Reverse(key.not_before_ms));
    keys.into_boxed_slice()
}

fn key(id: &str, fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<TokenKey> {
    let (begin, end) = generation::window(fields, work);
    let reference = fields.object("key");
    let secret = secret(&reference, work)?;
    let Ok(mut key) = TokenKey::new(id, &secret) else {
        let message = format!("the key has less than {MIN_KEY} bytes; write a longer one");
        work.problems.add(reference.at(reference.key()), message);
        return None;
    };
    (key.not_before_ms, key.not_after_ms) = (Some(begin), Some(end));
    Some(key)
}
