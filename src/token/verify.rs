//! Verifying a token.

use core::fmt;

use super::{Claims, MAX_JSON, MAX_NUMBER, MAX_TOKEN, Rules, TokenKey, is_scope_list};
use crate::primitive::decimal;
use crate::primitive::json::unique::read_unique_members;
use crate::primitive::json::{JsonString, Malformed, Value};
use crate::primitive::jws::{Header, Jws, JwsError};
use crate::primitive::text::Text;

/// Why a token is refused. It is for the operator: a caller learns that the token is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is too long, has not the form of RFC 7515 and RFC 7519, or a claim is missing or not of
    /// its kind.
    Malformed,
    /// The header has no `alg`, or one that is not `HS256`.
    AlgorithmNotAllowed,
    /// The header has `crit` or `b64`.
    ExtensionNotAllowed,
    /// The header has no `typ`, or another one.
    WrongType,
    /// The header has no `kid`, or no key has it.
    UnknownKey,
    /// The key is not active.
    KeyNotActive,
    /// The signature is not the one of the key.
    BadSignature,
    /// It was issued by another issuer.
    WrongIssuer,
    /// It is for another environment.
    WrongAudience,
    /// It lives longer than tokens may.
    LifetimeTooLong,
    /// Its `iat` or `nbf` lies in the future.
    NotYetValid,
    /// Its `exp` has come.
    Expired,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the token or a claim of it has not the form that it must have",
            Self::AlgorithmNotAllowed => "the algorithm of the token is not HS256",
            Self::ExtensionNotAllowed => "the header of the token asks for an extension",
            Self::WrongType => "the type of the token is not the one of access tokens",
            Self::UnknownKey => "no key has the id that the token names",
            Self::KeyNotActive => "the key of the token is not active",
            Self::BadSignature => "the signature of the token does not match",
            Self::WrongIssuer => "the token is of another issuer",
            Self::WrongAudience => "the token is for another environment",
            Self::LifetimeTooLong => "the token lives longer than tokens may",
            Self::NotYetValid => "the token is not valid yet",
            Self::Expired => "the token has expired",
        })
    }
}

impl core::error::Error for Refusal {}

impl From<JwsError> for Refusal {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Algorithm => Self::AlgorithmNotAllowed,
            JwsError::Extension => Self::ExtensionNotAllowed,
            JwsError::Signature => Self::BadSignature,
            JwsError::TooLong | JwsError::Form | JwsError::BufferTooSmall { .. } => Self::Malformed,
        }
    }
}

/// Verifies a token at `unix_ms`, in milliseconds since 1970. Of `keys` the active one that the
/// token names counts.
///
/// The claims `iss`, `sub`, `aud`, `iat`, `exp` and `gen` must be there; `nbf` and `scope` may be;
/// others are not looked at. Numbers are whole and at most 2^53. A token is valid from the second
/// of `iat` and `nbf` on and no longer at the second of `exp`. No claim is read before the
/// signature was found right. It allocates nothing and takes 3 kB of stack for the decoded text.
///
/// # Errors
///
/// [`Refusal`], the first that applies, in this order: the header, the key, the signature, the
/// form of the claims, issuer, audience, times.
pub fn verify(
    token: &[u8],
    keys: &[TokenKey],
    rules: &Rules<'_>,
    unix_ms: u64,
) -> Result<Claims, Refusal> {
    let mut room = [0; MAX_JSON];
    let jws = Jws::parse(token, MAX_TOKEN)?;
    let header = jws.header(&mut room)?;
    if !header.has_type(rules.token_type) {
        return Err(Refusal::WrongType);
    }
    let (place, key) = find(keys, &header, unix_ms).inspect_err(|_| {
        // A key that is not there takes the work of one that is.
        core::hint::black_box(keys.first().map(|key| jws.verify(key.mac())));
    })?;
    jws.verify(key.mac())?;
    let mut read = Read::default();
    read_unique_members(jws.payload(&mut room)?, |name, value| read.claim(name, value))
        .map_err(|Malformed| Refusal::Malformed)?;
    let claims = read.claims(place).ok_or(Refusal::Malformed)?;
    read.check(&claims, rules, unix_ms / 1000)?;
    Ok(claims)
}

/// The active key that the header names.
fn find<'k>(
    keys: &'k [TokenKey],
    header: &Header<'_>,
    unix_ms: u64,
) -> Result<(usize, &'k TokenKey), Refusal> {
    let mut refusal = Refusal::UnknownKey;
    for (place, key) in keys.iter().enumerate() {
        if header.has_key_id(key.id()) {
            if key.is_active(unix_ms) {
                return Ok((place, key));
            }
            refusal = Refusal::KeyNotActive;
        }
    }
    Err(refusal)
}

/// The claims as they stand in the token.
#[derive(Default)]
struct Read<'a> {
    issuer: Option<JsonString<'a>>,
    subject: Option<JsonString<'a>>,
    audience: Option<JsonString<'a>>,
    scope: Option<JsonString<'a>>,
    issued_at: Option<u64>,
    not_before: Option<u64>,
    expires_at: Option<u64>,
    generation: Option<u64>,
}

impl<'a> Read<'a> {
    fn claim(&mut self, name: JsonString<'a>, value: Value<'a>) -> Result<(), Malformed> {
        let texts = [
            ("iss", &mut self.issuer),
            ("sub", &mut self.subject),
            ("aud", &mut self.audience),
            ("scope", &mut self.scope),
        ];
        for (claim, slot) in texts {
            if name.means(claim) {
                let Value::String(text) = value else { return Err(Malformed) };
                *slot = Some(text);
            }
        }
        let numbers = [
            ("iat", &mut self.issued_at),
            ("nbf", &mut self.not_before),
            ("exp", &mut self.expires_at),
            ("gen", &mut self.generation),
        ];
        for (claim, slot) in numbers {
            if name.means(claim) {
                let Value::Scalar(text) = value else { return Err(Malformed) };
                let number = decimal::parse(text).filter(|number| *number <= MAX_NUMBER);
                *slot = Some(number.ok_or(Malformed)?);
            }
        }
        Ok(())
    }

    /// The claims, if all are there that must be.
    fn claims(&self, key: usize) -> Option<Claims> {
        let scope = match self.scope {
            Some(list) => Some(held(list).filter(|list| is_scope_list(list.as_str()))?),
            None => None,
        };
        Some(Claims {
            subject: held(self.subject?).filter(|subject| !subject.is_empty())?,
            scope,
            generation: self.generation?,
            issued_at_s: self.issued_at?,
            expires_at_s: self.expires_at?,
            key,
        })
    }

    fn check(&self, claims: &Claims, rules: &Rules<'_>, now_s: u64) -> Result<(), Refusal> {
        let (Some(issuer), Some(audience)) = (self.issuer, self.audience) else {
            return Err(Refusal::Malformed);
        };
        if !issuer.means(rules.issuer) {
            return Err(Refusal::WrongIssuer);
        }
        if !audience.means(rules.audience) {
            return Err(Refusal::WrongAudience);
        }
        let lifetime = claims.expires_at_s.checked_sub(claims.issued_at_s);
        if lifetime.ok_or(Refusal::Malformed)? > rules.lifetime_s {
            return Err(Refusal::LifetimeTooLong);
        }
        let latest = now_s.saturating_add(rules.leeway_s);
        if claims.issued_at_s > latest || self.not_before.is_some_and(|first| first > latest) {
            return Err(Refusal::NotYetValid);
        }
        if now_s >= claims.expires_at_s.saturating_add(rules.leeway_s) {
            return Err(Refusal::Expired);
        }
        Ok(())
    }
}

/// What `string` means, if it is not too long.
fn held<const N: usize>(string: JsonString<'_>) -> Option<Text<N>> {
    let mut room = [0; N];
    let length = string.write(&mut room)?;
    Some(Text::truncated(core::str::from_utf8(room.get(..length)?).ok()?))
}
