//! Signature schemes with their keys: signing, and verifying without a policy.

mod sign;
mod verify;

pub use sign::tollgate_scheme_sign;
pub use verify::{tollgate_scheme_verify, tollgate_scheme_verify_with};

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::str;

use super::boundary::{Bytes, Call, Handle, give};
use super::policy::Policy;
use super::status::Status;
use crate::scheme::{self, MAX_GENERATIONS, MacKey};

/// A signature scheme with the keys that it is used with, which are overwritten when it is
/// released. Const pointers to it may be used from any number of threads at once.
#[derive(Debug)]
pub struct Scheme {
    scheme: scheme::Scheme,
    keys: Vec<MacKey>,
}

impl Handle for Scheme {
    const MAGIC: u64 = 0x41d8_b27e_90c5_f36a;
}

/// What carries a signature.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub enum Carrier {
    /// A header.
    Header = 0,
    /// A parameter of the query.
    Query = 1,
    /// A field of a body that is a form (application/x-www-form-urlencoded).
    Form = 2,
    /// A top-level member of a body that is a JSON object.
    Json = 3,
    /// A parameter of the query, or a field of a form: where the other parameters are.
    Parameter = 4,
}

/// A few keys; the rest is empty.
type Keys = [Option<MacKey>; MAX_GENERATIONS];

/// The keys that the secrets stand for in `scheme`.
fn prepare(
    call: &Call,
    scheme: &scheme::Scheme,
    secrets: *const Bytes,
    count: usize,
) -> Result<Keys, Status> {
    let secrets = call.slice(secrets, count)?;
    if !(1..=MAX_GENERATIONS).contains(&secrets.len()) {
        return Err(Status::InvalidArgument);
    }
    let mut keys = Keys::default();
    for (room, secret) in keys.iter_mut().zip(secrets) {
        let key = scheme.prepare_key(call.bytes(*secret)?);
        *room = Some(key.map_err(|_| Status::Decode)?);
    }
    Ok(keys)
}

/// The built-in scheme, which covers the URL if it covers one.
fn built_in(name: &[u8], url: &[u8]) -> Result<Cow<'static, scheme::Scheme>, Status> {
    let text = |bytes| str::from_utf8(bytes).map_err(|_| Status::InvalidArgument);
    let scheme = scheme::builtin::find(text(name)?).filter(|scheme| scheme.proves_secret());
    let scheme = scheme.ok_or(Status::InvalidArgument)?;
    match (scheme.lacks_url(), text(url)?) {
        (false, "") => Ok(Cow::Borrowed(scheme)),
        (true, url) if !url.is_empty() => Ok(Cow::Owned(scheme.with_url(url))),
        _ => Err(Status::InvalidArgument),
    }
}

/// Hands a scheme over to the caller, with its keys.
fn hand_over(scheme: scheme::Scheme, prepared: Keys) -> *mut Scheme {
    // A list that grew would leave keys behind in memory.
    let mut keys = Vec::with_capacity(MAX_GENERATIONS);
    keys.extend(prepared.into_iter().flatten());
    give(Scheme { scheme, keys })
}

/// Makes ready a built-in scheme and the secrets that messages are signed or verified with.
///
/// @param name          the name of the scheme, such as "stripe"
/// @param url           the URL under which the sender knows the receiver, for a scheme that covers
///                      it; empty for others
/// @param secrets       the secrets as their owner writes them: 1 to 4, of which several are for a
///                      rotation; they are read and not kept
/// @param secret_count  how many there are
/// @param scheme        gets the scheme, which the caller releases with tollgate_scheme_free()
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if there is no such scheme, or a signature of it proves
///         no secret (tollgate_trust_sign() is for those), or it needs a URL or takes none, or
///         there are no secrets or too many; TOLLGATE_STATUS_DECODE if a secret cannot be
///         a key: it lacks the prefix of the scheme, is not encoded as the scheme says, or has
///         less than 16 bytes or more than 1024
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_scheme_new(
    name: Bytes,
    url: Bytes,
    secrets: *const Bytes,
    secret_count: usize,
    scheme: *mut *mut Scheme,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(scheme)?;
        let scheme = built_in(call.bytes(name)?, call.bytes(url)?)?;
        let keys = prepare(&call, &scheme, secrets, secret_count)?;
        out.set(hand_over(scheme.into_owned(), keys));
        Ok(())
    })
}

/// Makes ready the scheme of a route of a policy, which may be one of the policy's own.
///
/// @param policy        from tollgate_policy_load(); it is read and not needed afterwards
/// @param route         the name of the route
/// @param secrets       as in tollgate_scheme_new(); those in the policy are not used
/// @param secret_count  how many there are
/// @param scheme        gets the scheme, which the caller releases with tollgate_scheme_free()
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route, or it takes no
///         signature; else as tollgate_scheme_new()
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_scheme_of_route(
    policy: *const Policy,
    route: Bytes,
    secrets: *const Bytes,
    secret_count: usize,
    scheme: *mut *mut Scheme,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(scheme)?;
        let route = str::from_utf8(call.bytes(route)?).map_err(|_| Status::InvalidArgument)?;
        let scheme = call.handle(policy)?.shared.route_scheme(route);
        let scheme = scheme.filter(|scheme| scheme.proves_secret());
        let scheme = scheme.ok_or(Status::InvalidArgument)?;
        let keys = prepare(&call, scheme, secrets, secret_count)?;
        out.set(hand_over(scheme.clone(), keys));
        Ok(())
    })
}

/// Releases a scheme and overwrites its keys.
///
/// @param scheme  from tollgate_scheme_new() or tollgate_scheme_of_route(), or NULL; not used
///                afterwards, and by no other thread during the call
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_scheme_free(scheme: *mut Scheme) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.free(scheme))
}

/// Where messages of a scheme carry the signature.
///
/// @param scheme   from tollgate_scheme_new() or tollgate_scheme_of_route()
/// @param carrier  gets a tollgate_carrier
/// @param name     gets the name of the header, parameter, field or member, without a NUL; it is
///                 there as long as the scheme is
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_scheme_carrier(
    scheme: *const Scheme,
    carrier: *mut u32,
    name: *mut Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (mut carrier, mut name) = (call.out(carrier)?, call.out(name)?);
        let own = &call.handle(scheme)?.scheme.carrier;
        carrier.set(match own {
            scheme::Carrier::Header(_) | scheme::Carrier::HeaderLines(_) => Carrier::Header,
            scheme::Carrier::Query(_) => Carrier::Query,
            scheme::Carrier::Form(_) => Carrier::Form,
            scheme::Carrier::Json(_) => Carrier::Json,
            scheme::Carrier::Parameter(_) => Carrier::Parameter,
            // No signature that the host stored proves a secret, so no handle has such a scheme.
            scheme::Carrier::Stored => return Err(Status::BadState),
        } as u32);
        name.set(Bytes::new(own.name().as_ptr(), own.name().len()));
        Ok(())
    })
}
