//! Policies: loaded from a document, shared, never changed.

use alloc::string::ToString;
use alloc::sync::Arc;
use std::path::PathBuf;

use super::boundary::{Bytes, Call, Handle, give};
use super::status::Status;
use crate::policy::{self, HostSecrets, NoSecrets, SecretSource, Source};

/// A loaded policy. It never changes; const pointers to it may be used from any number of threads
/// at once.
pub struct Policy {
    pub(super) shared: Arc<policy::Policy>,
}

impl Handle for Policy {
    const MAGIC: u64 = 0x8f1d_6c02_77e3_b95a;
}

/// Where a policy may take secrets from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum SecretMode {
    /// From the document alone: references to files and environment variables are errors.
    Text = 0,
    /// From files and the environment of the process too.
    Host = 1,
}

/// Loads a policy from the text of its document. It is all or nothing: a document with errors
/// gives no policy. The policy takes some 560 bytes of memory for each credential with an API key, a
/// signing secret and up to four networks.
///
/// @param document  the text, UTF-8, of 1 GiB at most
/// @param name      how the errors call it, such as a file name; UTF-8
/// @param secrets   a tollgate_secret_mode
/// @param base      the folder from which relative names of secret files are resolved; empty for
///                  the working folder; UTF-8
/// @param errors    `capacity` bytes to write to; NULL if `capacity` is 0. With
///                  TOLLGATE_STATUS_POLICY_INVALID it gets the errors, one a line, in the form
///                  "file:line:column: path: what is wrong; what to write"; as many bytes of them
///                  as fit
/// @param capacity  the size of `errors`
/// @param length    gets the bytes that the errors take; 0 if there are none
/// @param policy    gets the policy, which the caller releases with tollgate_policy_free()
/// @return TOLLGATE_STATUS_POLICY_INVALID if the document has errors
///
/// It allocates, and reads files and the environment if told to. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_load(
    document: Bytes,
    name: Bytes,
    secrets: u32,
    base: Bytes,
    errors: *mut u8,
    capacity: usize,
    length: *mut usize,
    policy: *mut *mut Policy,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(policy)?;
        let errors = call.buffer(errors, capacity, length)?;
        let text = |bytes| core::str::from_utf8(bytes).map_err(|_| Status::InvalidArgument);
        let name = text(call.bytes(name)?)?;
        let base = PathBuf::from(text(call.bytes(base)?)?);
        let source: &dyn SecretSource = match secrets {
            mode if mode == SecretMode::Text as u32 => &NoSecrets,
            mode if mode == SecretMode::Host as u32 => &HostSecrets::new(base),
            _ => return Err(Status::InvalidArgument),
        };
        match policy::Policy::load(&Source::new(call.bytes(document)?, name, source)) {
            Ok(loaded) => {
                errors.set_prefix("");
                out.set(give(Policy { shared: Arc::new(loaded) }));
                Ok(())
            }
            Err(found) => {
                errors.set_prefix(&found.to_string());
                Err(Status::PolicyInvalid)
            }
        }
    })
}

/// Releases a policy. Gates that have it keep it until it is swapped out.
///
/// @param policy  from tollgate_policy_load(), or NULL; not used afterwards
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_policy_free(policy: *mut Policy) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.free(policy))
}

/// How many credentials the policy has: what the memory for limits is sized by.
///
/// @param policy  from tollgate_policy_load()
/// @param count   gets the number
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_credential_count(
    policy: *const Policy,
    count: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut count = call.out(count)?;
        count.set(call.handle(policy)?.shared.credential_count());
        Ok(())
    })
}

/// How long the replay memory has to remember messages for the policy: what tollgate_replay_init()
/// needs. A gate whose memory serves several policies, one after the other, needs the longest.
///
/// @param policy     from tollgate_policy_load()
/// @param window_ms  gets the number of milliseconds; 0 if the policy needs no replay memory
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_replay_window(
    policy: *const Policy,
    window_ms: *mut u64,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut window = call.out(window_ms)?;
        window
            .set(call.handle(policy)?.shared.replay_window_ms().map_or(0, |needed| needed.max(1)));
        Ok(())
    })
}

/// Whether requests on a route can be verified while their body comes in. Those on a route that
/// takes something from the body cannot: give them to tollgate_gate_verify() whole, or on a token
/// endpoint to tollgate_gate_token().
///
/// @param policy   from tollgate_policy_load()
/// @param route    the name of the route
/// @param streams  gets 1 or 0
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_route_streams(
    policy: *const Policy,
    route: Bytes,
    streams: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(streams)?;
        let name = core::str::from_utf8(call.bytes(route)?).map_err(|_| Status::InvalidArgument)?;
        let streams = call.handle(policy)?.shared.route_streams(name);
        out.set(u32::from(streams.ok_or(Status::InvalidArgument)?));
        Ok(())
    })
}

/// Whether a route of the policy needs the memory for limits: one that has rate limits, or any, if
/// failed attempts are limited. Without that memory its requests are denied with
/// TOLLGATE_REASON_LIMITS_UNAVAILABLE, so a host may refuse the policy before it is in force.
///
/// @param policy  from tollgate_policy_load()
/// @param needs   gets 1 or 0
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_needs_limits(
    policy: *const Policy,
    needs: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(needs)?;
        out.set(u32::from(call.handle(policy)?.shared.needs_limits()));
        Ok(())
    })
}

/// How many routes the policy has.
///
/// @param policy  from tollgate_policy_load()
/// @param count   gets the number
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_route_count(
    policy: *const Policy,
    count: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut count = call.out(count)?;
        count.set(call.handle(policy)?.shared.route_names().count());
        Ok(())
    })
}

/// The name of a route of the policy.
///
/// @param policy  from tollgate_policy_load()
/// @param index   which route, from 0, in the order of the document
/// @param name    gets the name, which the policy owns: it is there until tollgate_policy_free().
///                No NUL ends it
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_route_name(
    policy: *const Policy,
    index: usize,
    name: *mut Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(name)?;
        let name = call.handle(policy)?.shared.route_names().nth(index);
        let name = name.ok_or(Status::InvalidArgument)?;
        out.set(Bytes::new(name.as_ptr(), name.len()));
        Ok(())
    })
}

/// Whether a route is a token endpoint: its requests go to tollgate_gate_token().
///
/// @param policy  from tollgate_policy_load()
/// @param route   the name of the route
/// @param issues  gets 1 or 0
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if the policy has no such route
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_policy_route_issues_tokens(
    policy: *const Policy,
    route: Bytes,
    issues: *mut u32,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(issues)?;
        let name = core::str::from_utf8(call.bytes(route)?).map_err(|_| Status::InvalidArgument)?;
        let issues = call.handle(policy)?.shared.route_issues_tokens(name);
        out.set(u32::from(issues.ok_or(Status::InvalidArgument)?));
        Ok(())
    })
}
