//! Verifying a signature without a policy.

use super::{Scheme, built_in, prepare};
use crate::decision::Reason;
use crate::ffi::boundary::{Bytes, Call, Out};
use crate::ffi::request::{Given, MOST_HEADERS, Request};
use crate::ffi::status::Status;
use crate::request::Body;
use crate::scheme::{self, MacKey, Verification};

/// Where the outcome of a verification goes.
struct Answer<'c> {
    reason: Out<'c, u32>,
    matched: Out<'c, u32>,
}

impl<'c> Answer<'c> {
    /// Says no before anything else is done.
    fn denying(call: &'c Call, reason: *mut u32, matched: *mut u32) -> Result<Self, Status> {
        let mut answer = Self { reason: call.out(reason)?, matched: call.out(matched)? };
        answer.reason.set(Reason::Internal.number());
        answer.matched.set(0);
        Ok(answer)
    }

    fn give(&mut self, found: Result<u32, Reason>) -> Result<(), Status> {
        match found {
            Ok(places) => {
                self.matched.set(places);
                self.reason.set(Reason::Ok.number());
                Ok(())
            }
            Err(reason) => {
                self.reason.set(reason.number());
                Err(Status::Mismatch)
            }
        }
    }
}

/// The keys that match, one bit each.
fn verify<'k>(
    scheme: &scheme::Scheme,
    keys: impl Iterator<Item = &'k MacKey>,
    given: &Given<'_>,
) -> Result<u32, Reason> {
    if given.request.headers.len() >= MOST_HEADERS {
        return Err(Reason::TooManyHeaders);
    }
    let mut verification = Verification::new();
    let unix_ms = given.now.unix_ms;
    let begun = verification.begin(scheme, keys, &given.request, unix_ms);
    begun.map_err(|denial| denial.reason)?;
    if let Body::Whole(body) = given.request.body {
        verification.update(body);
    }
    let matched = verification.finish(unix_ms)?;
    Ok(matched.places().fold(0, |bits, place| bits | (1 << place)))
}

/// Decides whether a request carries a signature of one of the secrets, and is fresh if it says
/// when it was signed. Nothing else is decided: no message is remembered, so that a signed request
/// can be sent twice, and a key in front of the signature is not compared.
///
/// @param scheme   from tollgate_scheme_new() or tollgate_scheme_of_route()
/// @param request  the request as it came: its method, target, headers and body are looked at as
///                 far as the scheme covers them, and unix_ms is the time
/// @param reason   gets a tollgate_reason, TOLLGATE_REASON_OK if the signature is right
/// @param matched  gets the secrets that match: bit 0 is the first one; 0 if none does
/// @return TOLLGATE_STATUS_OK if the signature is right, TOLLGATE_STATUS_MISMATCH if it is not:
///         `reason` then says why. Whatever the status, `reason` is not TOLLGATE_REASON_OK and
///         `matched` is 0 unless it is right
///
/// Nothing is allocated, nothing waits, no clock is read. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_scheme_verify(
    scheme: *const Scheme,
    request: *const Request,
    reason: *mut u32,
    matched: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut answer = Answer::denying(&call, reason, matched)?;
        let Scheme { scheme, keys } = call.handle(scheme)?;
        let mut room_of_request = None;
        let request = call.versioned(request, &mut room_of_request)?;
        answer.give(request.read(&call, false, |given| verify(scheme, keys.iter(), given))?)
    })
}

/// The same as tollgate_scheme_verify() in one call, for receivers with few messages: a built-in
/// scheme is named, and the secrets are made ready each time.
///
/// @param name          as in tollgate_scheme_new()
/// @param url           as in tollgate_scheme_new()
/// @param secrets       as in tollgate_scheme_new()
/// @param secret_count  how many there are: 1 to 4
/// @param request       as in tollgate_scheme_verify()
/// @param reason        as in tollgate_scheme_verify()
/// @param matched       as in tollgate_scheme_verify()
/// @return as tollgate_scheme_verify(), and for the name and the secrets as tollgate_scheme_new()
///
/// Memory is allocated for a URL and for nothing else, nothing waits, no clock is read. May be
/// called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_scheme_verify_with(
    name: Bytes,
    url: Bytes,
    secrets: *const Bytes,
    secret_count: usize,
    request: *const Request,
    reason: *mut u32,
    matched: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut answer = Answer::denying(&call, reason, matched)?;
        let scheme = built_in(call.bytes(name)?, call.bytes(url)?)?;
        let keys = prepare(&call, &scheme, secrets, secret_count)?;
        let mut room_of_request = None;
        let request = call.versioned(request, &mut room_of_request)?;
        let keys = keys.iter().flatten();
        answer.give(request.read(&call, false, |given| verify(&scheme, keys, given))?)
    })
}
