//! Signature schemes as data.
//!
//! A [`Scheme`] says where a signature is carried, how it is encoded, what it covers and how the
//! key is read. One mechanism verifies them all; the built-in ones are values of the same type
//! ([`builtin`]), and a policy can define more.

pub mod builtin;
mod candidates;
mod computation;
mod fields;
mod mac;
mod parts;
mod sign;
mod timestamp;
#[cfg(feature = "alloc")]
mod url;
mod verification;

use crate::primitive::data::Data;
pub use computation::MAX_GENERATIONS;
pub use fields::MAX_FIELD;
pub use mac::{KeyError, MAX_KEY, MIN_KEY, MacKey};
pub use sign::{MAX_SIGNATURE, SignError, Signed, Stamp, sign};
pub use timestamp::{TimeFormat, TimeText, format_time, parse_time};
pub use verification::{Matched, Verification, verify_signature};

/// The MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA256 (RFC 2104, FIPS 180-4): 32 bytes.
    HmacSha256,
    /// HMAC-SHA512: 64 bytes.
    HmacSha512,
}

impl Algorithm {
    /// The length of the MAC in bytes.
    pub const fn length(self) -> usize {
        match self {
            Algorithm::HmacSha256 => 32,
            Algorithm::HmacSha512 => 64,
        }
    }
}

/// How the bytes of the key are read from the text of the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEncoding {
    /// The text itself, as UTF-8.
    Text,
    /// Hexadecimal, in any case.
    Hex,
    /// Base64 (RFC 4648 section 4), padding optional.
    Base64,
    /// URL-safe base64 (RFC 4648 section 5), padding optional.
    Base64Url,
}

/// Where the signature stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// In a header.
    Header(Data<str>),
    /// In a parameter of the query, decoded.
    Query(Data<str>),
    /// In a field of a body that is a form (`application/x-www-form-urlencoded`), decoded.
    Form(Data<str>),
    /// In a top-level member of a body that is a JSON object, decoded.
    Json(Data<str>),
}

impl Carrier {
    /// The name of the header, parameter, field or member.
    pub fn name(&self) -> &str {
        match self {
            Carrier::Header(name)
            | Carrier::Query(name)
            | Carrier::Form(name)
            | Carrier::Json(name) => name,
        }
    }

    /// Whether `source` is the value that carries the signature.
    fn is(&self, source: &Source) -> bool {
        match (self, source) {
            (Carrier::Header(carrier), Source::Header(name)) => carrier.eq_ignore_ascii_case(name),
            (Carrier::Query(carrier), Source::Query(name))
            | (Carrier::Form(carrier), Source::Form(name))
            | (Carrier::Json(carrier), Source::Json(name)) => carrier == name,
            _ => false,
        }
    }
}

/// Which part of the carrier's value is the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// All of it.
    Whole,
    /// What follows a prefix, which is compared exactly.
    Prefix(Data<str>),
    /// Each value with a label in a list of `label=value` pairs.
    Pairs {
        /// What stands between the pairs.
        separator: u8,
        /// The label.
        label: Data<str>,
    },
    /// Each item that begins with a version tag, which includes its own delimiter (`v1,`).
    Versions {
        /// What stands between the items.
        separator: u8,
        /// The tag.
        tag: Data<str>,
    },
    /// What follows one of some prefixes, the key of the credential and a separator:
    /// `Gateway my-key:signature`. The signature covers neither; the key says whose secret made it
    /// ([`Scheme::claimed_key`]). The carrier is a header.
    AfterKey {
        /// The prefixes, which are compared exactly; without any, the key comes first.
        prefixes: Data<[Data<str>]>,
        /// What stands between key and signature. The last one counts.
        separator: u8,
    },
}

/// How the signature is written. Others than the named form are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Lower-case hexadecimal.
    HexLower,
    /// Upper-case hexadecimal.
    HexUpper,
    /// Hexadecimal in any case.
    HexAny,
    /// Base64 with padding.
    Base64,
    /// URL-safe base64 without padding.
    Base64Url,
}

/// The hash in [`Part::BodyDigest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestHash {
    /// MD5 (RFC 1321), as older clients of some vendors compute it.
    ///
    /// Whoever gets a body signed can have made another one with the same MD5 (RFC 6151 section 2),
    /// which passes under the same signature. Only where senders have nothing else.
    Md5,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// A value that the request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value of a header, without surrounding white space.
    Header(Data<str>),
    /// The value of a parameter of the query, read and decoded like a field of a form.
    Query(Data<str>),
    /// The value of a field of a body that is a form (`application/x-www-form-urlencoded`),
    /// decoded: at most [`MAX_FIELD`] bytes. The whole form must be well-formed (WHATWG URL section
    /// 5.1, without guesses).
    Form(Data<str>),
    /// The value of a top-level member of a body that is a JSON object (RFC 8259): a string
    /// decoded, a number, `true` and `false` as they are written; at most [`MAX_FIELD`] bytes.
    /// `null`, objects and arrays are refused. The whole body is read, to its last byte.
    Json(Data<str>),
}

/// One part of the signed string. The parts are joined without anything between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A fixed text.
    Literal(Data<str>),
    /// The URL under which the sender knows the receiver. No request says it reliably, as proxies
    /// stand between: it is configured and put in by `Scheme::with_url`. Until then every
    /// request is refused.
    Url,
    /// A value of the request, which must be there exactly once.
    Value(Source),
    /// The method.
    Method,
    /// The request target as sent: path and query.
    Target,
    /// The path of the target.
    Path,
    /// The query of the target without its `?`; nothing if there is none.
    Query,
    /// The timestamp as it was sent.
    Timestamp,
    /// The id of the message as it was sent.
    Id,
    /// The body as received.
    Body,
    /// A digest of the body as received.
    BodyDigest {
        /// The hash.
        hash: DigestHash,
        /// How the digest is written.
        encoding: Encoding,
    },
    /// A value between two texts; all three are left out where the request lacks the value.
    Optional {
        /// What stands before the value.
        prefix: Data<str>,
        /// The value.
        value: Source,
        /// What stands after the value.
        suffix: Data<str>,
    },
}

/// Where the timestamp stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// In a header.
    Header(Data<str>),
    /// In one of two headers. If both are there, they have to be the same octets: nobody could
    /// tell which of two times was signed.
    EitherHeader(Data<str>, Data<str>),
    /// Under a label of [`Locator::Pairs`].
    Label(Data<str>),
}

/// When the message was signed, and how far that may lie from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Where it stands.
    pub source: TimeSource,
    /// How it is written.
    pub format: TimeFormat,
    /// How far it may lie in the past, in seconds.
    pub past_s: u32,
    /// How far it may lie in the future, in seconds.
    pub future_s: u32,
}

/// A signature scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The name by which a route refers to it.
    pub name: Data<str>,
    /// The MAC.
    pub algorithm: Algorithm,
    /// How the key is read.
    pub key: KeyEncoding,
    /// A prefix of the secret's text that is not part of the key; empty for none.
    pub key_prefix: Data<str>,
    /// Where the signature stands.
    pub carrier: Carrier,
    /// Which part of that is the signature.
    pub locator: Locator,
    /// How the signature is written.
    pub encoding: Encoding,
    /// What it covers, in order.
    pub parts: Data<[Part]>,
    /// When it was made; `None` if the scheme does not say.
    pub timestamp: Option<Timestamp>,
    /// The header with the id of the message; empty if there is none.
    pub id_header: Data<str>,
    /// How many signatures one request may carry, 1 to 8.
    pub max_candidates: usize,
}

/// Why a scheme cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeError {
    /// No part, or more than 16.
    PartCount,
    /// Neither the body nor a digest of it, or one of them twice.
    BodyCount,
    /// The digest comes before the body, so it would have to be known before it is read.
    DigestBeforeBody,
    /// A timestamp part or label without the thing that it needs, or the other way round.
    TimestampUnused,
    /// An id part without an id header.
    IdUnused,
    /// `max_candidates` is not from 1 to 8.
    CandidateCount,
    /// A part contains the signature, which would have to be known before it is made: the part is
    /// the value that carries it, or the whole body or query around it.
    SignsItself,
    /// The body is read as a form and as JSON.
    TwoBodyForms,
    /// The key that stands before the signature is not in a header, or what separates them may
    /// stand in a signature.
    KeyPlace,
    /// Something follows a value of the body without a literal in between, so that bytes could
    /// move from one to the other under the same signature.
    NoDelimiter,
}

impl Scheme {
    /// Whether it covers a URL that is still to be put in.
    pub fn lacks_url(&self) -> bool {
        self.parts.contains(&Part::Url)
    }

    /// Whether the signature covers nothing but the body, so that it is the same for every empty
    /// body.
    pub fn covers_only_body(&self) -> bool {
        let constant = |part: &Part| {
            matches!(part, Part::Body | Part::BodyDigest { .. } | Part::Literal(_) | Part::Url)
        };
        self.parts.iter().all(constant)
    }

    /// Whether a part or the signature is a field of the body. Then the body is needed whole
    /// before anything is verified; it is gone through once for each such field.
    pub fn reads_body(&self) -> bool {
        self.reads_form() || self.reads_json()
    }

    fn reads_form(&self) -> bool {
        let mut sources = self.parts.iter().filter_map(Part::source);
        matches!(self.carrier, Carrier::Form(_))
            || sources.any(|source| matches!(source, Source::Form(_)))
    }

    fn reads_json(&self) -> bool {
        let mut sources = self.parts.iter().filter_map(Part::source);
        matches!(self.carrier, Carrier::Json(_))
            || sources.any(|source| matches!(source, Source::Json(_)))
    }

    /// Whether the key of the credential stands before the signature.
    pub fn names_key(&self) -> bool {
        matches!(self.locator, Locator::AfterKey { .. })
    }

    fn key_is_in_place(&self) -> bool {
        let Locator::AfterKey { separator, .. } = &self.locator else { return true };
        let in_signature = separator.is_ascii_alphanumeric() || b"+/=-_,".contains(separator);
        matches!(self.carrier, Carrier::Header(_)) && !in_signature
    }

    /// The place of the first part that is a value of the body and runs into the next part.
    pub(crate) fn undelimited(&self) -> Option<usize> {
        let next = self.parts.iter().skip(1);
        self.parts.iter().zip(next).position(|(part, next)| match (part, next) {
            (Part::Optional { suffix, .. }, _) if !suffix.is_empty() => false,
            (Part::Value(_), Part::Literal(text)) if !text.is_empty() => false,
            _ => matches!(part.source(), Some(Source::Form(_) | Source::Json(_))),
        })
    }

    /// The place of the first part that contains the signature.
    pub(crate) fn signs_itself(&self) -> Option<usize> {
        let carries = |header: &str| match &self.carrier {
            Carrier::Header(name) => name.eq_ignore_ascii_case(header),
            _ => false,
        };
        self.parts.iter().position(|part| match (part, &self.carrier) {
            (Part::Body | Part::BodyDigest { .. }, Carrier::Form(_) | Carrier::Json(_)) => true,
            (Part::Target | Part::Query, Carrier::Query(_)) => true,
            (Part::Id, _) => carries(&self.id_header),
            (Part::Timestamp, _) => self.time_headers().any(carries),
            (part, carrier) => part.source().is_some_and(|source| carrier.is(source)),
        })
    }

    /// The headers in which the timestamp may stand. A sender writes the first.
    fn time_headers(&self) -> impl Iterator<Item = &str> {
        let [first, second] = match self.timestamp.as_ref().map(|timestamp| &timestamp.source) {
            Some(TimeSource::Header(name)) => [Some(&**name), None],
            Some(TimeSource::EitherHeader(first, second)) => [Some(&**first), Some(&**second)],
            Some(TimeSource::Label(_)) | None => [None, None],
        };
        first.into_iter().chain(second)
    }

    /// The headers that are followed by another part without a separator in between.
    pub fn joined_headers(&self) -> impl Iterator<Item = &str> {
        let next = self.parts.iter().skip(1);
        self.parts.iter().zip(next).filter_map(|(part, next)| match (part, next) {
            (_, Part::Literal(text)) if !text.is_empty() => None,
            (Part::Value(Source::Header(name)), _) => Some(&**name),
            _ => None,
        })
    }

    /// Whether the scheme can work.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn validate(&self) -> Result<(), SchemeError> {
        let count =
            |wanted: fn(&Part) -> bool| self.parts.iter().filter(|part| wanted(part)).count();
        let bodies = count(|part| matches!(part, Part::Body));
        let digests = count(|part| matches!(part, Part::BodyDigest { .. }));
        let position = |wanted: fn(&Part) -> bool| self.parts.iter().position(wanted);
        let body = position(|part| matches!(part, Part::Body));
        let digest = position(|part| matches!(part, Part::BodyDigest { .. }));
        let timed = count(|part| matches!(part, Part::Timestamp)) > 0;
        let labelled =
            matches!(self.timestamp, Some(Timestamp { source: TimeSource::Label(_), .. }));
        let pairs = matches!(self.locator, Locator::Pairs { .. });
        let identified = count(|part| matches!(part, Part::Id)) > 0;
        match () {
            () if !(1..=MAX_PARTS).contains(&self.parts.len()) => Err(SchemeError::PartCount),
            () if bodies > 1 || digests > 1 => Err(SchemeError::BodyCount),
            () if body.zip(digest).is_some_and(|(body, digest)| digest < body) => {
                Err(SchemeError::DigestBeforeBody)
            }
            // A timestamp that is not signed could be replaced by anybody.
            () if timed != self.timestamp.is_some() || (labelled && !pairs) => {
                Err(SchemeError::TimestampUnused)
            }
            () if identified == self.id_header.is_empty() => Err(SchemeError::IdUnused),
            () if !(1..=MAX_CANDIDATES).contains(&self.max_candidates) => {
                Err(SchemeError::CandidateCount)
            }
            () if self.signs_itself().is_some() => Err(SchemeError::SignsItself),
            () if self.reads_form() && self.reads_json() => Err(SchemeError::TwoBodyForms),
            () if !self.key_is_in_place() => Err(SchemeError::KeyPlace),
            () if self.undelimited().is_some() => Err(SchemeError::NoDelimiter),
            () => Ok(()),
        }
    }
}

impl Part {
    /// What the value of the part comes from, if it is one.
    pub(crate) const fn source(&self) -> Option<&Source> {
        match self {
            Part::Value(source) | Part::Optional { value: source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The most parts that a scheme may have.
pub const MAX_PARTS: usize = 16;

/// The most signatures that are looked at in one request.
pub const MAX_CANDIDATES: usize = 8;
