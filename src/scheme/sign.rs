//! Signing a message: the sender's side of the same description.

use core::{fmt, slice};

use super::candidates::Candidates;
use super::computation::{Computation, MAX_GENERATIONS};
use super::content_digest::BodyCheck;
use super::fields::{Field, MAX_FIELD};
use super::http_message::SignatureInput;
use super::mac::{MacKey, Tag};
use super::parts::{Sent, write_encoded};
use super::verification::check_fresh;
use super::{Carrier, Locator, Scheme, SchemeError, TimeSource, TimeText, Timestamp, format_time};
use crate::decision::{Denial, Reason};
use crate::primitive::BufferTooSmall;
use crate::primitive::cursor::Cursor;
use crate::primitive::jws;
use crate::request::{Body, Header, Request};

/// A buffer of so many bytes holds the signature of every built-in scheme and of every scheme that
/// a policy can define, with a [`Stamp::key`] of up to 256 bytes.
pub const MAX_SIGNATURE: usize = 1024;

/// The header of a message that is a JSON Web Signature.
const MESSAGE_HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

/// What a sender says with a signature. What the scheme has no place for is not looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stamp<'a> {
    /// When the message is signed: Unix time in milliseconds. A timestamp that stands among the
    /// parameters, in the body or in `Signature-Input` is there already, written with
    /// [`format_time`], and has to be fresh at this time.
    pub unix_ms: u64,
    /// The id of the message: 1 or more visible ASCII characters.
    pub id: &'a str,
    /// The key of the credential whose secret it is, for [`Locator::AfterKey`]: 1 or more visible
    /// ASCII characters.
    pub key: &'a str,
}

/// What a message gets besides so that it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a, 'b> {
    /// Where [`Signed::value`] goes, with the name that it has there: a header line; a parameter
    /// that is added to the query, or a field that is added to the form, either encoded as a form
    /// is, and with [`Carrier::Parameter`] where the others are; a string that is added to the
    /// JSON object; the sender's own memory, with the message left as it is. With [`Locator::Jws`]
    /// the value has the message in it: a JSON object with nothing but the value takes the place
    /// of the body.
    pub carrier: &'a Carrier,
    /// The signature as the carrier holds it, with its prefix or the whole list: visible ASCII
    /// and spaces.
    pub value: &'b str,
    /// The name and the value of the header with the timestamp, if the scheme has one.
    pub timestamp: Option<(&'a str, TimeText)>,
    /// The name and the value of the header with the id, if the scheme has one.
    pub id: Option<(&'a str, &'a str)>,
}

impl Signed<'_, '_> {
    /// The header lines that the message gets, at most three. A signature that another place
    /// carries is not among them.
    pub fn headers(&self) -> impl Iterator<Item = Header<'_>> {
        let signature = match self.carrier {
            Carrier::Header(name) | Carrier::HeaderLines(name) => Some((&**name, self.value)),
            _ => None,
        };
        let timestamp = self.timestamp.as_ref().map(|(name, text)| (*name, text.as_str()));
        let lines = [self.id, timestamp, signature].into_iter().flatten();
        lines.map(|(name, value)| Header { name: name.as_bytes(), value: value.as_bytes() })
    }
}

/// Why a message was not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignError<'a> {
    /// The scheme cannot work.
    Scheme(SchemeError),
    /// There is no key, or there are more than the carrier can hold signatures: 1, and with a
    /// list as many as the scheme takes, at most [`MAX_GENERATIONS`]; or there is one, and the
    /// algorithm has none.
    KeyCount,
    /// A key is one of another algorithm.
    KeyAlgorithm,
    /// The format of the timestamp cannot write the time.
    Time,
    /// The scheme has an id, and [`Stamp::id`] is none.
    Id,
    /// The scheme names the key of the credential, and [`Stamp::key`] is none.
    Key,
    /// The message has this header, parameter, field or member already.
    Occupied(&'a str),
    /// A verifier would refuse the message for this reason: a part is not there or is there
    /// twice, would make the signed string ambiguous, or the body is not of the form that the
    /// scheme reads.
    Refused(Denial<'a>),
    /// A verifier could not read the signature that the scheme describes: its separator, labels
    /// or prefix collide with each other or with the place.
    Unreadable,
    /// The buffer is too small.
    BufferTooSmall {
        /// The bytes that the value takes.
        needed: usize,
    },
}

impl fmt::Display for SignError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::Scheme(_) => "the scheme cannot work",
            Self::KeyCount => "there are too few keys, or more than the message carries signatures",
            Self::KeyAlgorithm => "a key is one of another algorithm",
            Self::Time => "the time cannot be written",
            Self::Id => "the id is not one or more visible ASCII characters",
            Self::Key => "the key of the credential is not one or more visible ASCII characters",
            Self::Occupied(name) => return write!(f, "the message has {name} already"),
            Self::Refused(denial) => denial.reason.text(),
            Self::Unreadable => "the scheme describes a signature that cannot be read",
            Self::BufferTooSmall { needed } => return BufferTooSmall { needed }.fmt(f),
        })
    }
}

impl core::error::Error for SignError<'_> {}

impl<'a> From<Denial<'a>> for SignError<'a> {
    fn from(denial: Denial<'a>) -> Self {
        Self::Refused(denial)
    }
}

impl From<BufferTooSmall> for SignError<'_> {
    fn from(BufferTooSmall { needed }: BufferTooSmall) -> Self {
        Self::BufferTooSmall { needed }
    }
}

/// Signs `request` with each of `keys`: with several, as a sender does while it rotates its secret.
/// The value of the signature is written into `out`; the answer says what else the message gets,
/// and where all of it goes.
///
/// The request is the message as it will be sent, without what the answer adds, and with its whole
/// body; what the scheme does not cover is not looked at. With [`Locator::Jws`] the body is the
/// payload. Nothing is allocated.
///
/// With what the answer adds, [`verify_signature`](super::verify_signature) matches each of the
/// keys. What it would refuse is not signed: most of the errors are about that.
///
/// # Errors
///
/// [`SignError`]; the content of `out` is then unspecified.
///
/// # Example
///
/// ```
/// use tollgate::request::{Body, Request, Stored};
/// use tollgate::scheme::{Stamp, builtin, sign};
///
/// let scheme = builtin::find("standard-webhooks").unwrap();
/// let key = scheme.prepare_key(b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
/// let webhook = Request {
///     method: b"POST",
///     target: b"/hook",
///     host: b"shop.example.com",
///     headers: &[],
///     body: Body::Whole(br#"{"test": 2432232314}"#),
///     peer: None,
///     tls: true,
///     stored: Stored::NONE,
/// };
/// let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
/// let stamp = Stamp { unix_ms: 1_614_265_330_000, id, ..Stamp::default() };
/// let mut room = [0; 256];
/// let signed = sign(scheme, &[key], &webhook, &stamp, &mut room).unwrap();
/// assert_eq!(signed.value, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
/// let headers: Vec<_> = signed.headers().collect();
/// assert_eq!((headers[1].name, headers[1].value), (&b"webhook-timestamp"[..], &b"1614265330"[..]));
/// ```
pub fn sign<'a, 'b>(
    scheme: &'a Scheme,
    keys: &[MacKey],
    request: &Request<'a>,
    stamp: &Stamp<'a>,
    out: &'b mut [u8],
) -> Result<Signed<'a, 'b>, SignError<'a>> {
    scheme.validate().map_err(SignError::Scheme)?;
    scheme.check_keys(keys)?;
    if matches!(scheme.locator, Locator::Jws) {
        return scheme.sign_message(keys, request, out);
    }
    scheme.check_free(request)?;
    let (time, id) = (scheme.time_to_send(stamp.unix_ms)?, scheme.id_to_send(stamp.id)?);
    if matches!(scheme.locator, Locator::AfterKey { .. }) && !is_visible(stamp.key) {
        return Err(SignError::Key);
    }
    let Body::Whole(body) = request.body else {
        return Err(Denial::from(Reason::BodyRequired).into());
    };
    let (mut room, mut computation) = (None, Computation::none());
    let input = scheme.signature_input(request)?;
    let in_place = scheme.time_in_place(&input, request, stamp.unix_ms, &mut room)?;
    let timestamp = in_place.unwrap_or(time.as_str().as_bytes());
    scheme.check_body(request, body)?;
    let id_text = id.unwrap_or("").as_bytes();
    let sent = Sent { timestamp, id: id_text, signing_input: &[], signature_params: input.text };
    computation.begin(scheme, keys.iter(), request, sent)?;
    computation.update(body);
    let mut tags = [None; MAX_GENERATIONS];
    computation.finish(&mut tags);
    let written = Written { scheme, time: time.as_str(), key: stamp.key, tags: &tags };
    let value = written.write(out)?;
    if !written.is_read_from(value, request) {
        return Err(SignError::Unreadable);
    }
    Ok(Signed {
        carrier: &scheme.carrier,
        value: core::str::from_utf8(value).map_err(|_| SignError::Unreadable)?,
        timestamp: scheme.time_headers().next().map(|name| (name, time)),
        id: scheme.id_header().zip(id),
    })
}

impl Scheme {
    /// Makes a message that is a JSON Web Signature as a whole, of the body as its payload.
    fn sign_message<'a, 'b>(
        &'a self,
        keys: &[MacKey],
        request: &Request<'a>,
        out: &'b mut [u8],
    ) -> Result<Signed<'a, 'b>, SignError<'a>> {
        let Body::Whole(payload @ [_, ..]) = request.body else {
            return Err(Denial::from(Reason::BodyRequired).into());
        };
        let [MacKey::Sha256(key)] = keys else { return Err(SignError::KeyAlgorithm) };
        if matches!(self.carrier, Carrier::Query(_)) {
            self.check_free(request)?;
        }
        let value = jws::sign(MESSAGE_HEADER, payload, key, out)?;
        Ok(Signed { carrier: &self.carrier, value, timestamp: None, id: None })
    }

    fn check_keys(&self, keys: &[MacKey]) -> Result<(), SignError<'static>> {
        let list = matches!(self.carrier, Carrier::HeaderLines(_))
            || matches!(self.locator, Locator::Pairs { .. } | Locator::Versions { .. });
        let most = if list { self.max_candidates.min(MAX_GENERATIONS) } else { 1 };
        match keys {
            [] if !self.algorithm.is_keyed() => Ok(()),
            _ if !self.algorithm.is_keyed() => Err(SignError::KeyCount),
            keys if !(1..=most).contains(&keys.len()) => Err(SignError::KeyCount),
            keys if keys.iter().any(|key| key.algorithm() != self.algorithm) => {
                Err(SignError::KeyAlgorithm)
            }
            _ => Ok(()),
        }
    }

    /// Whether the places are free that the signature, the timestamp and the id go to.
    fn check_free<'a>(&'a self, request: &Request<'a>) -> Result<(), SignError<'a>> {
        let stored = matches!(self.carrier, Carrier::Stored);
        if !stored && self.carrier_value(request, &mut None)?.is_some() {
            return Err(SignError::Occupied(self.carrier.name()));
        }
        let id: &str = &self.id_header;
        let taken = |name: &str| !name.is_empty() && request.lines(name).next().is_some();
        for name in self.time_headers() {
            if taken(name) || id.eq_ignore_ascii_case(name) {
                return Err(SignError::Occupied(name));
            }
        }
        if taken(id) { Err(SignError::Occupied(id)) } else { Ok(()) }
    }

    fn id_header(&self) -> Option<&str> {
        Some(&*self.id_header).filter(|name| !name.is_empty())
    }

    /// The text of the timestamp that goes with the signature; empty if there is none to send.
    fn time_to_send(&self, unix_ms: u64) -> Result<TimeText, SignError<'static>> {
        match &self.timestamp {
            None
            | Some(Timestamp {
                source: TimeSource::Parameter { .. } | TimeSource::Json(_) | TimeSource::Created,
                ..
            }) => Ok(TimeText::EMPTY),
            Some(Timestamp { format, .. }) => format_time(*format, unix_ms).ok_or(SignError::Time),
        }
    }

    /// The timestamp that the message has already: among its parameters, in its body or in `input`.
    fn time_in_place<'a: 'b, 'b>(
        &'a self,
        input: &SignatureInput<'a>,
        request: &Request<'a>,
        unix_ms: u64,
        room: &'b mut Option<Field>,
    ) -> Result<Option<&'b [u8]>, Denial<'a>> {
        match self.timestamp.as_ref().map(|timestamp| &timestamp.source) {
            Some(TimeSource::Parameter { .. } | TimeSource::Json(_) | TimeSource::Created) => {
                let (text, fresh) = self.sent_time(&[], input, request, room)?;
                check_fresh(fresh, unix_ms)?;
                Ok(Some(text))
            }
            _ => Ok(None),
        }
    }

    /// Whether the body is the one of its digest, if the scheme covers that.
    fn check_body(&self, request: &Request<'_>, body: &[u8]) -> Result<(), Denial<'static>> {
        if !self.covers_content_digest() {
            return Ok(());
        }
        let mut check = BodyCheck::begin(request)?;
        check.update(body);
        if check.holds() { Ok(()) } else { Err(Reason::DigestMismatch.into()) }
    }

    /// The id, if the scheme has one.
    fn id_to_send<'a>(&self, id: &'a str) -> Result<Option<&'a str>, SignError<'static>> {
        match self.id_header() {
            None => Ok(None),
            Some(_) if is_visible(id) => Ok(Some(id)),
            Some(_) => Err(SignError::Id),
        }
    }
}

/// Whether `text` is 1 or more visible ASCII characters.
fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What the value of the carrier is written of.
struct Written<'w> {
    scheme: &'w Scheme,
    time: &'w str,
    key: &'w str,
    tags: &'w [Option<Tag>],
}

impl Written<'_> {
    fn write<'b>(&self, out: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let mut value = Cursor::new(out);
        let (separator, before, equals) = match &self.scheme.locator {
            // Messages that are a JSON Web Signature are written by `sign_message`.
            Locator::Whole | Locator::Jws => (&b',', "", ""),
            Locator::Prefix(prefix) | Locator::OptionalPrefix(prefix) => (&b',', &**prefix, ""),
            Locator::AfterKey { prefixes, separator } => {
                value.push(prefixes.first().map_or("", |prefix| prefix).as_bytes());
                value.push(self.key.as_bytes());
                value.push(slice::from_ref(separator));
                (separator, "", "")
            }
            Locator::Pairs { separator, label, .. } => (separator, &**label, "="),
            Locator::Member(label) => (&b',', &**label, "=:"),
            Locator::Versions { separator, tag } => (separator, &**tag, ""),
        };
        let separator = match self.scheme.carrier {
            // As if each stood in a line of its own (RFC 9110 section 5.3).
            Carrier::HeaderLines(_) => &b',',
            _ => separator,
        };
        let mut between: &[u8] = &[];
        if let Some(label) = self.time_label() {
            value.push(label.as_bytes());
            value.push(b"=");
            value.push(self.time.as_bytes());
            between = slice::from_ref(separator);
        }
        for tag in self.tags.iter().flatten() {
            value.push(between);
            value.push(before.as_bytes());
            value.push(equals.as_bytes());
            let octets = tag.octets(self.scheme.algorithm);
            write_encoded(octets, self.scheme.encoding, &mut |text| value.push(text));
            if matches!(self.scheme.locator, Locator::Member(_)) {
                value.push(b":");
            }
            between = slice::from_ref(separator);
        }
        value.finish()
    }

    fn time_label(&self) -> Option<&str> {
        match &self.scheme.timestamp {
            Some(Timestamp { source: TimeSource::Label(label), .. }) => Some(label),
            _ => None,
        }
    }

    /// Whether a verifier finds in `value` all that was written there, and nothing else.
    fn is_read_from(&self, value: &[u8], request: &Request<'_>) -> bool {
        let scheme = self.scheme;
        let line = [Header { name: scheme.carrier.name().as_bytes(), value }];
        let request = Request { headers: &line, ..*request };
        let mut found = Candidates::none();
        let mut tags = self.tags.iter().flatten();
        let mut same = |found: &Tag| tags.next().is_some_and(|tag| tag.equals(found));
        scheme.fits_carrier(value)
            && scheme.find_candidates(&request, value, &mut found).is_ok()
            && found.iter().all(&mut same)
            && tags.next().is_none()
            && self
                .time_label()
                .is_none_or(|label| scheme.labelled(value, label) == Ok(self.time.as_bytes()))
            && match &scheme.locator {
                Locator::AfterKey { prefixes, separator } => scheme
                    .split_key(value, prefixes, *separator)
                    .is_ok_and(|(key, _)| key == self.key.as_bytes()),
                _ => true,
            }
    }
}

impl Scheme {
    /// Whether `value` arrives in the carrier as it was sent.
    fn fits_carrier(&self, value: &[u8]) -> bool {
        let visible = value.iter().all(|byte| matches!(byte, b' '..=b'~'));
        let edged = matches!(value, [b' ', ..] | [.., b' ']);
        visible
            && match &self.carrier {
                Carrier::Header(_) | Carrier::HeaderLines(_) => !edged,
                Carrier::Stored => true,
                _ => value.len() <= MAX_FIELD,
            }
    }
}
