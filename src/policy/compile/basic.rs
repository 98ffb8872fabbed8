//! API keys and passphrases: their hashes.

use alloc::boxed::Box;
use alloc::string::ToString;

use super::super::compiled::{BasicRecord, Passphrase};
use super::super::fields::Fields;
use super::secret::{presented, secret};
use super::{Work, key};
use crate::password::{HashError, PasswordHash};
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hex::{Case, decode};
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::sha2::sha256;
use crate::scheme::MIN_KEY;

/// A hash that stands where the real one has an error; the policy is then not loaded.
const NONE: Passphrase = Passphrase::Hashed(HashedSecret::Sha256([0; 32]));

/// SHA-256 of the API key.
pub(super) fn api_key(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<[u8; 32]> {
    if fields.key() == "sha256" {
        return Some(hash(fields.text("sha256")));
    }
    let key = presented(fields, work)?;
    if key.first() == Some(&b' ') || key.last() == Some(&b' ') {
        let message = "the API key begins or ends with a space, which headers lose; remove it";
        work.problems.add(fields.at(fields.key()), message);
    }
    Some(sha256(&key))
}

/// The user and the hash of the passphrase.
pub(super) fn basic(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> BasicRecord {
    let passphrase = passphrase(&fields.object("passphrase"), work);
    BasicRecord {
        user: Box::from(fields.text("user").as_bytes()),
        passphrase: passphrase.unwrap_or(NONE),
        utf8: fields.get("charset").is_some(),
    }
}

fn passphrase(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<Passphrase> {
    let hashed = match fields.key() {
        "password_hash" => return password_hash(fields, work).map(Passphrase::Password),
        "sha256" => HashedSecret::Sha256(hash(fields.text("sha256"))),
        "hmac_sha256" => {
            let pepper = pepper(&fields.object("pepper"), work)?;
            HashedSecret::HmacSha256 { pepper, hash: hash(fields.text("hmac_sha256")) }
        }
        _ => HashedSecret::Sha256(sha256(&presented(fields, work)?)),
    };
    Some(Passphrase::Hashed(hashed))
}

fn password_hash(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<PasswordHash> {
    let parsed = PasswordHash::parse(fields.text("password_hash"));
    let fault = |error: HashError| work.problems.add(fields.at("password_hash"), error.to_string());
    parsed.map_err(fault).ok()
}

/// The key of the hash, as long as any key has to be.
fn pepper(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<HmacSha256Key> {
    let secret = secret(fields, work)?;
    if secret.len() < MIN_KEY {
        work.problems.add(fields.at(fields.key()), key::too_short());
        return None;
    }
    Some(HmacSha256Key::new(&secret))
}

/// The bytes of 64 hexadecimal digits.
fn hash(digits: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    let _ = decode(digits.as_bytes(), Case::Lower, &mut bytes);
    bytes
}
