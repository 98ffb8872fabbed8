//! Signing a message.

use alloc::vec;
use alloc::vec::Vec;
use core::str;

use super::Scheme;
use crate::decision::Reason;
use crate::ffi::boundary::{Bytes, Call};
use crate::ffi::request::{Given, MOST_HEADERS, Request};
use crate::ffi::status::Status;
use crate::request::Body;
use crate::scheme::{self, MAX_SIGNATURE, SignError, Signed, Stamp};

/// What a message gets: the lines of its head, and what another place carries.
struct Texts {
    lines: Vec<u8>,
    value: Vec<u8>,
}

impl Texts {
    fn new(signed: &Signed<'_, '_>) -> Self {
        let mut lines = Vec::new();
        for line in signed.headers() {
            for text in [line.name, b": ", line.value, b"\r\n"] {
                lines.extend_from_slice(text);
            }
        }
        let value = match signed.carrier {
            scheme::Carrier::Header(_) | scheme::Carrier::HeaderLines(_) => Vec::new(),
            _ => Vec::from(signed.value),
        };
        Self { lines, value }
    }
}

/// What the request gets, or why a verifier would refuse it.
fn sign(scheme: &Scheme, given: &Given<'_>, id: &str, key: &str) -> Result<Texts, Reason> {
    if given.request.headers.len() >= MOST_HEADERS {
        return Err(Reason::TooManyHeaders);
    }
    // A message that is a JSON Web Signature has the body in it.
    let body = match given.request.body {
        Body::Whole(body) => body.len(),
        Body::Streamed => 0,
    };
    let mut room = vec![0; body.saturating_mul(2).saturating_add(MAX_SIGNATURE)];
    let Scheme { scheme, keys } = scheme;
    let stamp = Stamp { unix_ms: given.now.unix_ms, id, key };
    match scheme::sign(scheme, keys, &given.request, &stamp, &mut room) {
        Ok(signed) => Ok(Texts::new(&signed)),
        Err(SignError::Refused(denial)) => Err(denial.reason),
        Err(_) => Err(Reason::None),
    }
}

fn copy(text: &[u8], room: &mut [u8]) -> usize {
    for (to, from) in room.iter_mut().zip(text) {
        *to = *from;
    }
    text.len()
}

/// Signs a message with each of the secrets, and gives what it has to get before it is sent. With
/// that, tollgate_scheme_verify() matches it, and what that would refuse is not signed.
///
/// @param scheme            from tollgate_scheme_new() or tollgate_scheme_of_route(); it has one
///                          secret, or up to four if it carries a list of signatures, as a sender
///                          does while it rotates
/// @param request           the message as it will be sent but for the signature, the timestamp
///                          and the id: its method, target, headers and body are looked at as far
///                          as the scheme covers them, and unix_ms is when it is signed. A timestamp
///                          that belongs to the parameters or the body is there already. Where
///                          messages are a JSON Web Signature, the body is the payload
/// @param id                the id of the message, visible ASCII; looked at if the scheme has one
/// @param key               the key of the credential, visible ASCII, at most 256 bytes; looked at
///                          if the scheme has it in front of the signature
/// @param headers           gets the header lines to add, each ended by CRLF, without a NUL: the
///                          id, the timestamp and the signature, as far as the scheme has them in
///                          headers
/// @param headers_capacity  the room at `headers` in bytes; with 0, `headers` may be NULL
/// @param headers_length    gets the bytes that the lines take, also if they do not fit
/// @param value             gets the signature where tollgate_scheme_carrier() says that no header
///                          carries it: for a parameter that is added to the query or a field that
///                          is added to the form, which the caller encodes as forms are, or for a
///                          string that is added to the JSON object; with a JSON Web Signature
///                          an object with nothing else takes the place of the body
/// @param value_capacity    the room at `value` in bytes; with 0, `value` may be NULL
/// @param value_length      gets the bytes that the value takes, also if they do not fit; 0 if a
///                          header carries the signature
/// @param reason            gets TOLLGATE_REASON_OK, or the tollgate_reason for which a verifier
///                          would refuse the message, or TOLLGATE_REASON_NONE
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the message cannot be signed: a verifier would
///         refuse it; or it has a signature, timestamp or id already; or the scheme needs an id
///         or a key and this is none; or its timestamp cannot say the time; or there are more secrets than
///         signatures that it carries. TOLLGATE_STATUS_BUFFER_TOO_SMALL, and the content of the
///         buffers is then unspecified
///
/// It allocates. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
#[allow(clippy::too_many_arguments, reason = "two texts come out, each into its own buffer")]
pub unsafe extern "C" fn tollgate_scheme_sign(
    scheme: *const Scheme,
    request: *const Request,
    id: Bytes,
    key: Bytes,
    headers: *mut u8,
    headers_capacity: usize,
    headers_length: *mut usize,
    value: *mut u8,
    value_capacity: usize,
    value_length: *mut usize,
    reason: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut reason = call.out(reason)?;
        reason.set(Reason::None.number());
        let headers = call.buffer(headers, headers_capacity, headers_length)?;
        let value = call.buffer(value, value_capacity, value_length)?;
        let scheme = call.handle(scheme)?;
        let text = |bytes| str::from_utf8(bytes).map_err(|_| Status::InvalidArgument);
        let (id, key) = (text(call.bytes(id)?)?, text(call.bytes(key)?)?);
        let mut room_of_request = None;
        let request = call.versioned(request, &mut room_of_request)?;
        let signed = request.read(&call, false, |given| sign(scheme, given, id, key))?;
        let texts = signed.map_err(|why| {
            reason.set(why.number());
            Status::InvalidArgument
        })?;
        reason.set(Reason::Ok.number());
        let lines = headers.fill(&[], |room| Ok(copy(&texts.lines, room)));
        value.fill(&[], |room| Ok(copy(&texts.value, room))).and(lines)
    })
}
