//! HTTP Message Signatures (RFC 9421) with HMAC-SHA256 over components that the scheme fixes: what
//! `Signature-Input` says must be just that, and its text is signed as it was sent.

use super::{Algorithm, Carrier, Encoding, Locator, Part, Scheme, TimeSource, Timestamp};
use crate::decision::{Denial, Reason};
use crate::primitive::decimal;
use crate::primitive::structured::{self, Bare, Malformed};
use crate::request::Request;

/// The header that says what a signature covers, and when it was made.
pub(super) const SIGNATURE_INPUT: &str = "Signature-Input";

/// What `Signature-Input` says under the label of the scheme.
#[derive(Clone, Copy, Default)]
pub(super) struct SignatureInput<'a> {
    /// The components and the parameters as they were sent: what `@signature-params` covers.
    pub(super) text: &'a [u8],
    /// The parameter `created`: Unix time in seconds, as it was sent.
    pub(super) created: Option<&'a [u8]>,
    /// The parameter `expires`.
    expires: Option<&'a [u8]>,
    /// The parameter `keyid`, with its escapes.
    pub(super) key_id: Option<&'a [u8]>,
}

impl<'a> SignatureInput<'a> {
    /// The last moment at which the message is fresh by its own account, in Unix milliseconds.
    pub(super) fn expires_ms(&self) -> u64 {
        let seconds = self.expires.and_then(decimal::parse);
        seconds.map_or(u64::MAX, |seconds| seconds.saturating_mul(1000))
    }

    fn read(text: &'a [u8], components: &str) -> Result<Self, Reason> {
        let parameters = text.strip_prefix(components.as_bytes());
        let parameters = parameters.ok_or(Reason::NoSupportedSignature)?;
        let (mut input, mut algorithm) = (Self { text, ..Self::default() }, None);
        let (mut nonce, mut tag) = (None, None);
        structured::parameters(parameters, |key, value| {
            let (slot, value) = match (key, value) {
                (b"created", Bare::Integer(digits)) => (&mut input.created, digits),
                (b"expires", Bare::Integer(digits)) => (&mut input.expires, digits),
                (b"keyid", Bare::String(text)) => (&mut input.key_id, text),
                (b"alg", Bare::String(text)) => (&mut algorithm, text),
                (b"nonce", Bare::String(text)) => (&mut nonce, text),
                (b"tag", Bare::String(text)) => (&mut tag, text),
                _ => return Err(Malformed),
            };
            match slot.replace(value) {
                None => Ok(()),
                Some(_) => Err(Malformed),
            }
        })
        .map_err(|Malformed| Reason::MalformedSignature)?;
        match algorithm {
            None | Some(b"hmac-sha256") => Ok(input),
            Some(_) => Err(Reason::NoSupportedSignature),
        }
    }
}

impl Scheme {
    /// What the request says that its signature covers; nothing if the scheme is none of RFC 9421.
    ///
    /// # Errors
    ///
    /// [`Reason::MissingSignature`]: there is no `Signature-Input`. [`Reason::NoSupportedSignature`]:
    /// it has no such label, other components, or another algorithm.
    /// [`Reason::MalformedSignature`]: it is not written as RFC 8941 section 4.1 writes it, or has
    /// a parameter that RFC 9421 does not define.
    pub(super) fn signature_input<'a>(
        &self,
        request: &Request<'a>,
    ) -> Result<SignatureInput<'a>, Denial<'static>> {
        let Some((label, components)) = self.label_and_components() else {
            return Ok(SignatureInput::default());
        };
        let line = request.single(SIGNATURE_INPUT)?;
        let line = line.ok_or(Denial::about(Reason::MissingSignature, SIGNATURE_INPUT))?;
        let text =
            structured::member(line, label).map_err(|Malformed| Reason::MalformedSignature)?;
        Ok(SignatureInput::read(text.ok_or(Reason::NoSupportedSignature)?, components)?)
    }

    /// The parameter `keyid` that the request has; `None` too if it has no `Signature-Input`.
    pub(super) fn key_id<'a>(
        &self,
        request: &Request<'a>,
    ) -> Result<Option<&'a [u8]>, Denial<'static>> {
        if request.lines(SIGNATURE_INPUT).next().is_none() {
            return Ok(None);
        }
        let key_id = self.signature_input(request)?.key_id;
        Ok(key_id.filter(|text| !text.is_empty() && !text.contains(&b'\\')))
    }

    /// The label of the signature and the list of components that it covers.
    pub(super) fn label_and_components(&self) -> Option<(&str, &str)> {
        match (&self.locator, self.parts.last()?) {
            (Locator::Member(label), Part::SignatureParams(components)) => {
                Some((label, components))
            }
            _ => None,
        }
    }

    /// Whether nothing of RFC 9421 is described, or all that it takes.
    pub(super) fn is_http_message_or_not(&self) -> bool {
        let params = |part: &&Part| matches!(part, Part::SignatureParams(_));
        let created = matches!(self.timestamp, Some(Timestamp { source: TimeSource::Created, .. }));
        match self.label_and_components() {
            Some((label, components)) => {
                structured::is_key(label.as_bytes())
                    && components.starts_with('(')
                    && components.ends_with(')')
                    && self.parts.iter().filter(params).count() == 1
                    && self.algorithm == Algorithm::HmacSha256
                    && self.encoding == Encoding::Base64
                    && matches!(self.carrier, Carrier::Header(_))
            }
            None => {
                !created
                    && !matches!(self.locator, Locator::Member(_))
                    && !self.parts.iter().any(|part| params(&part))
            }
        }
    }
}
