//! What stands in for a credential that is not there, so that looking for one that is not there
//! takes the work of one that is.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::compiled::{
    BasicRecord, Credential, Passphrase, PassphraseHash, PassphraseKind, SecretGeneration, State,
};
use super::super::generation::Generation;
use super::super::octets::Octets;
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
        basic: Some(BasicRecord {
            user: Octets::NONE,
            passphrases: Values::Several(Box::from([])),
            utf8: false,
        }),
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
        for Passphrase { hash, .. } in &*basic.passphrases {
            let Some(stand_in) = of_nothing(hash) else { continue };
            let most = basic.passphrases.iter().filter(|it| it.hash.is_like(hash)).count();
            match kinds.iter_mut().find(|known| known.stand_in.is_like(hash)) {
                Some(known) => known.most = known.most.max(most),
                None => kinds.push(PassphraseKind { stand_in, most }),
            }
        }
    }
    kinds.into_boxed_slice()
}

/// A hash of the same kind, if it is a fast one.
fn of_nothing(hash: &PassphraseHash) -> Option<PassphraseHash> {
    match hash {
        PassphraseHash::Sha256(_) => Some(PassphraseHash::Sha256([0; 32])),
        PassphraseHash::Peppered(_) => {
            let pepper = HmacSha256Key::new(&[]);
            let of_nothing = HashedSecret::HmacSha256 { pepper, hash: [0; 32] };
            Some(PassphraseHash::Peppered(Box::new(of_nothing)))
        }
        PassphraseHash::Password(_) => None,
    }
}
