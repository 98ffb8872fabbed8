//! The indexes of the credentials, and what two of them must not have in common.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::compiled::Credential;
use super::super::index::Index;
use super::Work;
use super::credential::Compiled;
use super::names::taken;
use crate::primitive::siphash::siphash13;

/// How many entries are looked for at a time: each is elsewhere in an index that is large, so the
/// memory of all of them is asked for first.
const TOGETHER: usize = 32;

/// The credentials by what requests name them by.
pub(super) struct Indexes {
    pub(super) ids: Index,
    pub(super) keys: Index,
    pub(super) users: Index,
    key: [u8; 16],
}

impl Indexes {
    /// No two of the credentials may have the same id, API key or user.
    pub(super) fn build(compiled: &Compiled, key: [u8; 16], work: &mut Work<'_>) -> Self {
        let (all, places) = (&*compiled.credentials, &compiled.places);
        let ids = entries(all, |it| core::iter::once(it.id.as_bytes()));
        let keys = entries(all, |it| it.api_keys.iter().map(|key| &key.digest[..]));
        let users = entries(all, |it| it.basic.iter().map(|basic| &*basic.user));
        let mut index = |what: &str, places: &[usize], entries: Entries<'_>, same: Same| {
            let mut index = Index::with_room_for(places.len());
            let mut entries = entries.zip(places).map(|((at, identifier), place)| {
                (siphash13(&key, identifier), at, identifier, *place)
            });
            let mut some = Vec::with_capacity(TOGETHER);
            loop {
                some.extend(entries.by_ref().take(TOGETHER));
                if some.is_empty() {
                    return index;
                }
                some.iter().for_each(|(hash, ..)| index.prefetch(*hash));
                for (hash, at, identifier, place) in some.drain(..) {
                    let is_same = |other| same(record(all, other), identifier);
                    match index.find(hash, is_same) {
                        Some(first) => work.problems.add(place, taken(first, what)),
                        None => index.insert(hash, at),
                    }
                }
            }
        };
        Self {
            ids: index("id", &places.ids, ids, has_id),
            keys: index("API key", &places.keys, keys, has_key),
            users: index("user", &places.users, users, has_user),
            key,
        }
    }

    /// The place of the credential with this id.
    pub(super) fn by_id(&self, all: &[Credential], id: &str) -> Option<usize> {
        let hash = siphash13(&self.key, id.as_bytes());
        let at = self.ids.find(hash, |at| has_id(record(all, at), id.as_bytes()))?;
        usize::try_from(at).ok()
    }

    /// The place of the credential with this user.
    pub(super) fn by_user(&self, all: &[Credential], user: &[u8]) -> Option<usize> {
        let hash = siphash13(&self.key, user);
        let at = self.users.find(hash, |at| has_user(record(all, at), user))?;
        usize::try_from(at).ok()
    }
}

/// Identifiers and the places of their credentials.
type Entries<'c> = Box<dyn Iterator<Item = (u32, &'c [u8])> + 'c>;

/// Whether the credential has this identifier.
type Same = fn(Option<&Credential>, &[u8]) -> bool;

fn entries<'c, I>(all: &'c [Credential], identifiers: fn(&'c Credential) -> I) -> Entries<'c>
where
    I: Iterator<Item = &'c [u8]> + 'c,
{
    let of_record = move |(at, record): (u32, &'c Credential)| {
        identifiers(record).map(move |identifier| (at, identifier))
    };
    Box::new((0_u32..).zip(all).flat_map(of_record))
}

fn record(all: &[Credential], at: u32) -> Option<&Credential> {
    all.get(usize::try_from(at).ok()?)
}

fn has_id(record: Option<&Credential>, id: &[u8]) -> bool {
    record.is_some_and(|it| it.id.as_bytes() == id)
}

fn has_key(record: Option<&Credential>, digest: &[u8]) -> bool {
    record.is_some_and(|it| it.api_keys.iter().any(|key| key.digest == digest))
}

fn has_user(record: Option<&Credential>, user: &[u8]) -> bool {
    let basic = record.and_then(|it| it.basic.as_ref());
    basic.is_some_and(|basic| &*basic.user == user)
}
