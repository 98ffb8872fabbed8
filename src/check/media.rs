//! Is the body of the type, the coding and the length that the route takes, as far as the head
//! says?

use crate::decision::{Denial, Reason};
use crate::policy::Route;
use crate::primitive::decimal;
use crate::request::{Body, Head, Usual, same_name};

const CONTENT_TYPE: &str = Usual::ContentType.name();
const CONTENT_ENCODING: &str = Usual::ContentEncoding.name();
const CONTENT_LENGTH: &str = Usual::ContentLength.name();

pub(crate) fn media_type(route: &Route, head: &Head<'_, '_>) -> Result<(), Denial<'static>> {
    let Some(wanted) = &route.media_type else { return Ok(()) };
    match head.value(Usual::ContentType) {
        None if announces_no_body(head) => Ok(()),
        Some(value) if is_media_type(value, wanted) => Ok(()),
        _ => Err(Denial::about(Reason::BadContentType, CONTENT_TYPE)),
    }
}

/// Whether the route wants a media type and the request names none: then it must have no body.
pub(crate) fn lacks_media_type(route: &Route, head: &Head<'_, '_>) -> bool {
    route.media_type.is_some() && head.value(Usual::ContentType).is_none()
}

/// A request that has no body needs no type for it (RFC 9112 section 6.3 says what announces one).
fn announces_no_body(head: &Head<'_, '_>) -> bool {
    match head.body {
        Body::Whole(body) => body.is_empty(),
        Body::Streamed => {
            let length = head.value(Usual::ContentLength);
            let coded = head.value(Usual::TransferEncoding).is_some();
            !coded && matches!(length, None | Some(b"0"))
        }
    }
}

/// Whether `value` is the media type `wanted` and no charset but UTF-8 (RFC 9110 section 8.3).
fn is_media_type(value: &[u8], wanted: &str) -> bool {
    if same_name(value, wanted.as_bytes()) {
        return true;
    }
    let mut pieces = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let named = pieces.next().is_some_and(|name| same_name(name, wanted.as_bytes()));
    named && pieces.all(|parameter| !is_other_charset(parameter))
}

fn is_other_charset(parameter: &[u8]) -> bool {
    let mut halves = parameter.splitn(2, |byte| *byte == b'=');
    let name = halves.next().unwrap_or(&[]).trim_ascii();
    let value = halves.next().unwrap_or(&[]).trim_ascii();
    let bare = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value);
    name.eq_ignore_ascii_case(b"charset") && !bare.eq_ignore_ascii_case(b"utf-8")
}

/// The MAC is over the body as it was received, so a coding changes nothing for the signature;
/// but whoever reads the body behind the gate has to know it.
pub(crate) fn content_encoding(route: &Route, head: &Head<'_, '_>) -> Result<(), Denial<'static>> {
    if head.value(Usual::ContentEncoding).is_none() {
        return Ok(());
    }
    for coding in head.lines(CONTENT_ENCODING).flat_map(|line| line.split(|byte| *byte == b',')) {
        let coding = coding.trim_ascii();
        let taken = route
            .content_encodings
            .iter()
            .any(|taken| coding.eq_ignore_ascii_case(taken.as_bytes()));
        if !taken && !coding.eq_ignore_ascii_case(b"identity") {
            return Err(Denial::about(Reason::BadEncoding, CONTENT_ENCODING));
        }
    }
    Ok(())
}

/// The length that the head announces, if it does.
pub(crate) fn declared_length(
    route: &Route,
    head: &Head<'_, '_>,
) -> Result<Option<u64>, Denial<'static>> {
    let Some(text) = head.value(Usual::ContentLength) else { return Ok(None) };
    match decimal::parse(text) {
        Some(length) if length <= route.max_body => Ok(Some(length)),
        None if text.is_empty() || !text.iter().all(u8::is_ascii_digit) => {
            Err(Denial::about(Reason::LengthMismatch, CONTENT_LENGTH))
        }
        _ => Err(Reason::BodyTooLarge.into()),
    }
}
