//! Many HMAC-SHA256 tags in one call.

use super::HmacSha256Key;
use crate::ffi::boundary::{Bytes, Call, OutArray, Plain};
use crate::ffi::status::Status;
use crate::primitive::hmac::{Item, verify_batch};

/// A tag that may be that of a message under a key.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct HmacSha256Item {
    /// From tollgate_hmac_sha256_key_init(); many items may have the same.
    key: *const HmacSha256Key,
    /// The message.
    message: Bytes,
    /// What came with it. A tag is 32 bytes long and never cut; another length never matches.
    tag: Bytes,
}

// SAFETY: a pointer, which is looked at by `Call::held` alone, and lent bytes.
unsafe impl Plain for HmacSha256Item {}

/// Decides of many tags whether each is that of its message. Messages are hashed several at once:
/// the more there are, the less time each takes. How long that is depends neither on a key nor on
/// where tags differ.
///
/// @param items    `count` of them, in any order and of any lengths; they are read, and what they
///                 point to
/// @param count    how many there are; of 0 items all match
/// @param results  gets `count` bytes, one for each item: 1 if its tag matches, else 0. All are 0
///                 first thing, and after any status but the two below
/// @return TOLLGATE_STATUS_OK if all match, TOLLGATE_STATUS_MISMATCH if one does not or has another
///         length. A NULL in one item is TOLLGATE_STATUS_NULL_POINTER, and nothing is decided
///
/// May be called from any thread, by any number of them with the same keys.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_hmac_sha256_verify_batch(
    items: *const HmacSha256Item,
    count: usize,
    results: *mut u8,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut results = call.out_array(results, count)?;
        results.fill(0);
        verify(&call, call.slice(items, count)?, &mut results)
    })
}

/// Items that are verified together: room for many takes time to be filled.
const MANY: usize = 64;
const FEW: usize = 4;

fn verify(
    call: &Call,
    items: &[HmacSha256Item],
    results: &mut OutArray<'_, u8>,
) -> Result<(), Status> {
    // Nothing is decided before everything is known to be readable. What is verified in one go is
    // read as a whole first.
    for item in items.iter().skip(MANY) {
        read(call, item)?;
    }
    // By itself, and not in the results of the calls: the answer is looked at only to be given.
    let mut all = true;
    if items.len() <= FEW {
        verify_chunks::<FEW>(call, items, results, &mut all)?;
    } else {
        verify_chunks::<MANY>(call, items, results, &mut all)?;
    }
    if all { Ok(()) } else { Err(Status::Mismatch) }
}

fn verify_chunks<const TOGETHER: usize>(
    call: &Call,
    items: &[HmacSha256Item],
    results: &mut OutArray<'_, u8>,
    all: &mut bool,
) -> Result<(), Status> {
    for (chunk, items) in items.chunks(TOGETHER).enumerate() {
        verify_together::<TOGETHER>(call, items, |at, matches| {
            let index = chunk.saturating_mul(TOGETHER).saturating_add(at);
            results.set(index, u8::from(matches));
            *all &= matches;
        })?;
    }
    Ok(())
}

/// Verifies at most `TOGETHER` items. Each answer goes to `decided` when all are known.
fn verify_together<const TOGETHER: usize>(
    call: &Call,
    items: &[HmacSha256Item],
    mut decided: impl FnMut(usize, bool),
) -> Result<(), Status> {
    let Some(first) = items.first() else { return Ok(()) };
    let mut room = [read(call, first)?; TOGETHER];
    for (to, from) in room.iter_mut().zip(items) {
        *to = read(call, from)?;
    }
    let mut results = [false; TOGETHER];
    // What it says of all of them is what the results say.
    let _ = verify_batch(room.get(..items.len()).unwrap_or_default(), &mut results);
    for (at, matches) in results.iter().take(items.len()).enumerate() {
        decided(at, *matches);
    }
    Ok(())
}

fn read<'c>(call: &'c Call, item: &HmacSha256Item) -> Result<Item<'c>, Status> {
    let (key, message) = (call.held(item.key)?, call.bytes(item.message)?);
    Ok(Item { key, message, tag: call.bytes(item.tag)? })
}
