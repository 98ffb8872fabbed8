//! Finding the signatures that a request carries, and decoding them.

use core::ops::RangeInclusive;

use super::fields::{Field, form_field, json_member, parameter, query_parameter};
use super::mac::Tag;
use super::message::read_message;
use super::{Carrier, Encoding, Locator, MAX_CANDIDATES, Scheme};
use crate::decision::{Denial, Reason};
use crate::primitive::base64::{self, Alphabet, Padding};
use crate::primitive::data::Data;
use crate::primitive::hex::{self, Case};
use crate::primitive::lanes::{Class, every};
use crate::primitive::structured::{self, Malformed};
use crate::request::{Request, elements};

/// All octets but the comma.
struct NoComma;

impl Class for NoComma {
    const RANGES: &'static [RangeInclusive<u8>] = &[0..=b',' - 1, b',' + 1..=u8::MAX];
}

/// The decoded signatures of one request.
#[derive(Clone)]
pub(super) struct Candidates {
    tags: [Option<Tag>; MAX_CANDIDATES],
    count: usize,
}

impl Candidates {
    pub(super) const fn none() -> Self {
        Self { tags: [None; MAX_CANDIDATES], count: 0 }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.tags.iter().take(self.count).flatten()
    }

    /// Adds a tag that `write` writes where it stays, if it can and there is room.
    fn add(&mut self, write: impl FnOnce(&mut Tag) -> Option<()>) -> Result<(), Reason> {
        let room = self.tags.get_mut(self.count).ok_or(Reason::MalformedSignature)?;
        write(room.insert(Tag([0; 64]))).ok_or(Reason::SigEncoding)?;
        self.count = self.count.saturating_add(1);
        Ok(())
    }
}

impl Scheme {
    /// The one value in which the signatures stand.
    pub(super) fn carried<'a: 'b, 'b>(
        &'a self,
        request: &Request<'a>,
        room: &'b mut Option<Field>,
    ) -> Result<&'b [u8], Denial<'a>> {
        match (self.carrier_value(request, room)?, &self.carrier) {
            (Some(value @ [_, ..]), _) => Ok(value),
            (_, Carrier::Header(name) | Carrier::HeaderLines(name)) => {
                Err(Denial::about(Reason::MissingSignature, name))
            }
            _ => Err(Reason::MissingSignature.into()),
        }
    }

    /// What stands in the place where the signatures belong; `None` if the request has no such
    /// place.
    pub(super) fn carrier_value<'a: 'b, 'b>(
        &'a self,
        request: &Request<'a>,
        room: &'b mut Option<Field>,
    ) -> Result<Option<&'b [u8]>, Denial<'a>> {
        let unusable = Reason::MalformedSignature;
        if let Some(message) = self.message(request, unusable) {
            return message.map_err(Denial::from);
        }
        Ok(match &self.carrier {
            Carrier::Header(name) => request.single(name)?,
            // All of them are gone through later.
            Carrier::HeaderLines(name) => request.lines(name).next(),
            Carrier::Query(name) => query_parameter(request, name, room, unusable)?,
            Carrier::Form(name) => form_field(request, name, room, unusable)?,
            Carrier::Parameter(name) => parameter(request, name, room, unusable)?,
            Carrier::Json(name) => json_member(request, name, room, unusable)?,
            Carrier::Stored => Some(request.stored.signature),
        })
    }

    /// Puts the signatures of `request` into `found`; `carried` is the value that carries them, or
    /// the first one.
    pub(super) fn find_candidates<'a>(
        &'a self,
        request: &Request<'a>,
        carried: &[u8],
        found: &mut Candidates,
    ) -> Result<(), Denial<'a>> {
        match &self.carrier {
            Carrier::HeaderLines(name) => {
                for value in request.lines(name).flat_map(elements) {
                    self.find_in(value, found)?;
                }
            }
            _ => self.find_in(carried, found)?,
        }
        if found.count == 0 { Err(Reason::NoSupportedSignature.into()) } else { Ok(()) }
    }

    /// Puts the signatures in `value` into `found`.
    fn find_in(&self, value: &[u8], found: &mut Candidates) -> Result<(), Denial<'_>> {
        match &self.locator {
            Locator::Whole => self.take_only(found, value)?,
            Locator::Prefix(prefix) => {
                let signature = value.strip_prefix(prefix.as_bytes());
                self.take_only(found, signature.ok_or(Reason::NoSupportedSignature)?)?;
            }
            Locator::OptionalPrefix(prefix) => {
                let signature = value.strip_prefix(prefix.as_bytes());
                self.take_only(found, signature.unwrap_or(value))?;
            }
            Locator::Pairs { separator, label, or_label } => {
                for pair in pairs(value, *separator) {
                    let (name, signature) = pair?;
                    let known = name == label.as_bytes() || name == or_label.as_bytes();
                    if known && !name.is_empty() {
                        self.take(found, signature)?;
                    }
                }
            }
            Locator::AfterKey { prefixes, separator } => {
                let (_, signature) = self.split_key(value, prefixes, *separator)?;
                self.take_only(found, signature)?;
            }
            Locator::Versions { separator, tag } => {
                let items = value.split(|byte| byte == separator);
                for signature in items.filter_map(|item| item.strip_prefix(tag.as_bytes())) {
                    self.take(found, signature)?;
                }
            }
            Locator::Member(label) => {
                let member = structured::member(value, label);
                let found_here = member.map_err(|Malformed| Reason::MalformedSignature)?;
                if let Some(signature) = found_here {
                    let text = structured::byte_sequence(signature);
                    self.take(found, text.map_err(|Malformed| Reason::SigEncoding)?)?;
                }
            }
            Locator::Jws => self.take(found, read_message(value)?.signature())?,
        }
        Ok(())
    }

    /// The key of the credential that `request` names: before its signature ([`Locator::AfterKey`]),
    /// or as `keyid` ([`Locator::Member`]), where it has no escapes. `None` if the scheme has none,
    /// or the request no such header or parameter. Nothing is proved
    /// by it: it says whose secret has to have made the signature.
    ///
    /// # Errors
    ///
    /// [`Reason::DupHeader`]: the header is there twice. [`Reason::NoSupportedSignature`]: it
    /// begins with another prefix. [`Reason::MalformedSignature`]: there is no separator, or
    /// nothing before it.
    pub fn claimed_key<'a>(
        &'a self,
        request: &Request<'a>,
    ) -> Result<Option<&'a [u8]>, Denial<'a>> {
        if matches!(self.locator, Locator::Member(_)) {
            return self.key_id(request);
        }
        let (Carrier::Header(name), Locator::AfterKey { prefixes, separator }) =
            (&self.carrier, &self.locator)
        else {
            return Ok(None);
        };
        match request.single(name)? {
            None | Some([]) => Ok(None),
            Some(value) => {
                let (key, _) = self.split_key(value, prefixes, *separator)?;
                Ok(Some(key))
            }
        }
    }

    /// The key in `value`, and the signature behind it.
    pub(super) fn split_key<'a>(
        &self,
        value: &'a [u8],
        prefixes: &[Data<str>],
        separator: u8,
    ) -> Result<(&'a [u8], &'a [u8]), Denial<'_>> {
        let mut after = prefixes.iter().filter_map(|prefix| value.strip_prefix(prefix.as_bytes()));
        let rest = if prefixes.is_empty() { Some(value) } else { after.next() };
        let rest = rest.ok_or(Reason::NoSupportedSignature)?;
        self.refuse_joined(rest)?;
        let end = rest.iter().rposition(|byte| *byte == separator);
        match end.and_then(|end| rest.split_at_checked(end)) {
            Some((key @ [_, ..], [_, signature @ ..])) => Ok((key, signature)),
            _ => Err(Reason::MalformedSignature.into()),
        }
    }

    /// Decodes the one signature of a scheme without lists.
    fn take_only(&self, found: &mut Candidates, signature: &[u8]) -> Result<(), Denial<'_>> {
        self.refuse_joined(signature)?;
        self.take(found, signature).map_err(Denial::from)
    }

    /// Header lines that a proxy joined into one with a comma are still several lines.
    fn refuse_joined(&self, value: &[u8]) -> Result<(), Denial<'_>> {
        match &self.carrier {
            Carrier::Header(name) if !every::<NoComma>(value) => {
                Err(Denial::about(Reason::DupHeader, name))
            }
            _ => Ok(()),
        }
    }

    /// Decodes one signature. More than the cap is an error, not a longer search.
    fn take(&self, found: &mut Candidates, signature: &[u8]) -> Result<(), Reason> {
        if found.count >= self.max_candidates {
            return Err(Reason::MalformedSignature);
        }
        found.add(|tag| decode(self.encoding, self.algorithm.length(), signature, tag))
    }

    /// The value under `label` in a list of pairs; an error if it stands there more than once.
    pub(super) fn labelled<'a>(&self, value: &'a [u8], label: &str) -> Result<&'a [u8], Reason> {
        let Locator::Pairs { separator, .. } = &self.locator else {
            return Err(Reason::MalformedSignature);
        };
        let mut found = None;
        for pair in pairs(value, *separator) {
            let (name, text) = pair?;
            if name == label.as_bytes() && found.replace(text).is_some() {
                return Err(Reason::MalformedSignature);
            }
        }
        found.ok_or(Reason::BadTimestamp)
    }
}

/// The `label=value` pairs of a list.
fn pairs(value: &[u8], separator: u8) -> impl Iterator<Item = Result<(&[u8], &[u8]), Reason>> {
    value.split(move |byte| *byte == separator).map(|pair| {
        let equals =
            pair.iter().position(|byte| *byte == b'=').ok_or(Reason::MalformedSignature)?;
        let (label, rest) = pair.split_at_checked(equals).ok_or(Reason::MalformedSignature)?;
        Ok((label, rest.get(1..).unwrap_or(&[])))
    })
}

/// Puts the tag that `text` writes into `tag`, if it is `length` bytes long in exactly this encoding.
fn decode(encoding: Encoding, length: usize, text: &[u8], tag: &mut Tag) -> Option<()> {
    let room = &mut tag.0;
    let decoded = match encoding {
        Encoding::HexLower => hex::decode(text, Case::Lower, room),
        Encoding::HexUpper => hex::decode(text, Case::Upper, room),
        Encoding::HexAny => hex::decode(text, Case::Any, room),
        Encoding::Base64 => base64::decode(text, Alphabet::Standard, Padding::Required, room),
        Encoding::Base64Url => base64::decode(text, Alphabet::UrlSafe, Padding::Forbidden, room),
    };
    let right = decoded.is_ok_and(|bytes| bytes.len() == length);
    right.then_some(())
}
