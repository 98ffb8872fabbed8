//! The signed string, part by part.

use super::content_digest::CONTENT_DIGEST;
use super::fields::{Field, form_field, json_member, query_parameter};
use super::{DigestHash, Encoding, Part, Scheme, Source, StoredPart};
use crate::decision::{Denial, Reason};
use crate::primitive::base64::{self, Alphabet, Padding};
use crate::primitive::copy_at;
use crate::primitive::hex::{self, Case};
use crate::primitive::md5::Md5;
use crate::primitive::sha2::{Sha256, Sha512};
use crate::request::{Body, Request, split_target};

/// The values that are found before the parts are gone through.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    /// The timestamp as it was sent.
    pub(super) timestamp: &'a [u8],
    /// The id of the message as it was sent.
    pub(super) id: &'a [u8],
    /// What a JSON Web Signature signs.
    pub(super) signing_input: &'a [u8],
    /// What `Signature-Input` says.
    pub(super) signature_params: &'a [u8],
}

/// The most bytes that the parts behind the body may have.
const TAIL: usize = 1024;

/// What is signed behind the body, kept until the body has been read.
#[derive(Clone)]
pub(super) struct Tail {
    bytes: [u8; TAIL],
    length: usize,
    /// Where the digest of the body goes, and how it is written; as octets, if in no encoding.
    digest_at: Option<(usize, Option<Encoding>)>,
}

impl Tail {
    const EMPTY: Self = Self { bytes: [0; TAIL], length: 0, digest_at: None };

    fn push(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let end = copy_at(&mut self.bytes, self.length, bytes);
        self.length = end.ok_or(Reason::SignedPartMissing)?;
        Ok(())
    }

    /// The digest of the body goes here.
    fn expect_digest(&mut self, encoding: Option<Encoding>) {
        self.digest_at = Some((self.length, encoding));
    }

    /// Gives what is signed behind the body, with `digest` in its place.
    pub(super) fn emit(&self, digest: Option<BodyDigest>, mut sink: impl FnMut(&[u8])) {
        let bytes = self.bytes.get(..self.length).unwrap_or(&[]);
        let Some(((at, encoding), digest)) = self.digest_at.zip(digest) else {
            return sink(bytes);
        };
        let (before, after) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        sink(before);
        digest.write(encoding, &mut sink);
        sink(after);
    }
}

/// A running digest of the body.
#[derive(Clone)]
pub(super) enum BodyDigest {
    Md5(Md5),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl BodyDigest {
    fn new(hash: DigestHash) -> Self {
        match hash {
            DigestHash::Md5 => BodyDigest::Md5(Md5::default()),
            DigestHash::Sha256 => BodyDigest::Sha256(Sha256::new()),
            DigestHash::Sha512 => BodyDigest::Sha512(Sha512::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            BodyDigest::Md5(hash) => hash.update(bytes),
            BodyDigest::Sha256(hash) => hash.update(bytes),
            BodyDigest::Sha512(hash) => hash.update(bytes),
        }
    }

    fn write(self, encoding: Option<Encoding>, sink: &mut impl FnMut(&[u8])) {
        match self {
            BodyDigest::Md5(hash) => write_digest(&hash.finish(), encoding, sink),
            BodyDigest::Sha256(hash) => write_digest(&hash.finish(), encoding, sink),
            BodyDigest::Sha512(hash) => write_digest(&hash.finish(), encoding, sink),
        }
    }
}

fn write_digest(digest: &[u8], encoding: Option<Encoding>, sink: &mut impl FnMut(&[u8])) {
    match encoding {
        Some(encoding) => write_encoded(digest, encoding, sink),
        None => sink(digest),
    }
}

/// Gives the text of a digest or a MAC.
pub(super) fn write_encoded(digest: &[u8], encoding: Encoding, sink: &mut impl FnMut(&[u8])) {
    let mut room = [0_u8; 128];
    let text = match encoding {
        Encoding::HexLower | Encoding::HexAny => hex::encode(digest, Case::Lower, &mut room),
        Encoding::HexUpper => hex::encode(digest, Case::Upper, &mut room),
        Encoding::Base64 => {
            base64::encode(digest, Alphabet::Standard, Padding::Required, &mut room)
        }
        Encoding::Base64Url => {
            base64::encode(digest, Alphabet::UrlSafe, Padding::Forbidden, &mut room)
        }
    };
    // 64 bytes are at most 128 characters: it always fits.
    sink(text.unwrap_or("").as_bytes());
}

impl Scheme {
    /// Gives the parts before the body to `head`, and keeps those behind it. Starts `digest`, if
    /// the scheme covers one.
    pub(super) fn split_parts<'s>(
        &'s self,
        request: &Request<'s>,
        sent: Sent<'_>,
        digest: &mut Option<BodyDigest>,
        tail: &mut Option<Tail>,
        mut head: impl FnMut(&[u8]),
    ) -> Result<(), Denial<'s>> {
        let mut behind_body = false;
        let mut room = None;
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                Part::Body => behind_body = true,
                Part::BodyDigest { hash, encoding } => {
                    behind_body = true;
                    *digest = Some(BodyDigest::new(*hash));
                    tail.get_or_insert(Tail::EMPTY).expect_digest(Some(*encoding));
                }
                Part::NonceDigest { nonce, hash } => {
                    behind_body = true;
                    let mut running = BodyDigest::new(*hash);
                    running.update(nonce_before_body(nonce, request, &mut room)?);
                    *digest = Some(running);
                    tail.get_or_insert(Tail::EMPTY).expect_digest(None);
                }
                Part::Parameters(order) => {
                    let mut put = placing(behind_body, tail, &mut head);
                    self.write_parameters(*order, request, &mut put)?;
                }
                _ => {
                    let rest = self.delimiters_behind(at);
                    let mut put = placing(behind_body, tail, &mut head);
                    for text in part_texts(part, rest, request, sent, &mut room)? {
                        put(text)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The parts behind the one at `at`, as far as they delimit it. A literal that ends the whole
    /// string cannot be mistaken, unless a part that may be absent stands before it.
    fn delimiters_behind(&self, at: usize) -> &[Part] {
        let optional = self.parts.iter().any(|part| matches!(part, Part::Optional { .. }));
        match self.parts.get(at.saturating_add(1)..) {
            Some([Part::Literal(_)]) if !optional => &[],
            rest => rest.unwrap_or(&[]),
        }
    }
}

/// Puts texts where they belong: to the `head`, or into the `tail` if they are behind the body.
fn placing<'f>(
    behind_body: bool,
    tail: &'f mut Option<Tail>,
    head: &'f mut impl FnMut(&[u8]),
) -> impl FnMut(&[u8]) -> Result<(), Reason> + 'f {
    move |text| match behind_body {
        true => tail.get_or_insert(Tail::EMPTY).push(text),
        false => {
            head(text);
            Ok(())
        }
    }
}

/// The texts of a part that is neither the body nor the parameters: prefix, value, suffix.
fn part_texts<'a: 'b, 'b>(
    part: &'a Part,
    rest: &[Part],
    request: &Request<'a>,
    sent: Sent<'b>,
    room: &'b mut Option<Field>,
) -> Result<[&'b [u8]; 3], Denial<'a>> {
    let (path, query) = split_target(request.target);
    let one = |text: &'b [u8]| [&[][..], text, &[][..]];
    Ok(match part {
        Part::Literal(text) => one(text.as_bytes()),
        Part::Url => return Err(Reason::SignedPartMissing.into()),
        Part::Method => one(request.method),
        Part::Target => one(request.target),
        Part::Path => one(path),
        Part::Query => one(query.unwrap_or(&[])),
        Part::Timestamp => one(sent.timestamp),
        Part::Id => one(delimited(sent.id, rest)?),
        Part::SigningInput => one(sent.signing_input),
        Part::SignatureParams(_) => one(sent.signature_params),
        Part::Authority => one(authority(request, room).ok_or(Reason::SignedPartMissing)?),
        Part::ContentDigest => {
            let absent = Denial::about(Reason::SignedPartMissing, CONTENT_DIGEST);
            one(delimited(request.single(CONTENT_DIGEST)?.ok_or(absent)?, rest)?)
        }
        Part::Value(source) => {
            let value = source_value(source, request, room)?;
            one(delimited(value.ok_or(missing(source))?, rest)?)
        }
        Part::Exact { value: source, symbols, length } => {
            let value = source_value(source, request, room)?.ok_or(missing(source))?;
            let exact = value.len() == *length && value.iter().all(|byte| symbols.contains(*byte));
            one(if exact { value } else { return Err(missing(source)) })
        }
        Part::Optional { prefix, value, suffix } => match source_value(value, request, room)? {
            None => [&[]; 3],
            Some(text) if ambiguous(text, suffix) => return Err(Reason::SignedPartMissing.into()),
            Some(text) => [prefix.as_bytes(), text, suffix.as_bytes()],
        },
        Part::Body | Part::BodyDigest { .. } | Part::NonceDigest { .. } | Part::Parameters(_) => {
            [&[]; 3]
        }
    })
}

/// The nonce, if it can be told from the body that follows it.
fn nonce_before_body<'a: 'b, 'b>(
    nonce: &'a Source,
    request: &Request<'a>,
    room: &'b mut Option<Field>,
) -> Result<&'b [u8], Denial<'a>> {
    let Body::Whole(body) = request.body else { return Err(Reason::BodyRequired.into()) };
    let digits = source_value(nonce, request, room)?.ok_or(missing(nonce))?;
    let sound = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if sound && !body.first().is_some_and(u8::is_ascii_digit) {
        Ok(digits)
    } else {
        Err(missing(nonce))
    }
}

/// The longest host, with its port.
const MAX_AUTHORITY: usize = 255;

fn authority<'r>(request: &Request<'_>, room: &'r mut Option<Field>) -> Option<&'r [u8]> {
    let default: &[u8] = if request.tls { b":443" } else { b":80" };
    let host = request.host.strip_suffix(default).unwrap_or(request.host);
    let sound = (1..=MAX_AUTHORITY).contains(&host.len()) && host.iter().all(u8::is_ascii_graphic);
    if sound { Field::lowered(host, room) } else { None }
}

/// The value of `source`, which must not be there twice: nobody could tell which one was signed.
fn source_value<'a: 'b, 'b>(
    source: &'a Source,
    request: &Request<'a>,
    room: &'b mut Option<Field>,
) -> Result<Option<&'b [u8]>, Denial<'a>> {
    match source {
        Source::Form(name) => Ok(form_field(request, name, room, Reason::SignedPartMissing)?),
        Source::Json(name) => Ok(json_member(request, name, room, Reason::SignedPartMissing)?),
        Source::Stored(part) => {
            let value = match part {
                StoredPart::Value => request.stored.value,
                StoredPart::Seed => request.stored.seed,
            };
            Ok(Some(value).filter(|value| !value.is_empty()))
        }
        Source::Query(name) => Ok(query_parameter(request, name, room, Reason::SignedPartMissing)?),
        Source::Header(name) => request.single(name),
    }
}

fn missing(source: &Source) -> Denial<'_> {
    match source {
        Source::Header(name) => Denial::about(Reason::SignedPartMissing, name),
        Source::Query(_) | Source::Form(_) | Source::Json(_) | Source::Stored(_) => {
            Reason::SignedPartMissing.into()
        }
    }
}

/// `text`, unless it has the literal that ends it in the signed string: then the same string
/// could be read in two ways, and a signature for the one would pass for the other.
fn delimited<'a>(text: &'a [u8], rest: &[Part]) -> Result<&'a [u8], Reason> {
    match rest {
        [Part::Literal(end), ..] if ambiguous(text, end) => Err(Reason::SignedPartMissing),
        _ => Ok(text),
    }
}

/// Whether `end` could be found before the end of `text`: in it, or beginning in it and running
/// into the true one, as `||` does behind a text that ends with `|`.
fn ambiguous(text: &[u8], end: &str) -> bool {
    let end = end.as_bytes();
    let runs_on = |inside: usize| {
        let halves = end.split_at_checked(inside);
        halves.is_some_and(|(head, rest)| text.ends_with(head) && end.starts_with(rest))
    };
    let contained = text.windows(end.len().max(1)).any(|window| window == end);
    !end.is_empty() && (contained || (1..end.len()).any(runs_on))
}
