//! Signature schemes as data.
//!
//! A [`Scheme`] says where a signature is carried, how it is encoded, what it covers and how the
//! key is read. One mechanism verifies them all; the built-in ones are values of the same type
//! ([`builtin`]), and a policy can define more.

pub mod builtin;
mod candidates;
mod computation;
mod content_digest;
#[cfg(feature = "alloc")]
mod deferred;
mod fields;
mod http_message;
mod mac;
mod message;
mod name;
mod parameters;
mod parts;
mod sign;
mod timestamp;
mod trust;
#[cfg(feature = "alloc")]
mod url;
mod validate;
mod verification;

use crate::primitive::data::Data;
pub use computation::MAX_GENERATIONS;
pub use fields::MAX_FIELD;
pub use mac::{KeyError, MAX_KEY, MIN_KEY, MacKey};
pub use parameters::MAX_PARAMETERS;
pub use sign::{MAX_SIGNATURE, SignError, Signed, Stamp, sign};
pub use timestamp::{
    SenderWindow, TimeFormat, TimeSource, TimeText, Timestamp, format_time, parse_time,
};
pub use trust::Trust;
pub use validate::SchemeError;
pub use verification::{Matched, Verification, verify_signature};

/// What makes the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA256 (RFC 2104, FIPS 180-4): 32 bytes.
    HmacSha256,
    /// HMAC-SHA512: 64 bytes.
    HmacSha512,
    /// SHA-256 (FIPS 180-4) without a key: 32 bytes. Whoever knows what is signed can make it, so
    /// it proves nothing about the sender. It is for trust signatures, which say that a message is
    /// about the payment that it was made for; a route that has no other proof does not load.
    Sha256,
}

impl Algorithm {
    /// The length of the signature in bytes.
    pub const fn length(self) -> usize {
        match self {
            Algorithm::HmacSha256 | Algorithm::Sha256 => 32,
            Algorithm::HmacSha512 => 64,
        }
    }

    /// Whether it has a key, so that only who has it can make a signature.
    pub const fn is_keyed(self) -> bool {
        match self {
            Algorithm::HmacSha256 | Algorithm::HmacSha512 => true,
            Algorithm::Sha256 => false,
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
    /// In a header that may have several lines, or several values in one line joined by commas
    /// (RFC 9110 section 5.3), each with signatures.
    HeaderLines(Data<str>),
    /// In a parameter of the query, decoded.
    Query(Data<str>),
    /// In a field of a body that is a form (`application/x-www-form-urlencoded`), decoded.
    Form(Data<str>),
    /// In a parameter of the query or in a field of a body that is a form, decoded: in one of
    /// them.
    Parameter(Data<str>),
    /// In a top-level member of a body that is a JSON object, decoded.
    Json(Data<str>),
    /// Not in the request: the host stored it and passes it
    /// ([`Stored::signature`](crate::request::Stored::signature)). That it matches says what the
    /// request is about, and nothing about its sender.
    Stored,
}

impl Carrier {
    /// The name of the header, parameter, field or member; empty for [`Carrier::Stored`].
    pub fn name(&self) -> &str {
        match self {
            Carrier::Header(name)
            | Carrier::HeaderLines(name)
            | Carrier::Query(name)
            | Carrier::Form(name)
            | Carrier::Parameter(name)
            | Carrier::Json(name) => name,
            Carrier::Stored => "",
        }
    }

    /// Whether `source` is the value that carries the signature.
    fn is(&self, source: &Source) -> bool {
        match (self, source) {
            (Carrier::Header(carrier) | Carrier::HeaderLines(carrier), Source::Header(name)) => {
                carrier.eq_ignore_ascii_case(name)
            }
            (Carrier::Query(carrier) | Carrier::Parameter(carrier), Source::Query(name))
            | (Carrier::Form(carrier) | Carrier::Parameter(carrier), Source::Form(name))
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
    /// What follows a prefix, or all of it where the prefix is not there.
    OptionalPrefix(Data<str>),
    /// Each value with a label in a list of `label=value` pairs.
    Pairs {
        /// What stands between the pairs.
        separator: u8,
        /// The label.
        label: Data<str>,
        /// Another label for signatures; empty for none.
        or_label: Data<str>,
    },
    /// Each item that begins with a version tag, which includes its own delimiter (`v1,`).
    Versions {
        /// What stands between the items.
        separator: u8,
        /// The tag.
        tag: Data<str>,
    },
    /// The value is a JSON Web Signature in the compact form (RFC 7515 section 7.1) and what it
    /// signs at once: the signature is its third segment, the scheme covers
    /// [`Part::SigningInput`], and the message is in its payload. Its header must be that of
    /// HS256, whatever the message says of itself.
    Jws,
    /// The byte sequence under a key of a dictionary (RFC 8941), `sig1=:b64:`, as RFC 9421 carries
    /// signatures. The scheme ends with [`Part::SignatureParams`].
    Member(Data<str>),
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
    /// A value that the host stored and passes with the request.
    Stored(StoredPart),
}

/// Which of the values that the host stored ([`Stored`](crate::request::Stored)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredPart {
    /// The trust value.
    Value,
    /// The trust seed.
    Seed,
}

/// The characters of [`Part::Exact`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbols {
    /// `0` to `9`.
    Digits,
    /// `0` to `9` and `a` to `f`.
    HexLower,
    /// `0` to `9` and `A` to `F`.
    HexUpper,
}

impl Symbols {
    /// Whether `byte` is one of them.
    pub const fn contains(self, byte: u8) -> bool {
        match self {
            Symbols::Digits => byte.is_ascii_digit(),
            Symbols::HexLower => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Symbols::HexUpper => matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
        }
    }
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
    /// A value of the request that is refused unless it has one length and nothing but these
    /// characters. So it needs no separator behind it: where it ends is certain.
    Exact {
        /// The value, which must be there exactly once.
        value: Source,
        /// Its characters.
        symbols: Symbols,
        /// How many of them it has: 1 to [`MAX_FIELD`].
        length: usize,
    },
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
    /// The digest, as octets, of a nonce and the body right behind it. The nonce is 1 or more decimal
    /// digits and the body begins with none, so that nothing moves from one to the other.
    NonceDigest {
        /// Where the nonce stands.
        nonce: Source,
        /// The hash.
        hash: DigestHash,
    },
    /// The header and the payload of [`Locator::Jws`], as they were sent, with the dot in between
    /// (RFC 7515 section 2).
    SigningInput,
    /// The parameters of the query, and with [`Carrier::Parameter`] those of the body, but for the
    /// one that carries the signature: `name=value`, as they were sent, joined by `&`.
    ///
    /// There are at most [`MAX_PARAMETERS`], all in the query or all in the body, no two have one
    /// name, and names have no escapes. This is the last part.
    Parameters(Order),
    /// The host in lower case, without the default port of the connection (`@authority`, RFC 9421
    /// section 2.2.3): at most 255 visible characters.
    Authority,
    /// The value of `Content-Digest` (RFC 9530), as it was sent. It has to be that of the body, by
    /// SHA-512 or SHA-256, which is looked at after the signature.
    ContentDigest,
    /// The components that the signature covers, written as in `Signature-Input`:
    /// `("@method" "content-digest")`. What the request says under the label of
    /// [`Locator::Member`] has to begin with them; that and its parameters are signed as they were
    /// sent (`@signature-params`, RFC 9421 section 2.3). The parts before it have to be the lines of
    /// those components. Once `expires` has come, the message is stale. This is the last part.
    SignatureParams(Data<str>),
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

/// The order of [`Part::Parameters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were sent.
    AsSent,
    /// By name, in the order of octets.
    Sorted,
}

/// A signature scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The name by which a route refers to it.
    pub name: Data<str>,
    /// What makes the signature.
    pub algorithm: Algorithm,
    /// How the key is read; [`KeyEncoding::Text`] where there is none.
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

impl Scheme {
    /// Whether it covers a URL that is still to be put in.
    pub fn lacks_url(&self) -> bool {
        self.parts.contains(&Part::Url)
    }

    /// Whether the signature covers nothing but the body, so that it is the same for every empty
    /// body.
    pub fn covers_only_body(&self) -> bool {
        let constant = |part: &Part| {
            matches!(
                part,
                Part::Body
                    | Part::BodyDigest { .. }
                    | Part::ContentDigest
                    | Part::Literal(_)
                    | Part::Url
            )
        };
        self.parts.iter().all(constant)
    }

    /// Whether a signature that matches proves that the sender holds a secret, or had it signed by
    /// somebody who does. One without a key does not, and neither does one that the host stored:
    /// nobody has to send it.
    pub fn proves_secret(&self) -> bool {
        self.algorithm.is_keyed() && !matches!(self.carrier, Carrier::Stored)
    }

    /// Whether the signature or something that it covers was stored by the host.
    pub fn uses_stored(&self) -> bool {
        let mut sources = self.parts.iter().filter_map(Part::source);
        matches!(self.carrier, Carrier::Stored)
            || sources.any(|source| matches!(source, Source::Stored(_)))
    }

    /// Whether the signature or something that it covers comes from the request.
    pub fn covers_request(&self) -> bool {
        let received = !matches!(self.carrier, Carrier::Stored);
        self.parts.iter().any(|part| match (part, part.source()) {
            (Part::Literal(_) | Part::Url, _) => false,
            (_, Some(Source::Stored(_))) => received,
            _ => true,
        })
    }

    /// Whether a part or the signature is a field of the body. Then the body is needed whole
    /// before anything is verified; it is gone through once for each such field.
    pub fn reads_body(&self) -> bool {
        let nonced = self.parts.iter().any(|part| matches!(part, Part::NonceDigest { .. }));
        nonced || self.reads_form() || self.reads_json()
    }

    fn reads_form(&self) -> bool {
        let mut sources = self.parts.iter().filter_map(Part::source);
        matches!(self.carrier, Carrier::Form(_) | Carrier::Parameter(_))
            || sources.any(|source| matches!(source, Source::Form(_)))
    }

    fn reads_json(&self) -> bool {
        let mut sources = self.parts.iter().filter_map(Part::source);
        matches!(self.carrier, Carrier::Json(_))
            || matches!(self.timestamp, Some(Timestamp { source: TimeSource::Json(_), .. }))
            || sources.any(|source| matches!(source, Source::Json(_)))
    }

    /// Whether the request names the key of the credential: before the signature, or in the
    /// parameter `keyid` of `Signature-Input`.
    pub fn names_key(&self) -> bool {
        matches!(self.locator, Locator::AfterKey { .. } | Locator::Member(_))
    }

    /// The headers in which the timestamp may stand. A sender writes the first.
    fn time_headers(&self) -> impl Iterator<Item = &str> {
        let [first, second] = match self.timestamp.as_ref().map(|timestamp| &timestamp.source) {
            Some(TimeSource::Header(name)) => [Some(&**name), None],
            Some(TimeSource::EitherHeader(first, second)) => [Some(&**first), Some(&**second)],
            _ => [None, None],
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
}

impl Part {
    /// What the value of the part comes from, if it is one.
    pub(crate) const fn source(&self) -> Option<&Source> {
        match self {
            Part::Value(source)
            | Part::NonceDigest { nonce: source, .. }
            | Part::Exact { value: source, .. }
            | Part::Optional { value: source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The most parts that a scheme may have.
pub const MAX_PARTS: usize = 16;

/// The most signatures that are looked at in one request.
pub const MAX_CANDIDATES: usize = 8;
