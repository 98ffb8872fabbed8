//! Objects in which a name may stand once, as RFC 7515 section 4 and RFC 7519 section 4 have it
//! for the header and the claims of a token.

use super::{JsonString, Malformed, Value, read_members_within};

/// The deepest nesting that is read.
const MAX_DEPTH: u8 = 8;

/// The most members of the object; more could not be told apart without an allocator.
const MAX_MEMBERS: usize = 32;

/// Gives every member of the object that `text` is to `visit`, in order. A name that occurs twice
/// is refused, however it is escaped, and so are more than [`MAX_MEMBERS`].
pub(crate) fn read_unique_members<'a>(
    text: &'a [u8],
    mut visit: impl FnMut(JsonString<'a>, Value<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut seen: [Option<JsonString<'a>>; MAX_MEMBERS] = [None; MAX_MEMBERS];
    read_members_within(text, MAX_DEPTH, |name, value| {
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
