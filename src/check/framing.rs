//! Is this a request at all, and a small one? Asked before any other work is done.

use core::ops::RangeInclusive;

use crate::credentials::authorization::is_tchar;
use crate::decision::{Denial, Reason};
use crate::primitive::lanes::{Class, every};
use crate::request::{Header, Request, RequestLimits};

/// The longest method.
const MAX_METHOD: usize = 32;

/// Header fields that are one value by definition: a second line is an attempt to be read
/// differently by two readers (RFC 9110 section 5.3). Each has a length of its own.
const SINGLE: [&str; 5] =
    ["Host", "Content-Type", "Authorization", "Content-Length", "Transfer-Encoding"];

pub(crate) fn framing(
    limits: &RequestLimits,
    request: &Request<'_>,
) -> Result<(), Denial<'static>> {
    sizes(limits, request)?;
    octets(request)?;
    repetitions(request)
}

fn repetitions(request: &Request<'_>) -> Result<(), Denial<'static>> {
    let mut seen = [false; SINGLE.len()];
    for line in request.headers {
        for (name, seen) in SINGLE.iter().zip(&mut seen) {
            if line.is(name) {
                if *seen {
                    return Err(Denial::about(Reason::DupHeader, name));
                }
                *seen = true;
            }
        }
    }
    Ok(())
}

fn sizes(limits: &RequestLimits, request: &Request<'_>) -> Result<(), Reason> {
    if request.headers.len() > limits.headers {
        return Err(Reason::TooManyHeaders);
    }
    if request.target.len() > limits.target {
        return Err(Reason::TargetTooLong);
    }
    let mut total = 0_usize;
    for Header { name, value } in request.headers {
        total = total.saturating_add(name.len()).saturating_add(value.len());
        if name.len() > limits.header_name
            || value.len() > limits.header_value
            || total > limits.header_total
        {
            return Err(Reason::HeaderTooLarge);
        }
    }
    Ok(())
}

fn octets(request: &Request<'_>) -> Result<(), Reason> {
    let method_ok = request.method.len() <= MAX_METHOD && is_token(request.method);
    let target = request.target;
    if !method_ok || target.is_empty() || !every::<Graphic>(target) {
        return Err(Reason::BadTarget);
    }
    let sound = |line: &Header<'_>| is_token(line.name) && every::<FieldValue>(line.value);
    if request.headers.iter().all(sound) { Ok(()) } else { Err(Reason::BadHeaderOctet) }
}

/// RFC 9110 section 5.6.2.
fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && (every::<UsualToken>(text) || text.iter().copied().all(is_tchar))
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
