//! Messages that are a JSON Web Signature as a whole: where the text of one stands, and what it
//! signs.

use super::fields::whole;
use super::{Algorithm, Carrier, Encoding, Locator, Part, Scheme};
use crate::decision::Reason;
use crate::primitive::form::{self, read_pairs};
use crate::primitive::json::{self, Value, read_members};
use crate::primitive::jws::{Jws, JwsError};
use crate::request::{Request, split_target};

impl Scheme {
    /// Whether nothing of a message is described, or all of it.
    pub(super) fn is_message_or_not(&self) -> bool {
        let signs_itself = self.parts.iter().any(|part| matches!(part, Part::SigningInput));
        match (&self.locator, signs_itself) {
            (Locator::Jws, true) => {
                self.parts.len() == 1
                    && self.algorithm == Algorithm::HmacSha256
                    && self.encoding == Encoding::Base64Url
            }
            (Locator::Jws, false) | (_, true) => false,
            (_, false) => true,
        }
    }

    /// The text of a message in the query or in the body, as it stands there and of any length.
    pub(super) fn message<'a>(
        &self,
        request: &Request<'a>,
        unusable: Reason,
    ) -> Option<Result<Option<&'a [u8]>, Reason>> {
        match (&self.locator, &self.carrier) {
            (Locator::Jws, Carrier::Query(name)) => Some(in_query(request, name, unusable)),
            (Locator::Jws, Carrier::Json(name)) => Some(alone_in_json(request, name, unusable)),
            _ => None,
        }
    }

    /// What the message in `value` signs; nothing if the scheme has no messages.
    pub(super) fn signing_input<'a>(&self, value: &'a [u8]) -> Result<&'a [u8], Reason> {
        match self.locator {
            Locator::Jws => read_message(value).map(|message| message.signing_input()),
            _ => Ok(&[]),
        }
    }
}

/// The message in `value`, if its header is one that its MAC may be computed for.
pub(super) fn read_message(value: &[u8]) -> Result<Jws<'_>, Reason> {
    Jws::of_message(value).map_err(|error| match error {
        JwsError::Algorithm => Reason::NoSupportedSignature,
        _ => Reason::MalformedSignature,
    })
}

/// The parameter `name` of the query. A message needs no escapes, so one that has some is refused.
fn in_query<'a>(
    request: &Request<'a>,
    name: &str,
    unusable: Reason,
) -> Result<Option<&'a [u8]>, Reason> {
    let (mut found, mut repeated) = (None, false);
    let query = split_target(request.target).1.unwrap_or(&[]);
    read_pairs(query, |parameter, value| {
        if parameter.means(name) {
            repeated |= found.replace(value).is_some();
        }
    })
    .map_err(|form::Malformed| unusable)?;
    match found {
        None => Ok(None),
        Some(value) if !repeated => value.unescaped().map(Some).ok_or(unusable),
        Some(_) => Err(unusable),
    }
}

/// The member `name` of the JSON object that the body is. It has to be all that the object has:
/// whoever takes the body for a signed message would take what stands beside it for signed too.
fn alone_in_json<'a>(
    request: &Request<'a>,
    name: &str,
    unusable: Reason,
) -> Result<Option<&'a [u8]>, Reason> {
    let (mut found, mut repeated, mut others) = (None, false, false);
    read_members(whole(request)?, |member, value| {
        match member.means(name) {
            true => repeated |= found.replace(value).is_some(),
            false => others = true,
        }
        Ok(())
    })
    .map_err(|json::Malformed| Reason::MalformedBody)?;
    match found {
        _ if others => Err(Reason::MalformedBody),
        None => Ok(None),
        Some(Value::String(text)) if !repeated => Ok(Some(text.raw())),
        Some(_) => Err(unusable),
    }
}
