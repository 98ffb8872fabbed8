//! What becomes of a secret after it was issued: changes to the record of a credential.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::policy::{MAX_VALUES, PolicyErrors, Record, SecretKind, Stored, compact};
use crate::scheme::MAX_GENERATIONS;

/// A value that a secret gets.
#[derive(Clone, Copy, Debug)]
pub struct NewValue<'a> {
    /// Which secret gets it.
    pub kind: SecretKind,
    /// What the record holds of it, as JSON: `{"sha256": ...}` or `{"hmac_sha256": ..., "pepper":
    /// ...}` for an API key or a passphrase, a reference such as `{"file": ...}` for a signing
    /// secret; whatever a policy takes there.
    pub value: &'a [u8],
    /// The schemes of the signing secret, if the credential has secrets for different ones; empty
    /// for those that its one secret is for.
    pub schemes: &'a [&'a str],
}

/// Why a record was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LifecycleError {
    /// The record or the value is not of the form that a policy takes.
    Form(PolicyErrors),
    /// The credential is revoked, which nothing undoes.
    Revoked,
    /// The credential has no Basic user, so it can have no passphrase.
    NoUser,
    /// The credential has secrets for different schemes, and those that were named are not the
    /// schemes of any one of them.
    WhichSchemes,
    /// The credential has this value already.
    SameValue,
    /// More values count at a time than a policy takes: wait until some of them have ended.
    TooMany,
    /// The numbers of the generations are used up.
    NoNumberLeft,
    /// The time is not from 1970 to 9999.
    BadTime,
}

impl fmt::Display for LifecycleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form(errors) => return errors.fmt(f),
            Self::Revoked => "the credential is revoked; issue another one",
            Self::NoUser => "the credential has no user; write \"basic\" with one first",
            Self::WhichSchemes => {
                "the credential has secrets for different schemes; name those of one of them"
            }
            Self::SameValue => "the credential has this value already; make a new one",
            Self::TooMany => "too many values count at a time; wait until some of them have ended",
            Self::NoNumberLeft => "the numbers of the generations are used up",
            Self::BadTime => "the time is not from 1970 to 9999",
        })
    }
}

impl core::error::Error for LifecycleError {}

impl From<PolicyErrors> for LifecycleError {
    fn from(errors: PolicyErrors) -> Self {
        Self::Form(errors.in_file("record"))
    }
}

/// Gives a secret a new value that counts at once, while the old ones count for `overlap_s` seconds
/// more after `unix_ms`, the time now; with 0 they end at once. Fractions of a second count for the
/// end. Values that have ended are dropped.
///
/// `record` is the JSON object that stands for the credential in a policy; so is what comes out.
/// What is not about the secret stays as it is.
///
/// # Errors
///
/// [`LifecycleError`].
pub fn rotate(
    record: &[u8],
    new: &NewValue<'_>,
    unix_ms: u64,
    overlap_s: u64,
) -> Result<String, LifecycleError> {
    let mut record = changeable(record)?;
    let end_ms = overlap_s.checked_mul(1000).and_then(|ms| second(unix_ms)?.checked_add(ms));
    let end_ms = end_ms.filter(|ms| *ms <= LAST_MS).ok_or(LifecycleError::BadTime)?;
    let Replacement { mut values, replaced, new: value } = replace(&record, new)?;
    let counts = |value: &Stored| {
        value.not_after_ms.is_none_or(|end| end > unix_ms)
            && value.not_before_ms.is_none_or(|begin| begin < end_ms)
    };
    let kept = values.len();
    values.extend(replaced.into_iter().filter(counts).map(|value| ended(value, end_ms)));
    if values.len().saturating_sub(kept) >= most(new.kind) {
        return Err(LifecycleError::TooMany);
    }
    values.push(value);
    record.set_values(new.kind, &values);
    Ok(record.to_json()?)
}

/// Gives a secret a new value in place of all that it has, which end at once, and with them every
/// token that was issued to the credential: it gets its next generation.
///
/// # Errors
///
/// [`LifecycleError`].
pub fn reset(record: &[u8], new: &NewValue<'_>) -> Result<String, LifecycleError> {
    let mut record = changeable(record)?;
    let Replacement { mut values, new: value, .. } = replace(&record, new)?;
    values.push(value);
    record.set_values(new.kind, &values);
    let next = record.generation.checked_add(1).ok_or(LifecycleError::NoNumberLeft)?;
    record.set_generation(next);
    Ok(record.to_json()?)
}

/// Revokes a credential for good. All values of its secrets end at `unix_ms`, the time now, and so
/// do its tokens: were its state changed back by hand, nothing of it would count again. The values
/// stay, so that whoever presents one is told that it is revoked.
///
/// A credential that is revoked stays as it is.
///
/// # Errors
///
/// [`LifecycleError::Form`], [`LifecycleError::BadTime`].
pub fn revoke(record: &[u8], unix_ms: u64) -> Result<String, LifecycleError> {
    let mut record = Record::parse(record)?;
    if record.revoked {
        return Ok(record.to_json()?);
    }
    let now_ms = second(unix_ms).ok_or(LifecycleError::BadTime)?;
    for kind in [SecretKind::ApiKey, SecretKind::Passphrase, SecretKind::SigningSecret] {
        let values = record.values(kind).iter().cloned().map(|value| ended(value, now_ms));
        let values: Vec<Stored> = values.collect();
        if !values.is_empty() {
            record.set_values(kind, &values);
        }
    }
    record.set_revoked();
    // The state alone denies tokens too.
    record.set_generation(record.generation.saturating_add(1));
    Ok(record.to_json()?)
}

/// The last second of the year 9999.
const LAST_MS: u64 = 253_402_300_799_000;

/// The second that the time is in; `None` for the first one of all, before which nothing ends, and
/// after the year 9999.
fn second(unix_ms: u64) -> Option<u64> {
    let ms = unix_ms.checked_sub(unix_ms % 1000)?;
    (1000..=LAST_MS).contains(&ms).then_some(ms)
}

/// The value, ending at `end_ms` at the latest. One that would have begun later never counts.
fn ended(value: Stored, end_ms: u64) -> Stored {
    let end_ms = value.not_after_ms.map_or(end_ms, |end| end.min(end_ms));
    let not_before_ms = value.not_before_ms.filter(|begin| *begin < end_ms);
    Stored { not_before_ms, not_after_ms: Some(end_ms), ..value }
}

fn changeable(record: &[u8]) -> Result<Record, LifecycleError> {
    let record = Record::parse(record)?;
    if record.revoked { Err(LifecycleError::Revoked) } else { Ok(record) }
}

const fn most(kind: SecretKind) -> usize {
    match kind {
        SecretKind::ApiKey | SecretKind::Passphrase => MAX_VALUES,
        SecretKind::SigningSecret => MAX_GENERATIONS,
    }
}

/// The values of a secret when it gets a new one.
struct Replacement {
    /// Those that stay: they are for other schemes.
    values: Vec<Stored>,
    /// Those in whose place the new one comes.
    replaced: Vec<Stored>,
    new: Stored,
}

fn replace(record: &Record, new: &NewValue<'_>) -> Result<Replacement, LifecycleError> {
    if new.kind == SecretKind::Passphrase && !record.has_user() {
        return Err(LifecycleError::NoUser);
    }
    let old = record.values(new.kind);
    let value = compact(new.value)?;
    if old.iter().any(|old| old.value == value) {
        return Err(LifecycleError::SameValue);
    }
    let schemes = schemes(old, new)?;
    let last = old.iter().map(|value| value.number).max().unwrap_or(0);
    let number = last.checked_add(1).ok_or(LifecycleError::NoNumberLeft)?;
    let (replaced, values) = old.iter().cloned().partition(|value| value.schemes == schemes);
    Ok(Replacement { values, replaced, new: Stored { number, schemes, ..Stored::first(value) } })
}

/// The schemes of the new value: those of all that it replaces. What stays is for other ones.
fn schemes(old: &[Stored], new: &NewValue<'_>) -> Result<Vec<String>, LifecycleError> {
    let mut named: Vec<String> = new.schemes.iter().copied().map(String::from).collect();
    named.sort_unstable();
    let schemes = match old.first() {
        Some(first) if named.is_empty() => first.schemes.clone(),
        _ => named,
    };
    let apart = |value: &Stored| {
        !value.schemes.is_empty()
            && !schemes.is_empty()
            && !value.schemes.iter().any(|name| schemes.contains(name))
    };
    let named = !new.schemes.is_empty();
    let fits = |value: &Stored| value.schemes == schemes || named && apart(value);
    let allowed = new.kind == SecretKind::SigningSecret || !named;
    if allowed && old.iter().all(fits) { Ok(schemes) } else { Err(LifecycleError::WhichSchemes) }
}
