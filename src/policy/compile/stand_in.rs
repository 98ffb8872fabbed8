//! What stands in for a credential that is not there, so that looking for one that is not there
//! takes the work of one that is.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::discriminant;

use super::super::compiled::{BasicRecord, Credential, Passphrase, SecretGeneration, State};
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hmac::HmacSha256Key;
use crate::scheme::{MacKey, Scheme};

/// A credential that nobody can use: it has a passphrase and a key for each scheme
/// that has one, but whoever is
/// taken for it is denied.
pub(super) fn stand_in(
    schemes: &[Scheme],
    credentials: &[Credential],
    index_key: &[u8; 16],
) -> Credential {
    let secrets = schemes.iter().enumerate().filter_map(|(place, scheme)| {
        let place = u32::try_from(place).ok();
        Some(SecretGeneration {
            generation: 0,
            key: MacKey::new(scheme.algorithm, index_key)?,
            schemes: place.and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0),
            not_before_ms: 0,
            not_after_ms: u64::MAX,
        })
    });
    let mut kinds = passphrase_kinds(credentials).into_vec().into_iter();
    let passphrase = Passphrase::Hashed(kinds.next().unwrap_or(NONE));
    Credential {
        id: Box::from(""),
        generation: 0,
        foreign: false,
        state: State::Active,
        api_key: None,
        key_is_public: false,
        basic: Some(BasicRecord { user: Box::from([]), passphrase, utf8: false }),
        secrets: secrets.collect(),
        networks: None,
        scopes: 0,
        rates: Box::from([]),
    }
}

/// A hash of nothing.
const NONE: HashedSecret = HashedSecret::Sha256([0; 32]);

/// One hash of each fast kind that the passphrases have, and of one kind at least: the stand-in
/// has that.
pub(super) fn passphrase_kinds(credentials: &[Credential]) -> Box<[HashedSecret]> {
    let hashes = credentials.iter().filter_map(|credential| credential.basic.as_ref());
    let mut kinds: Vec<HashedSecret> = Vec::new();
    for hash in hashes.filter_map(|basic| basic.passphrase.hashed()) {
        if !kinds.iter().any(|kind| discriminant(kind) == discriminant(hash)) {
            kinds.push(of_nothing(hash));
        }
    }
    if kinds.is_empty() {
        kinds.push(NONE);
    }
    kinds.into_boxed_slice()
}

/// A hash of the same kind.
fn of_nothing(hash: &HashedSecret) -> HashedSecret {
    match hash {
        HashedSecret::Sha256(_) => NONE,
        HashedSecret::HmacSha256 { .. } => {
            HashedSecret::HmacSha256 { pepper: HmacSha256Key::new(&[]), hash: [0; 32] }
        }
    }
}
