//! What stands in for a credential that is not there, so that looking for one that is not there
//! takes the work of one that is.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::discriminant;

use super::super::compiled::{BasicRecord, Credential, PassphraseKind, SecretGeneration, State};
use super::super::generation::Generation;
use super::super::values::Values;
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::text::Text;
use crate::scheme::{MacKey, Scheme};

/// A credential that nobody can use: it has a key for each scheme that has one, but whoever is taken
/// for it is denied. It has no passphrase: every attempt is filled up with those of
/// `passphrase_kinds`.
pub(super) fn stand_in(schemes: &[Scheme], index_key: &[u8; 16]) -> Credential {
    let secrets = schemes.iter().enumerate().filter_map(|(place, scheme)| {
        let place = u32::try_from(place).ok();
        Some(SecretGeneration {
            generation: Generation::ONLY,
            key: MacKey::new(scheme.algorithm, index_key)?,
            schemes: place.and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0),
        })
    });
    Credential {
        id: Text::EMPTY,
        generation: 0,
        foreign: false,
        state: State::Active,
        api_keys: Values::Several(Box::from([])),
        key_is_public: false,
        basic: Some(BasicRecord { user: Box::from([]), passphrases: Box::from([]), utf8: false }),
        secrets: secrets.collect(),
        networks: None,
        scopes: 0,
        rates: Box::from([]),
    }
}

/// The fast kinds that the passphrases have, and the most of each kind that one credential has.
pub(super) fn passphrase_kinds(credentials: &[Credential]) -> Box<[PassphraseKind]> {
    let mut kinds: Vec<PassphraseKind> = Vec::new();
    for basic in credentials.iter().filter_map(|credential| credential.basic.as_ref()) {
        let hashes = || basic.passphrases.iter().filter_map(|it| it.hash.hashed());
        for hash in hashes() {
            let kind = discriminant(hash);
            let count = hashes().filter(|it| discriminant(*it) == kind).count();
            match kinds.iter_mut().find(|known| discriminant(&known.stand_in) == kind) {
                Some(known) => known.most = known.most.max(count),
                None => kinds.push(PassphraseKind { stand_in: of_nothing(hash), most: count }),
            }
        }
    }
    kinds.into_boxed_slice()
}

/// A hash of the same kind.
fn of_nothing(hash: &HashedSecret) -> HashedSecret {
    match hash {
        HashedSecret::Sha256(_) => HashedSecret::Sha256([0; 32]),
        HashedSecret::HmacSha256 { .. } => {
            HashedSecret::HmacSha256 { pepper: HmacSha256Key::new(&[]), hash: [0; 32] }
        }
    }
}
