//! The memory of messages that were taken, which the host hands in.

use core::ffi::c_void;

use super::boundary::{Bytes, Call};
use super::limits::Fill;
use super::status::Status;
use crate::limit::replay::{Memory, init, size_words};

/// The size of the memory for messages that were taken.
///
/// @param messages  how many messages may be taken within one window of tollgate_replay_init(): the
///                  rate times the window. While a credential has several secrets, a message of a
///                  scheme without an id counts once for each of them. About 146 bytes each, in
///                  which there is room for those of the window before
/// @param size      gets the number of bytes
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if no memory is so large
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_replay_size(messages: usize, size: *mut usize) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(size)?;
        let words = size_words(messages).ok_or(Status::InvalidArgument)?;
        out.set(words.checked_mul(8).ok_or(Status::InvalidArgument)?);
        Ok(())
    })
}

/// Makes memory ready for messages that are taken. It may be private memory, or memory that
/// several processes share: then one of them makes it ready before any other attaches it. What it
/// held is lost: messages that were taken before pass once more as long as they are fresh.
///
/// @param memory     `size` bytes, aligned to 64; only written
/// @param size       at least what tollgate_replay_size() gives for the same number
/// @param messages   as for tollgate_replay_size()
/// @param window_ms  how long a message is remembered at least, in milliseconds:
///                   tollgate_policy_replay_window() says what a policy needs. At most twice that
///                   is remembered. It counts as one second if it is less
/// @param seed       16 bytes that nobody outside can guess, from the operating system's random
///                   numbers: with it the places in the memory cannot be chosen
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory is too small or misaligned
///
/// Nothing else may use the memory during the call. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_replay_init(
    memory: *mut c_void,
    size: usize,
    messages: usize,
    window_ms: u64,
    seed: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let seed = <[u8; 16]>::try_from(call.bytes(seed)?).map_err(|_| Status::InvalidArgument)?;
        let words = call.shared_words(memory, size)?;
        init(words, messages, window_ms, seed).map_err(|_| Status::BadMemory)
    })
}

/// How full the replay memory is: the messages of one window, which is the present one or the one
/// before, whichever has more. What was taken in a window takes its room until the next one is over,
/// also if it was released.
///
/// A third of the memory is read, which takes about 5 ns for each message of its room: ask now and
/// then, not with each request.
///
/// @param memory    `size` bytes, made ready with tollgate_replay_init(); only read
/// @param size      as for tollgate_replay_init()
/// @param unix_ms   the time, by the clock that requests go by
/// @param messages  gets the messages; its `room` is for one window
/// @return TOLLGATE_STATUS_BAD_MEMORY if the memory was not made ready by this version, or is too
///         small or misaligned
///
/// Others may use the memory at the same time. May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_replay_fill(
    memory: *const c_void,
    size: usize,
    unix_ms: u64,
    messages: *mut Fill,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(messages)?;
        let words = call.observed_words(memory, size)?;
        let memory = Memory::attach(words).map_err(|_| Status::BadMemory)?;
        out.set(memory.fill(unix_ms).into());
        Ok(())
    })
}
