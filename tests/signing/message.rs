//! Messages that a scheme can sign: made of what its parts need, signed, and damaged bit by bit.

use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tollgate::decision::Reason;
use tollgate::primitive::data::Data;
use tollgate::request::{Body, Header, Request, Stored, query_values, split_target};
use tollgate::scheme::{
    Carrier, Encoding, Locator, MacKey, Part, Scheme, SignError, Signed, Source, Stamp, StoredPart,
    TimeSource, Timestamp, format_time, sign, verify_signature,
};

use crate::random::Random;

#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) method: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) host: Vec<u8>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// Signature, value and seed that the host stored.
    pub(crate) stored: [Vec<u8>; 3],
}

/// Bytes of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Method,
    Host,
    Target(Range<usize>),
    Header(usize),
    Body(Range<usize>),
    /// One of the values that the host stored.
    Stored(usize),
}

/// The source of a part, if it is a value, and whether it has to be there.
fn source(part: &Part) -> Option<(&Source, bool)> {
    match part {
        Part::Value(source)
        | Part::Exact { value: source, .. }
        | Part::NonceDigest { nonce: source, .. } => Some((source, true)),
        Part::Optional { value, .. } => Some((value, false)),
        _ => None,
    }
}

/// The timestamp that has to be in the message before it is signed, with what may go with it.
fn times(scheme: &Scheme, unix_ms: u64, random: &mut Random) -> Vec<(String, String)> {
    let Some(Timestamp { source, format, .. }) = &scheme.timestamp else { return Vec::new() };
    let text = format_time(*format, unix_ms).expect("a time").as_str().to_owned();
    match source {
        TimeSource::Json(name) => vec![(name.to_string(), text)],
        TimeSource::Parameter { name, window } => {
            let chosen = window.iter().filter(|_| random.flip());
            let chosen = chosen.map(|window| (window.parameter.to_string(), "1000".to_owned()));
            chosen.chain([(name.to_string(), text)]).collect()
        }
        _ => Vec::new(),
    }
}

/// A value that all parts of the scheme take which are made of this source.
fn fitting(scheme: &Scheme, source: &Source, random: &mut Random) -> String {
    let is_nonce = |part: &Part| matches!(part, Part::NonceDigest { nonce, .. } if nonce == source);
    if scheme.parts.iter().any(is_nonce) {
        return random.below(1_000_000).to_string();
    }
    let exact = scheme.parts.iter().find_map(|part| match part {
        Part::Exact { value, symbols, length } if value == source => Some((*symbols, *length)),
        _ => None,
    });
    let Some((symbols, length)) = exact else { return random.word(24) };
    let known: Vec<u8> = (b'!'..=b'~').filter(|byte| symbols.contains(*byte)).collect();
    (0..length).map(|_| char::from(random.one_of(&known))).collect()
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method.escape_ascii(), self.target.escape_ascii())?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", value.escape_ascii())?;
        }
        writeln!(f, "{}", self.body.escape_ascii())?;
        let [signature, value, seed] = &self.stored;
        let stored = [signature, value, seed].map(|text| text.escape_ascii().to_string());
        write!(f, "stored: {stored:?}")
    }
}

impl Message {
    /// A message with all that `scheme` covers, and other things around it, to be signed at
    /// `unix_ms`.
    pub(crate) fn random(scheme: &Scheme, unix_ms: u64, random: &mut Random) -> Self {
        let covers_all = scheme.parts.iter().any(|part| matches!(part, Part::Parameters(_)));
        let anywhere = covers_all && matches!(scheme.carrier, Carrier::Parameter(_));
        let in_body = anywhere && random.flip();
        let mut message = Self {
            method: random.one_of(&[&b"POST"[..], b"GET", b"PUT"]).to_vec(),
            target: format!("/{}/{}", random.word(8), random.word(8)).into(),
            host: format!("{}.example", random.word(8).to_lowercase()).into(),
            headers: vec![("User-Agent".to_owned(), random.word(20).into())],
            body: Vec::new(),
            stored: Default::default(),
        };
        let (mut parameters, mut fields) = (Vec::new(), Vec::new());
        if !in_body {
            parameters.push(("x".to_owned(), random.word(8)));
        }
        if !anywhere || in_body {
            fields.push(("other".to_owned(), random.word(9)));
        }
        let mut known: Vec<&Source> = Vec::new();
        for (source, required) in scheme.parts.iter().filter_map(source) {
            if known.contains(&source) || !(required || random.flip()) {
                continue;
            }
            known.push(source);
            let value = fitting(scheme, source, random);
            match source {
                Source::Stored(part) => message.stored[stored_at(*part)] = value.into(),
                Source::Header(name) => message.headers.push((name.to_string(), value.into())),
                Source::Query(name) => parameters.push((name.to_string(), value)),
                Source::Form(name) | Source::Json(name) => fields.push((name.to_string(), value)),
            }
        }
        let times = times(scheme, unix_ms, random);
        let source = scheme.timestamp.as_ref().map(|timestamp| &timestamp.source);
        if in_body || matches!(source, Some(TimeSource::Json(_))) {
            fields.extend(times)
        } else {
            parameters.extend(times)
        }
        if matches!(scheme.locator, Locator::Jws) {
            fields = vec![("payload".to_owned(), random.word(40))];
        }
        for (name, value) in parameters {
            message.add_parameter(&name, &value);
        }
        if !scheme.reads_body() {
            let length = random.below(120);
            message.body = random.bytes(length);
        } else {
            for (name, value) in fields {
                message.add_field(scheme, &name, &value);
            }
        }
        message.add_http_headers(scheme, unix_ms);
        message
    }

    /// What RFC 9421 and RFC 9530 want to be there before the message is signed.
    fn add_http_headers(&mut self, scheme: &Scheme, unix_ms: u64) {
        for part in scheme.parts.iter() {
            if matches!(part, Part::ContentDigest) {
                let mut room = [0; 64];
                let digest = Sha256::digest(&self.body);
                let length = STANDARD.encode_slice(digest, &mut room).expect("64 are enough");
                let text = core::str::from_utf8(&room[..length]).expect("ASCII");
                let value = format!("sha-256=:{text}:").into();
                self.headers.push(("Content-Digest".to_owned(), value));
            }
            if let (Part::SignatureParams(covered), Locator::Member(label)) =
                (part, &scheme.locator)
            {
                let value = format!("{}={};created={}", &**label, &**covered, unix_ms / 1000);
                self.headers.push(("Signature-Input".to_owned(), value.into()));
            }
        }
    }

    fn add_parameter(&mut self, name: &str, value: &str) {
        let value = form_encoded(value);
        let before = if self.target.contains(&b'?') { '&' } else { '?' };
        self.target.extend_from_slice(format!("{before}{name}={value}").as_bytes());
    }

    /// Adds a field to the form or a member to the object that the scheme reads.
    fn add_field(&mut self, scheme: &Scheme, name: &str, value: &str) {
        if reads_json(scheme) {
            let begun = self.body.strip_suffix(b"}").map(<[u8]>::to_vec);
            let before = begun.map_or(b"{".to_vec(), |body| [&body, &b","[..]].concat());
            let member = format!(r#""{name}":"{value}"}}"#);
            self.body = [&before, member.as_bytes()].concat();
        } else {
            let before = if self.body.is_empty() { "" } else { "&" };
            let value = form_encoded(value);
            self.body.extend_from_slice(format!("{before}{name}={value}").as_bytes());
        }
    }

    /// The message as a request, for as long as `work` takes.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&Request<'_>) -> R) -> R {
        let lines = self.headers.iter();
        let lines = lines.map(|(name, value)| Header { name: name.as_bytes(), value });
        let headers: Vec<_> = lines.collect();
        work(&Request {
            method: &self.method,
            target: &self.target,
            host: &self.host,
            headers: &headers,
            body: Body::Whole(&self.body),
            peer: None,
            tls: true,
            stored: Stored {
                signature: &self.stored[0],
                value: &self.stored[1],
                seed: &self.stored[2],
                credential: b"",
            },
        })
    }

    /// The message with what it gets when it is signed, and the value of the signature.
    pub(crate) fn signed(
        &self,
        scheme: &Scheme,
        keys: &[MacKey],
        stamp: &Stamp<'_>,
    ) -> Result<(Self, String), String> {
        let mut room = [0; 2048];
        self.with(|request| {
            let signed = sign(scheme, keys, request, stamp, &mut room);
            let signed = signed.map_err(|error: SignError<'_>| format!("{error:?}"))?;
            Ok((self.clone().with_signature(scheme, &signed), signed.value.to_owned()))
        })
    }

    /// Puts everything where the answer says.
    fn with_signature(mut self, scheme: &Scheme, signed: &Signed<'_, '_>) -> Self {
        for line in signed.headers() {
            let name = String::from_utf8(line.name.to_vec()).unwrap();
            self.headers.push((name, line.value.to_vec()));
        }
        if matches!(scheme.locator, Locator::Jws) {
            self.body.clear();
        }
        match signed.carrier {
            Carrier::Header(_) | Carrier::HeaderLines(_) => {}
            Carrier::Stored => self.stored[0] = signed.value.into(),
            Carrier::Query(name) | Carrier::Parameter(name) => {
                self.add_parameter(name, signed.value);
            }
            Carrier::Form(name) | Carrier::Json(name) => {
                self.add_field(scheme, name, signed.value);
            }
        }
        self
    }

    /// The places of the keys that match.
    pub(crate) fn verify(
        &self,
        scheme: &Scheme,
        keys: &[MacKey],
        unix_ms: u64,
    ) -> Result<Vec<usize>, Reason> {
        self.with(|request| {
            let matched = verify_signature(scheme, keys, request, &self.body, unix_ms);
            matched.map(|matched| matched.places().collect()).map_err(|denial| denial.reason)
        })
    }

    /// The key of the credential that the message names; empty for none.
    pub(crate) fn claimed_key(&self, scheme: &Scheme) -> Option<Vec<u8>> {
        self.with(|request| {
            let key = scheme.claimed_key(request).ok()?;
            Some(key.unwrap_or_default().to_vec())
        })
    }

    /// What the signature of this signed message covers, and the signature itself.
    pub(crate) fn covered(&self, scheme: &Scheme) -> Vec<Place> {
        let mut places: Vec<Place> =
            scheme.parts.iter().flat_map(|part| self.places_of(scheme, part)).collect();
        places.extend(self.carrier_place(scheme));
        // What the answer of signing added: the headers of the timestamp and of the id.
        let added =
            self.headers.iter().enumerate().filter(|(_, (name, _))| {
                is_time_header(scheme, name) || *name == *scheme.id_header
            });
        places.extend(added.map(|(at, _)| Place::Header(at)));
        places
    }

    fn places_of(&self, scheme: &Scheme, part: &Part) -> Vec<Place> {
        let (path, query) = split_target(&self.target);
        match part {
            Part::Method => vec![Place::Method],
            Part::Target => vec![Place::Target(0..self.target.len())],
            Part::Path => vec![Place::Target(0..path.len())],
            Part::Query => query
                .map(|query| Place::Target(range_in(&self.target, query)))
                .into_iter()
                .collect(),
            Part::Body | Part::BodyDigest { .. } | Part::NonceDigest { .. } => {
                vec![Place::Body(0..self.body.len())]
            }
            Part::Value(source)
            | Part::Exact { value: source, .. }
            | Part::Optional { value: source, .. } => self.place_of(source).into_iter().collect(),
            Part::Parameters(_) => self.parameter_places(scheme),
            Part::ContentDigest => {
                let header = self.place_of(&Source::Header(Data::Static("Content-Digest")));
                header.into_iter().chain([Place::Body(0..self.body.len())]).collect()
            }
            Part::SignatureParams(_) => self
                .place_of(&Source::Header(Data::Static("Signature-Input")))
                .into_iter()
                .collect(),
            Part::Authority => vec![Place::Host],
            Part::Literal(_) | Part::Url | Part::Timestamp | Part::Id | Part::SigningInput => {
                Vec::new()
            }
        }
    }

    /// Every parameter but the one with the signature.
    fn parameter_places(&self, scheme: &Scheme) -> Vec<Place> {
        let carries =
            |pair: &[u8]| pair.starts_with(format!("{}=", scheme.carrier.name()).as_bytes());
        let pairs = |text: &'_ [u8]| -> Vec<Vec<u8>> {
            let pairs = text.split(|byte| *byte == b'&').filter(|pair| !carries(pair));
            pairs.filter(|pair| !pair.is_empty()).map(<[u8]>::to_vec).collect()
        };
        let find = |whole: &[u8], pair: &[u8]| {
            let start = whole.windows(pair.len()).position(|window| window == pair).unwrap();
            start..start + pair.len()
        };
        let query = split_target(&self.target).1.unwrap_or(&[]);
        let in_query = pairs(query).into_iter();
        let mut places: Vec<_> =
            in_query.map(|pair| Place::Target(find(&self.target, &pair))).collect();
        if matches!(scheme.carrier, Carrier::Parameter(_)) {
            let in_body = pairs(&self.body).into_iter();
            places.extend(in_body.map(|pair| Place::Body(find(&self.body, &pair))));
        }
        places
    }

    /// Where the value of `source` stands; `None` if it is absent.
    fn place_of(&self, source: &Source) -> Option<Place> {
        match source {
            Source::Header(name) => {
                let at = self.headers.iter().position(|(own, _)| own.eq_ignore_ascii_case(name))?;
                Some(Place::Header(at))
            }
            Source::Stored(part) => {
                let at = stored_at(*part);
                (!self.stored[at].is_empty()).then_some(Place::Stored(at))
            }
            Source::Query(name) => {
                let value = query_values(&self.target, name).next()?;
                Some(Place::Target(range_in(&self.target, value)))
            }
            Source::Form(name) => self.field(format!("{}=", &**name).as_bytes(), b"&"),
            Source::Json(name) => {
                let name = format!("\"{}\":", &**name);
                let member = [" \"", "\""].map(|quote| format!("{name}{quote}"));
                member.iter().find_map(|member| self.field(member.as_bytes(), b"\""))
            }
        }
    }

    /// The bytes of the body from behind `before` to `after` or the end.
    fn field(&self, before: &[u8], after: &[u8]) -> Option<Place> {
        let find = |text: &[u8]| self.body.windows(text.len()).position(|window| window == text);
        let start = find(before)? + before.len();
        let rest = &self.body[start..];
        let length = rest.windows(after.len()).position(|window| window == after);
        Some(Place::Body(start..start + length.unwrap_or(rest.len())))
    }

    pub(crate) fn bytes(&mut self, place: &Place) -> &mut [u8] {
        match place {
            Place::Method => &mut self.method,
            Place::Host => &mut self.host,
            Place::Target(range) => &mut self.target[range.clone()],
            Place::Header(at) => &mut self.headers[*at].1,
            Place::Body(range) => &mut self.body[range.clone()],
            Place::Stored(at) => &mut self.stored[*at],
        }
    }

    /// Every message that differs from this one in a bit at `place`.
    pub(crate) fn flips(&self, place: &Place) -> impl Iterator<Item = (usize, Self)> {
        let bits = 8 * self.clone().bytes(place).len();
        let (message, place) = (self.clone(), place.clone());
        (0..bits).map(move |bit| {
            let mut flipped = message.clone();
            flipped.bytes(&place)[bit / 8] ^= 1 << (bit % 8);
            (bit, flipped)
        })
    }

    /// Whether the bit at `place` may be flipped without changing what is said: it is the case of
    /// the host, or of a hexadecimal digit of the signature, in an escape or where the scheme takes
    /// either.
    pub(crate) fn is_case(&self, scheme: &Scheme, place: &Place, bit: usize) -> bool {
        let (at, mut message) = (bit / 8, self.clone());
        let bytes = message.bytes(place);
        let escaped = bytes[at.saturating_sub(2)..at].contains(&b'%');
        let carries = self.carrier_place(scheme).is_some_and(|carrier| carrier == *place);
        let digit = bytes.len() - at <= 2 * scheme.algorithm.length();
        let either = scheme.encoding == Encoding::HexAny && digit;
        let in_host = *place == Place::Host && bytes[at].is_ascii_alphabetic();
        let in_signature = matches!(bytes[at], b'a'..=b'f' | b'A'..=b'F') && carries;
        bit % 8 == 5 && (in_host || (in_signature && (escaped || either)))
    }

    /// Where the value stands that carries the signature.
    pub(crate) fn carrier_place(&self, scheme: &Scheme) -> Option<Place> {
        self.place_of(&match &scheme.carrier {
            Carrier::Header(name) | Carrier::HeaderLines(name) => Source::Header(name.clone()),
            Carrier::Parameter(name) => {
                let in_body = || self.place_of(&Source::Form(name.clone()));
                return self.place_of(&Source::Query(name.clone())).or_else(in_body);
            }
            Carrier::Query(name) => Source::Query(name.clone()),
            Carrier::Form(name) => Source::Form(name.clone()),
            Carrier::Json(name) => Source::Json(name.clone()),
            Carrier::Stored => return Some(Place::Stored(0)),
        })
    }
}

const fn stored_at(part: StoredPart) -> usize {
    match part {
        StoredPart::Value => 1,
        StoredPart::Seed => 2,
    }
}

fn form_encoded(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('+', "%2B").replace('=', "%3D");
    escaped.replace('&', "%26").replace('#', "%23").replace(' ', "+")
}

/// Whether the timestamp of `scheme` stands in the header `name`.
pub(crate) fn is_time_header(scheme: &Scheme, name: &str) -> bool {
    match scheme.timestamp.as_ref().map(|timestamp| &timestamp.source) {
        Some(TimeSource::Header(own)) => own.eq_ignore_ascii_case(name),
        Some(TimeSource::EitherHeader(one, other)) => {
            one.eq_ignore_ascii_case(name) || other.eq_ignore_ascii_case(name)
        }
        _ => false,
    }
}

fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}

pub(crate) fn reads_json(scheme: &Scheme) -> bool {
    let sources = scheme.parts.iter().filter_map(source);
    let time = scheme.timestamp.as_ref().map(|timestamp| &timestamp.source);
    matches!((&scheme.carrier, time), (Carrier::Json(_), _) | (_, Some(TimeSource::Json(_))))
        || sources.map(|(source, _)| source).any(|source| matches!(source, Source::Json(_)))
}
