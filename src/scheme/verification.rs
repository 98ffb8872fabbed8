//! Verifying a signature while the body comes in.

use super::candidates::Candidates;
use super::computation::{Computation, MAX_GENERATIONS};
use super::content_digest::BodyCheck;
use super::fields::{Field, json_member, parameter, query_parameter};
use super::http_message::SignatureInput;
use super::mac::{MacKey, Tag};
use super::name::Name;
use super::parts::Sent;
use super::{Carrier, Scheme, TimeSource, Timestamp, parse_time};
use crate::decision::{Denial, Reason};
use crate::primitive::{decimal, wipe};
use crate::request::{Body, Request};

/// The most digits in which a sender says how old a message may be.
const MAX_WINDOW_DIGITS: usize = 9;

/// The keys that a signature matched: at least one. Where the algorithm has none, it is the first
/// place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    places: u8,
}

impl Matched {
    /// The place of the first of them among the keys that were given.
    pub fn first(self) -> usize {
        self.places().next().unwrap_or(0)
    }

    /// The places of the keys among those that were given, from the first on. There are several
    /// if the sender signed with several keys.
    pub fn places(self) -> impl Iterator<Item = usize> + Clone {
        (0..MAX_GENERATIONS).filter(move |place| (self.places >> place) & 1 == 1)
    }
}

/// A signature that is being verified: of fixed size, without an allocator.
///
/// It is large, so it is made once and worked on where it is.
#[derive(Clone)]
pub struct Verification {
    candidates: Candidates,
    pub(super) computation: Computation,
    /// The Unix times in milliseconds from and until which the message is fresh.
    fresh: (u64, u64),
    /// The MACs under all keys, once the body was there.
    tags: [Option<Tag>; MAX_GENERATIONS],
    name: Name,
    /// What a signature that does not match is.
    mismatch: Reason,
    /// `None` if the body has no digest of its own.
    pub(super) body_check: Option<BodyCheck>,
}

impl Verification {
    /// One that was not begun. It refuses everything.
    #[inline]
    pub fn new() -> Self {
        Self {
            candidates: Candidates::none(),
            computation: Computation::none(),
            fresh: ALWAYS,
            tags: [None; MAX_GENERATIONS],
            name: Name::none(),
            mismatch: Reason::SigMismatch,
            body_check: None,
        }
    }

    /// Reads from the head of `request` all that the scheme needs, and starts a MAC for each of
    /// `keys`; those beyond [`MAX_GENERATIONS`] are not tried, and none are where the algorithm has
    /// no key. `unix_ms` is the time. It is begun once.
    ///
    /// # Errors
    ///
    /// What can be decided from the head: the signature is missing, repeated or malformed
    /// ([`Reason::MissingSignature`], [`Reason::DupHeader`], [`Reason::SigEncoding`],
    /// [`Reason::MalformedSignature`], [`Reason::NoSupportedSignature`]), the timestamp is
    /// ([`Reason::BadTimestamp`]) or lies outside of the window ([`Reason::Stale`],
    /// [`Reason::Future`]), a signed part is not there or would make the signed string ambiguous
    /// ([`Reason::SignedPartMissing`]), the scheme reads a body that is streamed
    /// ([`Reason::BodyRequired`]) or not what the scheme says ([`Reason::MalformedBody`]), or there
    /// is no key ([`Reason::NoSecret`]).
    pub fn begin<'a, 'k>(
        &mut self,
        scheme: &'a Scheme,
        keys: impl Iterator<Item = &'k MacKey>,
        request: &Request<'a>,
        unix_ms: u64,
    ) -> Result<(), Denial<'a>> {
        if matches!(request.body, Body::Streamed) && scheme.reads_body() {
            return Err(Reason::BodyRequired.into());
        }
        let mut room = None;
        let carried = scheme.carried(request, &mut room)?;
        scheme.find_candidates(request, carried, &mut self.candidates)?;
        let input = scheme.signature_input(request)?;
        let mut time_room = None;
        let (timestamp, fresh) = scheme.sent_time(carried, &input, request, &mut time_room)?;
        check_fresh(fresh, unix_ms)?;
        let (id, signing_input) = (scheme.sent_id(request)?, scheme.signing_input(carried)?);
        if scheme.covers_content_digest() {
            self.body_check = Some(BodyCheck::begin(request)?);
        }
        if scheme.names_by_id() {
            self.name.set_id(id);
        }
        let sent = Sent { timestamp, id, signing_input, signature_params: input.text };
        self.computation.begin(scheme, keys, request, sent)?;
        if !scheme.proves_secret() {
            self.mismatch = Reason::TrustMismatch;
        }
        self.fresh = fresh;
        Ok(())
    }

    /// Takes the next piece of the body, exactly as it was received.
    pub fn update(&mut self, bytes: &[u8]) {
        self.computation.update(bytes);
        if let Some(check) = &mut self.body_check {
            check.update(bytes);
        }
    }

    /// Decides, and forgets the keys. The time is looked at again, because a body can be sent
    /// slowly.
    ///
    /// Every signature is compared with the MAC of every key, in a time that does not depend on
    /// their bytes.
    ///
    /// # Errors
    ///
    /// [`Reason::SigMismatch`], or [`Reason::TrustMismatch`] where a signature proves no secret
    /// ([`Scheme::proves_secret`]), [`Reason::DigestMismatch`] if the body is not the one of its
    /// `Content-Digest`, or [`Reason::Stale`] if the window closed while the body came
    /// in.
    pub fn finish(&mut self, unix_ms: u64) -> Result<Matched, Reason> {
        self.computation.finish(&mut self.tags);
        let mut places = 0_u8;
        for (place, tag) in self.tags.iter().enumerate() {
            let Some(tag) = tag else { continue };
            let candidates = self.candidates.iter();
            let equal = candidates.fold(false, |equal, candidate| equal | tag.equals(candidate));
            places |= u8::from(equal) << place;
        }
        if places == 0 {
            // The MACs of a message that nobody signed would be a forger's prize.
            self.tags.iter_mut().flatten().for_each(|tag| wipe(&mut tag.0));
        }
        check_fresh(self.fresh, unix_ms)?;
        if places == 0 {
            return Err(self.mismatch);
        }
        // Only what the signature covers says what the body was.
        if !self.body_check.take().is_none_or(BodyCheck::holds) {
            return Err(Reason::DigestMismatch);
        }
        self.name.prove();
        Ok(Matched { places })
    }

    /// What tells the message from all others that were signed with these keys, for the memory of
    /// messages taken ([`crate::limit::replay`]); nothing unless [`finish`](Self::finish) found it
    /// genuine. A message is taken if one of its names was.
    ///
    /// It is the id that the message carries, where the scheme signs one in front of everything
    /// else and with a literal of one byte behind it. Otherwise it is the MAC under each of the
    /// keys that were given, in their order, whichever of them the sender used: so it makes no
    /// difference which of several signatures a request carries, and in which order.
    pub fn message_ids(&self) -> impl Iterator<Item = &[u8]> {
        self.name.ids(&self.tags)
    }

    /// The first moment at which the message is fresh, in Unix milliseconds; `None` if the scheme
    /// has no timestamp.
    pub fn fresh_from_ms(&self) -> Option<u64> {
        (self.fresh != ALWAYS).then_some(self.fresh.0)
    }
}

impl Default for Verification {
    fn default() -> Self {
        Self::new()
    }
}

/// The times of a scheme without a timestamp.
const ALWAYS: (u64, u64) = (0, u64::MAX);

/// The value of the header that is there, and its name. Where both are, they have to be equal.
fn either_header<'a>(
    request: &Request<'a>,
    first: &'a str,
    second: &'a str,
) -> Result<(&'a [u8], &'a str), Denial<'a>> {
    match (request.single(first)?, request.single(second)?) {
        (Some(one), Some(other)) if one != other => {
            Err(Denial::about(Reason::BadTimestamp, second))
        }
        (Some(value), _) => Ok((value, first)),
        (None, Some(value)) => Ok((value, second)),
        (None, None) => Err(Denial::about(Reason::BadTimestamp, first)),
    }
}

pub(super) fn check_fresh((from, until): (u64, u64), unix_ms: u64) -> Result<(), Reason> {
    match unix_ms {
        now if now < from => Err(Reason::Future),
        now if now > until => Err(Reason::Stale),
        _ => Ok(()),
    }
}

impl Scheme {
    /// The timestamp as sent, and the times from and until which it is fresh.
    pub(super) fn sent_time<'a: 'b, 'b>(
        &'a self,
        carried: &'b [u8],
        input: &SignatureInput<'a>,
        request: &Request<'a>,
        room: &'b mut Option<Field>,
    ) -> Result<(&'b [u8], (u64, u64)), Denial<'a>> {
        let Some(Timestamp { source, format, future_s, .. }) = &self.timestamp else {
            return Ok((&[], ALWAYS));
        };
        let (text, name) = match source {
            TimeSource::Created => (input.created.ok_or(Reason::BadTimestamp)?, ""),
            TimeSource::Header(name) => {
                let value = request.single(name)?;
                (value.ok_or(Denial::about(Reason::BadTimestamp, name))?, &**name)
            }
            TimeSource::EitherHeader(first, second) => either_header(request, first, second)?,
            TimeSource::Label(label) => (self.labelled(carried, label)?, ""),
            TimeSource::Parameter { name, .. } => {
                let value = self.parameter_value(request, name, room)?;
                (value.ok_or(Reason::BadTimestamp)?, "")
            }
            TimeSource::Json(name) => {
                let value = json_member(request, name, room, Reason::BadTimestamp)?;
                (value.ok_or(Reason::BadTimestamp)?, "")
            }
        };
        let at = parse_time(*format, text).ok_or(Denial::about(Reason::BadTimestamp, name))?;
        let from = at.saturating_sub(u64::from(*future_s).saturating_mul(1000));
        let until = at.saturating_add(self.past_ms(request)?);
        let until = until.min(input.expires_ms());
        Ok((text, (from, until)))
    }

    /// How many milliseconds the message may be old.
    fn past_ms(&self, request: &Request<'_>) -> Result<u64, Reason> {
        let Some(Timestamp { source, past_s, .. }) = &self.timestamp else { return Ok(0) };
        let usual = u64::from(*past_s).saturating_mul(1000);
        let TimeSource::Parameter { window: Some(window), .. } = source else { return Ok(usual) };
        let mut room = None;
        match self.parameter_value(request, &window.parameter, &mut room)? {
            None => Ok(usual),
            Some(text) if text.len() > MAX_WINDOW_DIGITS => Err(Reason::BadTimestamp),
            Some(text) => {
                let chosen = decimal::parse(text).ok_or(Reason::BadTimestamp)?;
                if chosen <= u64::from(window.most_ms) {
                    Ok(chosen)
                } else {
                    Err(Reason::BadTimestamp)
                }
            }
        }
    }

    /// The value of a parameter that belongs to the timestamp.
    fn parameter_value<'r>(
        &self,
        request: &Request<'_>,
        name: &str,
        room: &'r mut Option<Field>,
    ) -> Result<Option<&'r [u8]>, Reason> {
        match self.carrier {
            Carrier::Parameter(_) => parameter(request, name, room, Reason::BadTimestamp),
            _ => query_parameter(request, name, room, Reason::BadTimestamp),
        }
    }

    fn sent_id<'a>(&'a self, request: &Request<'a>) -> Result<&'a [u8], Denial<'a>> {
        if self.id_header.is_empty() {
            return Ok(&[]);
        }
        match request.single(&self.id_header)? {
            None | Some([]) => Err(Denial::about(Reason::SignedPartMissing, &self.id_header)),
            Some(id) => Ok(id),
        }
    }
}

/// Verifies the signature of a whole request, whose body is `body` whatever `request` says of it,
/// under the keys that the host holds. This is all of
/// the library that needs no policy, and it allocates nothing.
///
/// # Errors
///
/// Those of [`Verification::begin`] and [`Verification::finish`].
pub fn verify_signature<'a>(
    scheme: &'a Scheme,
    keys: &[MacKey],
    request: &Request<'a>,
    body: &'a [u8],
    unix_ms: u64,
) -> Result<Matched, Denial<'a>> {
    let mut verification = Verification::new();
    let request = Request { body: Body::Whole(body), ..*request };
    verification.begin(scheme, keys.iter(), &request, unix_ms)?;
    verification.update(body);
    verification.finish(unix_ms).map_err(Denial::from)
}
