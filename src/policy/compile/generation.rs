//! The generations of secrets.

use alloc::format;
use alloc::vec::Vec;

use super::super::compiled::SecretGeneration;
use super::super::fields::Fields;
use super::super::generation::{Generation, time};
use super::super::values::Values;
use super::super::wants::quoted;
use super::names::{Names, Schemes};
use super::secret::secret;
use super::{Work, key};
use crate::scheme::{MAX_GENERATIONS, MIN_KEY, MacKey, Scheme};

/// The generations of all secrets of a credential. A secret for schemes that read it in different
/// ways gives one for each way.
pub(super) fn generations(
    credential: &Fields<'_, '_>,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Values<SecretGeneration> {
    let mut all = Vec::new();
    for fields in credential.objects("secrets") {
        let generation = generation(&fields, work);
        let keys = keys(&fields, &names.schemes, work);
        let new = keys.into_iter().map(|Prepared { key, schemes, .. }| SecretGeneration {
            generation,
            key,
            schemes,
        });
        let new: Vec<_> = new.filter(|secret| secret.schemes != 0).collect();
        check(&fields, &all, &new, names.schemes.used(), work);
        all.extend(new);
    }
    all.into_iter().collect()
}

/// A key and the schemes that read the secret in the same way.
struct Prepared<'s> {
    scheme: &'s Scheme,
    key: MacKey,
    schemes: u64,
}

/// The keys that the secret is.
fn keys<'s>(
    fields: &Fields<'_, '_>,
    schemes: &'s Schemes,
    work: &mut Work<'_>,
) -> Vec<Prepared<'s>> {
    let wanted = wanted(fields, schemes, work);
    let reference = fields.object("key");
    let Some(secret) = secret(&reference, work) else { return Vec::new() };
    let mut keys: Vec<Prepared<'s>> = Vec::new();
    if wanted.is_empty() && secret.len() < MIN_KEY {
        work.problems.add(reference.at(reference.key()), key::too_short());
    }
    for scheme in wanted {
        let bits = bits_of(scheme, schemes);
        if let Some(known) = keys.iter_mut().find(|known| read_alike(known.scheme, scheme)) {
            known.schemes |= bits;
            continue;
        }
        match scheme.prepare_key(&secret) {
            Ok(key) => keys.push(Prepared { scheme, key, schemes: bits }),
            Err(error) => {
                work.problems.add(reference.at(reference.key()), key::fault(error, scheme));
                break;
            }
        }
    }
    keys
}

/// Whether two schemes make the same key of a secret.
fn read_alike(one: &Scheme, other: &Scheme) -> bool {
    one.algorithm == other.algorithm && one.key == other.key && one.key_prefix == other.key_prefix
}

/// The bits of a scheme; none if no route uses it.
fn bits_of(scheme: &Scheme, schemes: &Schemes) -> u64 {
    let places = schemes.places(&scheme.name).filter_map(|place| u32::try_from(place).ok());
    places.filter_map(|place| 1_u64.checked_shl(place)).fold(0, |bits, bit| bits | bit)
}

/// The schemes that the secret is for: those that it names, or else all with a key that routes
/// use.
fn wanted<'s>(
    fields: &Fields<'_, '_>,
    schemes: &'s Schemes,
    work: &mut Work<'_>,
) -> Vec<&'s Scheme> {
    if fields.get("schemes").is_none() {
        return schemes.used().iter().filter(|scheme| scheme.algorithm.is_keyed()).collect();
    }
    let named = fields.items("schemes").iter().filter_map(|item| {
        let name = item.text()?;
        let found = schemes.find(name);
        let fault = match found {
            None => schemes.unknown(name),
            Some(scheme) if !scheme.algorithm.is_keyed() => key::unkeyed(scheme),
            Some(_) => return found,
        };
        work.problems.add(item.start, fault);
        None
    });
    named.collect()
}

/// The number of a value, and when it counts.
pub(super) fn generation(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Generation {
    let number = u32::try_from(fields.number("generation")).unwrap_or(0);
    let (not_before_ms, not_after_ms) = window(fields, work);
    Generation { number, not_before_ms, not_after_ms }
}

/// From when on and until when the secret counts, in Unix milliseconds.
pub(super) fn window(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> (u64, u64) {
    let begin = time(fields, "not_before", &mut work.problems).unwrap_or(0);
    let end = time(fields, "not_after", &mut work.problems).unwrap_or(u64::MAX);
    if end <= begin {
        let message = "the secret ends before it begins; write a time after \"not_before\"";
        work.problems.add(fields.at("not_after"), message);
    }
    (begin, end)
}

/// Decisions carry the number of a generation, so it has to tell the values of a secret apart.
pub(super) fn check_number(fields: &Fields<'_, '_>, repeated: bool, work: &mut Work<'_>) {
    if repeated {
        let message = "another secret has this number; write the next one";
        work.problems.add(fields.at("generation"), message);
    }
}

/// The number has to tell the secrets of a scheme apart, and no more of them are tried than the
/// verifier has room for.
fn check(
    fields: &Fields<'_, '_>,
    before: &[SecretGeneration],
    new: &[SecretGeneration],
    schemes: &[Scheme],
    work: &mut Work<'_>,
) {
    let mask = new.iter().fold(0, |mask, generation| mask | generation.schemes);
    let number = new.first().map(|secret| secret.generation.number);
    let same = |other: &SecretGeneration| Some(other.generation.number) == number;
    let repeated = before.iter().any(|other| other.schemes & mask != 0 && same(other));
    check_number(fields, repeated, work);
    for (place, scheme) in schemes.iter().enumerate() {
        let covers = |generation: &&SecretGeneration| (generation.schemes >> place) & 1 == 1;
        let covered = new.iter().any(|generation| covers(&generation));
        if covered && before.iter().filter(covers).count() >= MAX_GENERATIONS {
            let name = quoted(&scheme.name);
            let message = format!(
                "more than {MAX_GENERATIONS} secrets for the scheme {name}; remove the oldest"
            );
            work.problems.add(fields.start, message);
        }
    }
}
