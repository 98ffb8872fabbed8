//! Objects in which a name may stand once, as RFC 7515 section 4 and RFC 7519 section 4 have it
//! for the header and the claims of a token.

use super::{JsonString, Malformed, Value, read_members_within};

/// The deepest nesting that is read.
const MAX_DEPTH: u8 = 8;

/// The most members of the object; more could not be told apart without an allocator.
const MAX_MEMBERS: usize = 32;

/// The most members of an object that is only checked.
const MAX_CHECKED: usize = 128;

/// Gives every member of the object that `text` is to `visit`, in order. A name that occurs twice
/// is refused, however it is escaped, and so are more than [`MAX_MEMBERS`].
pub(crate) fn read_unique_members<'a>(
    text: &'a [u8],
    visit: impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    read_up_to::<MAX_MEMBERS>(text, MAX_DEPTH, visit)
}

/// Whether `text` is an object of at most [`MAX_CHECKED`] members in which no name occurs twice.
pub(crate) fn check_unique_members(text: &[u8]) -> Result<(), Malformed> {
    read_up_to::<MAX_CHECKED>(text, super::MAX_DEPTH, |_, _| Ok(()))
}

fn read_up_to<'a, const MOST: usize>(
    text: &'a [u8],
    deepest: u8,
    mut visit: impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut seen: [Option<JsonString<'a>>; MOST] = [None; MOST];
    read_members_within(text, deepest, |name, value| {
        for slot in &mut seen {
            match slot {
                Some(earlier) if earlier.means_same(name) => return Err(Malformed),
                Some(_) => {}
                None => {
                    *slot = Some(name);
                    return visit(name, value);
                }
            }
        }
        Err(Malformed)
    })
}
