//! Is this a request at all, and a small one? Asked before any other work is done.

use crate::credentials::authorization::is_tchar;
use crate::decision::{Denial, Reason};
use crate::primitive::lanes::every;
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
    let method = request.method;
    let method_ok =
        (1..=MAX_METHOD).contains(&method.len()) && method.iter().copied().all(is_tchar);
    let target = request.target;
    if !method_ok || target.is_empty() || !every(target, |octet| octet.is_ascii_graphic()) {
        return Err(Reason::BadTarget);
    }
    let sound = |line: &Header<'_>| is_name(line.name) && is_value(line.value);
    if request.headers.iter().all(sound) { Ok(()) } else { Err(Reason::BadHeaderOctet) }
}

/// RFC 9110 section 5.1. Most names have nothing but letters, digits and `-`.
fn is_name(name: &[u8]) -> bool {
    let usual = |octet: u8| octet.is_ascii_alphanumeric() | (octet == b'-');
    let is_usual = name.len() >= 8 && every(name, usual);
    is_usual || (!name.is_empty() && name.iter().copied().all(is_tchar))
}

/// RFC 9110 section 5.5: no control octets but the tab.
fn is_value(value: &[u8]) -> bool {
    every(value, |octet| ((octet >= 0x20) | (octet == b'\t')) & (octet != 0x7F))
}
