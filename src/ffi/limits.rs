//! The memory for rate limits and failed attempts, which the host hands in.

use core::ffi::c_void;

use super::boundary::{Bytes, Call};
use super::status::Status;
use crate::limit::{self, Table, init, size_words};

/// How full a memory is.
///
/// Entries are spread by chance: a memory takes about twice as many as it is meant for before the
/// first one finds no room. So it is time for a larger one when `used` comes near `room`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Fill {
    /// How many entries take room.
    used: u64,
    /// How many entries the memory is meant for: as many as it was made ready for, or a few more.
    room: u64,
}

impl From<limit::Fill> for Fill {
    fn from(limit::Fill { used, room }: limit::Fill) -> Self {
        Self { used, room }
    }
}

/// The size of the memory for rate limits and failed attempts.
///
/// @param credentials  how many credentials it has room for; take the number that the policy has,
///                     and what may be added while the memory lives
/// @param addresses    how many client addresses it has room for at once, those with failed
///                     attempts and those with limits of their own; 65536 suits most
/// @param size         gets the number of bytes
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_limits_size(
    credentials: usize,
    addresses: usize,
    size: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(size)?;
        let words = size_words(credentials, addresses).ok_or(Status::InvalidArgument)?;
        out.set(words.checked_mul(8).ok_or(Status::InvalidArgument)?);
        Ok(())
    })
}

/// Makes memory ready for limits. It may be private memory, or memory that several processes
/// share: then one of them makes it ready before any other attaches it. What it held is lost.
///
/// @param memory       `size` bytes, aligned to 64; only written
/// @param size         at least what tollgate_limits_size() gives for the same numbers
/// @param credentials  as for tollgate_limits_size()
/// @param addresses    as for tollgate_limits_size()
/// @param seed         16 bytes that nobody outside can guess, from the operating system's random
///                     numbers: with it the places in the memory cannot be chosen
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
///
/// Nothing else may use the memory during the call. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_limits_init(
    memory: *mut c_void,
    size: usize,
    credentials: usize,
    addresses: usize,
    seed: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let seed = <[u8; 16]>::try_from(call.bytes(seed)?).map_err(|_| Status::InvalidArgument)?;
        let words = call.shared_words(memory, size)?;
        init(words, credentials, addresses, seed).map_err(|_| Status::BadMemory)
    })
}

/// How full the memory for limits is: entries that owe something at that time. An entry is one
/// limit of a credential or an address, or the failed attempts of an address; one whose burst is
/// back takes no room.
///
/// The whole memory is read, which takes about 5 ns for each entry of its room: ask now and then,
/// not with each request.
///
/// @param memory        `size` bytes, made ready with tollgate_limits_init(); only read
/// @param size          as for tollgate_limits_init()
/// @param monotonic_ns  the time, by the clock that requests go by
/// @param credentials   gets the entries of credentials
/// @param addresses     gets the entries of addresses
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
///         small or misaligned
///
/// Others may use the memory at the same time. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_limits_fill(
    memory: *const c_void,
    size: usize,
    monotonic_ns: u64,
    credentials: *mut Fill,
    addresses: *mut Fill,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (mut first, mut second) = (call.out(credentials)?, call.out(addresses)?);
        let words = call.observed_words(memory, size)?;
        let table = Table::attach(words).map_err(|_| Status::BadMemory)?;
        let (credentials, addresses) = table.fill(monotonic_ns);
        first.set(credentials.into());
        second.set(addresses.into());
        Ok(())
    })
}
