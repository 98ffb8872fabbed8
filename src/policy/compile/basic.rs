//! API keys and passphrases: their generations and hashes.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::compiled::{ApiKey, BasicRecord, MAX_KEY_PEPPERS, Passphrase, PassphraseHash};
use super::super::fields::Fields;
use super::super::generation::Generation;
use super::super::secrets::SecretBytes;
use super::generation::{check_number, generation};
use super::secret::{presented, secret};
use super::{Work, key};
use crate::password::{HashError, PasswordHash};
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hex::{Case, decode};
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::sha2::sha256;
use crate::scheme::MIN_KEY;

/// The peppers of API keys so far, each once.
#[derive(Default)]
pub(super) struct Peppers(Vec<SecretBytes>);

impl Peppers {
    /// The prepared keys.
    pub(super) fn prepare(&self) -> Box<[HmacSha256Key]> {
        self.0.iter().map(|pepper| HmacSha256Key::new(pepper)).collect()
    }

    /// Adds the pepper that `fields` refer to. Every one costs a hash for every key that is
    /// presented, so there are only a few.
    fn add(&mut self, fields: &Fields<'_, '_>, work: &mut Work<'_>) {
        let Some(pepper) = pepper(fields, work) else { return };
        if self.0.contains(&pepper) {
            return;
        }
        if self.0.len() >= MAX_KEY_PEPPERS {
            let message = format!(
                "the API keys have more peppers than {MAX_KEY_PEPPERS}; write one that others have"
            );
            work.problems.add(fields.at(fields.key()), message);
            return;
        }
        self.0.push(pepper);
    }
}

/// A value of an API key or a passphrase in the document.
struct Value<'d, 't> {
    /// Where it stands, for errors about it.
    at: usize,
    fields: Fields<'d, 't>,
    generation: Generation,
}

/// The values of the secret `name`: one, or the generations, whose member `member` is the value.
fn values<'d, 't>(
    parent: &Fields<'d, 't>,
    name: &str,
    member: &str,
    work: &mut Work<'_>,
) -> Vec<Value<'d, 't>> {
    let mut values: Vec<Value<'d, 't>> = Vec::new();
    for fields in parent.objects(name) {
        let generation = generation(&fields, work);
        let same = |other: &Value<'_, '_>| other.generation.number == generation.number;
        check_number(&fields, values.iter().any(same), work);
        values.push(Value { at: fields.at(member), fields: fields.object(member), generation });
    }
    if values.is_empty() && parent.get(name).is_some() {
        let fields = parent.object(name);
        values.push(Value { at: fields.start, fields, generation: Generation::ONLY });
    }
    values
}

/// The API keys of a credential, each with the place where it stands.
pub(super) fn api_keys(
    credential: &Fields<'_, '_>,
    peppers: &mut Peppers,
    work: &mut Work<'_>,
) -> Vec<(usize, ApiKey)> {
    let values = values(credential, "api_key", "key", work);
    let key = |value: Value<'_, '_>| {
        let digest = api_key(&value.fields, peppers, work)?;
        Some((value.at, ApiKey { digest, generation: value.generation }))
    };
    values.into_iter().filter_map(key).collect()
}

/// The digest of an API key.
fn api_key(
    fields: &Fields<'_, '_>,
    peppers: &mut Peppers,
    work: &mut Work<'_>,
) -> Option<[u8; 32]> {
    match fields.key() {
        "sha256" => return Some(hash(fields.text("sha256"))),
        "hmac_sha256" => {
            peppers.add(&fields.object("pepper"), work);
            return Some(hash(fields.text("hmac_sha256")));
        }
        _ => {}
    }
    let key = presented(fields, work)?;
    if key.first() == Some(&b' ') || key.last() == Some(&b' ') {
        let message = "the API key begins or ends with a space, which headers lose; remove it";
        work.problems.add(fields.at(fields.key()), message);
    }
    Some(sha256(&key))
}

/// The user and the hashes of the passphrase.
pub(super) fn basic(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> BasicRecord {
    let mut passphrases: Vec<Passphrase> = Vec::new();
    for value in values(fields, "passphrase", "passphrase", work) {
        let Some(hash) = passphrase(&value.fields, work) else { continue };
        if passphrases.iter().any(|other| same(&other.hash, &hash)) {
            let message = "another generation has the same passphrase; write another one";
            work.problems.add(value.at, message);
        }
        passphrases.push(Passphrase { hash, generation: value.generation });
    }
    BasicRecord {
        user: fields.text("user").as_bytes().into(),
        passphrases: passphrases.into_iter().collect(),
        utf8: fields.get("charset").is_some(),
    }
}

fn passphrase(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<PassphraseHash> {
    Some(match fields.key() {
        "password_hash" => PassphraseHash::Password(Box::new(password_hash(fields, work)?)),
        "sha256" => PassphraseHash::Sha256(hash(fields.text("sha256"))),
        "hmac_sha256" => {
            let pepper = HmacSha256Key::new(&pepper(&fields.object("pepper"), work)?);
            let hash = hash(fields.text("hmac_sha256"));
            PassphraseHash::Peppered(Box::new(HashedSecret::HmacSha256 { pepper, hash }))
        }
        _ => PassphraseHash::Sha256(sha256(&presented(fields, work)?)),
    })
}

fn password_hash(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<PasswordHash> {
    let parsed = PasswordHash::parse(fields.text("password_hash"));
    let fault = |error: HashError| work.problems.add(fields.at("password_hash"), error.to_string());
    parsed.map_err(fault).ok()
}

/// Whether both are the fast hash of one secret. That two slow ones are, nobody can see.
fn same(one: &PassphraseHash, other: &PassphraseHash) -> bool {
    digest(one).is_some_and(|one| digest(other) == Some(one))
}

/// The hash itself, whichever fast kind it is.
fn digest(hash: &PassphraseHash) -> Option<&[u8; 32]> {
    match hash {
        PassphraseHash::Sha256(hash) => Some(hash),
        PassphraseHash::Peppered(hash) => Some(hash.digest()),
        PassphraseHash::Password(_) => None,
    }
}

/// The key of the hash, as long as any key has to be.
fn pepper(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<SecretBytes> {
    let secret = secret(fields, work)?;
    if secret.len() < MIN_KEY {
        work.problems.add(fields.at(fields.key()), key::too_short());
        return None;
    }
    Some(secret)
}

/// The bytes of 64 hexadecimal digits.
fn hash(digits: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    let _ = decode(digits.as_bytes(), Case::Lower, &mut bytes);
    bytes
}
