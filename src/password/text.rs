//! The texts of hashes: the PHC string format, bcrypt's own, and that of Passlib for PBKDF2.

use core::fmt::Write as _;
use core::ops::RangeInclusive;

use super::bcrypt;
use super::hash::{Cost, MAX_OCTETS, Octets, Parts};
use super::{HashError, HashText};
use crate::primitive::base64::{Alphabet, Padding, decode, encode};
use crate::primitive::decimal;

const ARGON2ID: HashError =
    HashError::Malformed { form: "$argon2id$v=19$m=..,t=..,p=..$ and base64 of salt and hash" };

const BCRYPT: HashError =
    HashError::Malformed { form: "$2b$, two digits, $ and 53 symbols of bcrypt's base64" };

const PBKDF2: HashError =
    HashError::Malformed { form: "$pbkdf2-sha256$i=..$ and base64 of salt and hash" };

const ARGON2ID_BOUNDS: HashError =
    HashError::OutOfBounds { bounds: "p up to 16, m from 8 p to 131072, t times m up to 524288" };

const BCRYPT_BOUNDS: HashError = HashError::OutOfBounds { bounds: "a cost from 04 to 14" };

const PBKDF2_BOUNDS: HashError =
    HashError::OutOfBounds { bounds: "from 1000 to 1500000 iterations" };

const MAX_LANES: u32 = 16;
const MAX_MEMORY_KIB: u32 = 128 << 10;
const MAX_MEMORY_PASSES: u32 = 512 << 10;
const ROUNDS: RangeInclusive<u32> = 4..=14;
const ITERATIONS: RangeInclusive<u32> = 1_000..=1_500_000;
const MIN_SALT: usize = 8;
const MIN_HASH: usize = 16;

/// What `text` says.
pub(super) fn parse(text: &str) -> Result<Parts, HashError> {
    let (kind, rest) = text
        .strip_prefix('$')
        .and_then(|text| text.split_once('$'))
        .ok_or(HashError::UnknownKind)?;
    match kind {
        "argon2id" => parse_argon2id(rest),
        "2a" | "2b" | "2y" => parse_bcrypt(rest),
        "pbkdf2-sha256" => parse_pbkdf2(rest, 32, |iterations| Cost::Pbkdf2Sha256 { iterations }),
        "pbkdf2-sha512" => parse_pbkdf2(rest, 64, |iterations| Cost::Pbkdf2Sha512 { iterations }),
        _ => Err(HashError::UnknownKind),
    }
}

fn parse_argon2id(text: &str) -> Result<Parts, HashError> {
    let [parameters, salt, hash] = text.strip_prefix("v=19$").and_then(fields).ok_or(ARGON2ID)?;
    let [m, t, p] = argon2id_parameters(parameters).ok_or(ARGON2ID)?;
    let least = p.saturating_mul(8).max(8);
    let lanes = (1..=MAX_LANES).contains(&p);
    let memory = (least..=MAX_MEMORY_KIB).contains(&m);
    if !lanes || !memory || t == 0 || m.saturating_mul(t) > MAX_MEMORY_PASSES {
        return Err(ARGON2ID_BOUNDS);
    }
    let salt = octets(salt, MIN_SALT..=MAX_OCTETS).ok_or(ARGON2ID)?;
    let hash = octets(hash, MIN_HASH..=MAX_OCTETS).ok_or(ARGON2ID)?;
    Ok(Parts { cost: Cost::Argon2id { m, t, p }, salt, hash })
}

/// m, t and p, in this order.
fn argon2id_parameters(text: &str) -> Option<[u32; 3]> {
    let (m, rest) = text.strip_prefix("m=")?.split_once(",t=")?;
    let (t, p) = rest.split_once(",p=")?;
    Some([number(m)?, number(t)?, number(p)?])
}

/// The cost, and salt and hash in one piece.
fn parse_bcrypt(text: &str) -> Result<Parts, HashError> {
    let (cost, rest) = text.split_once('$').ok_or(BCRYPT)?;
    let rounds = match cost.as_bytes() {
        [b'0', digit] => decimal::parse(&[*digit]),
        [_, _] => decimal::parse(cost.as_bytes()),
        _ => None,
    };
    let rounds = rounds.and_then(|rounds| u32::try_from(rounds).ok()).ok_or(BCRYPT)?;
    if !ROUNDS.contains(&rounds) {
        return Err(BCRYPT_BOUNDS);
    }
    let (salt, hash) = rest.split_at_checked(22).ok_or(BCRYPT)?;
    let salt = bcrypt_octets(salt, 16).ok_or(BCRYPT)?;
    let hash = bcrypt_octets(hash, bcrypt::DIGEST).ok_or(BCRYPT)?;
    Ok(Parts { cost: Cost::Bcrypt { rounds }, salt, hash })
}

fn parse_pbkdf2(text: &str, digest: usize, cost: impl Fn(u32) -> Cost) -> Result<Parts, HashError> {
    let [parameters, salt, hash] = fields(text).ok_or(PBKDF2)?;
    let is_phc = parameters.starts_with("i=");
    let symbols = if is_phc { octets } else { passlib_octets };
    let salt = symbols(salt, MIN_SALT..=MAX_OCTETS).ok_or(PBKDF2)?;
    let hash = symbols(hash, MIN_HASH..=digest).ok_or(PBKDF2)?;
    let iterations = match parameters.strip_prefix("i=") {
        Some(parameters) => pbkdf2_parameters(parameters, hash.bytes().len()),
        None => number(parameters),
    };
    let iterations = iterations.ok_or(PBKDF2)?;
    if !ITERATIONS.contains(&iterations) {
        return Err(PBKDF2_BOUNDS);
    }
    Ok(Parts { cost: cost(iterations), salt, hash })
}

/// The iterations; where the length of the hash follows, it is right.
fn pbkdf2_parameters(text: &str, length: usize) -> Option<u32> {
    let Some((iterations, claimed)) = text.split_once(",l=") else { return number(text) };
    let claimed = usize::try_from(number(claimed)?).ok()?;
    if claimed == length { number(iterations) } else { None }
}

/// Three fields with a `$` between them.
fn fields(text: &str) -> Option<[&str; 3]> {
    let mut fields = text.split('$');
    let three = [fields.next()?, fields.next()?, fields.next()?];
    if fields.next().is_none() { Some(three) } else { None }
}

/// A number without zeros in front.
fn number(digits: &str) -> Option<u32> {
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    u32::try_from(decimal::parse(digits.as_bytes())?).ok()
}

/// The octets of base64 without padding, as the PHC string format writes it.
fn octets(symbols: &str, lengths: RangeInclusive<usize>) -> Option<Octets> {
    let mut room = [0; MAX_OCTETS];
    let decoded =
        decode(symbols.as_bytes(), Alphabet::Standard, Padding::Forbidden, &mut room).ok()?;
    if lengths.contains(&decoded.len()) { Octets::of(decoded) } else { None }
}

/// The same, with `.` in the place of `+`.
fn passlib_octets(symbols: &str, lengths: RangeInclusive<usize>) -> Option<Octets> {
    let standard = |symbol| match symbol {
        b'.' => Some(b'+'),
        b'+' => None,
        symbol => Some(symbol),
    };
    octets(translated(symbols, standard)?.as_str(), lengths)
}

/// The octets of bcrypt's base64, which has the symbols of the usual one in another order.
fn bcrypt_octets(symbols: &str, length: usize) -> Option<Octets> {
    const OWN: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const USUAL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let usual = |symbol| {
        let mut pairs = OWN.iter().zip(USUAL);
        pairs.find(|(own, _)| **own == symbol).map(|(_, usual)| *usual)
    };
    octets(translated(symbols, usual)?.as_str(), length..=length)
}

/// `symbols`, each translated.
fn translated(symbols: &str, translate: impl Fn(u8) -> Option<u8>) -> Option<HashText> {
    let mut text = HashText::EMPTY;
    for symbol in symbols.bytes() {
        let symbol = translate(symbol).filter(u8::is_ascii)?;
        text.push(char::from(symbol).encode_utf8(&mut [0; 4]));
    }
    Some(text)
}

/// The text of an argon2id hash.
pub(super) fn argon2id(hash: &Parts) -> HashText {
    let mut text = HashText::EMPTY;
    if let Cost::Argon2id { m, t, p } = hash.cost {
        let _ = write!(text, "$argon2id$v=19$m={m},t={t},p={p}");
    }
    for octets in [&hash.salt, &hash.hash] {
        let mut room = [0; 96];
        let symbols = encode(octets.bytes(), Alphabet::Standard, Padding::Forbidden, &mut room);
        text.push("$");
        text.push(symbols.unwrap_or_default());
    }
    text
}
