//! Is this a request at all, and a small one? Asked before any other work is done.

use core::ops::RangeInclusive;

use crate::credentials::authorization::is_tchar;
use crate::decision::{Denial, Reason};
use crate::primitive::lanes::{Class, every};
use crate::request::{Head, Header, Request, RequestLimits, Taken};

/// The longest method.
const MAX_METHOD: usize = 32;

/// Goes through the header lines once, and finds on the way what every check of them needs. Of
/// several faults the first in this order is told, wherever it is: sizes, method and target, octets,
/// repeated fields.
pub(crate) fn framing<'r, 'a>(
    limits: &RequestLimits,
    request: &'r Request<'a>,
) -> Result<Head<'r, 'a>, Denial<'static>> {
    if request.headers.len() > limits.headers {
        return Err(Reason::TooManyHeaders.into());
    }
    if request.target.len() > limits.target {
        return Err(Reason::TargetTooLong.into());
    }
    let mut head = Head::new(request);
    let (mut total, mut sound, mut repeated) = (0_usize, true, None);
    for line @ Header { name, value } in request.headers {
        total = total.saturating_add(name.len()).saturating_add(value.len());
        if name.len() > limits.header_name
            || value.len() > limits.header_value
            || total > limits.header_total
        {
            return Err(Reason::HeaderTooLarge.into());
        }
        let taken = head.take(line);
        sound &= (taken != Taken::No || is_token(name)) & every::<FieldValue>(value);
        if let Taken::Again(field) = taken {
            repeated = repeated.or(Some(field));
        }
    }
    let method_ok = request.method.len() <= MAX_METHOD && is_token(request.method);
    if !method_ok || request.target.is_empty() || !every::<Graphic>(request.target) {
        return Err(Reason::BadTarget.into());
    }
    match repeated {
        _ if !sound => Err(Reason::BadHeaderOctet.into()),
        Some(field) => Err(Denial::about(Reason::DupHeader, field.name())),
        None => Ok(head),
    }
}

/// RFC 9110 section 5.6.2.
#[inline(never)]
fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && (every::<UsualToken>(text) || is_unusual_token(text))
}

#[cold]
fn is_unusual_token(text: &[u8]) -> bool {
    text.iter().copied().all(is_tchar)
}

/// Letters, digits and `-`: most tokens have nothing else.
struct UsualToken;

impl Class for UsualToken {
    const RANGES: &'static [RangeInclusive<u8>] =
        &[b'A'..=b'Z', b'a'..=b'z', b'0'..=b'9', b'-'..=b'-'];
}

/// RFC 9110 section 5.5: no control octets but the tab.
struct FieldValue;

impl Class for FieldValue {
    const RANGES: &'static [RangeInclusive<u8>] = &[b' '..=b'~', 0x80..=0xff, b'\t'..=b'\t'];
}

/// What is visible in ASCII.
struct Graphic;

impl Class for Graphic {
    const RANGES: &'static [RangeInclusive<u8>] = &[b'!'..=b'~'];
}
