//! The name of a route as words, and back.

use super::row::{NAME_WORDS, Name};
use crate::primitive::siphash::rest_word;

/// The longest name, in bytes.
pub(super) const MAX_NAME: usize = 8 * (NAME_WORDS - 1);

impl Name {
    /// `None` for the empty name and for one that is too long.
    #[inline]
    pub(super) fn new(name: &str) -> Option<Self> {
        let length = Some(name.len()).filter(|length| (1..=MAX_NAME).contains(length))?;
        let (chunks, rest) = name.as_bytes().as_chunks::<8>();
        let rest = rest_word(rest, name.as_bytes().last_chunk());
        let bytes = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).chain([rest]);
        let mut words = [length as u64; NAME_WORDS];
        for (word, bytes) in words.iter_mut().skip(1).zip(bytes) {
            *word = !bytes;
        }
        let count = length.div_ceil(8).saturating_add(1);
        let tag = words.iter().take(count).fold(0, |hash, word| mixed(hash ^ word)).max(1);
        Some(Self { tag, words, count })
    }

    /// The first of `rows` rows in which to look for it.
    #[inline]
    pub(super) fn start(&self, rows: usize) -> usize {
        ((self.tag >> 32).wrapping_mul(rows as u64) >> 32) as usize
    }
}

/// The name that these words are, written to `room`; `None` if they are none, or not all of one.
pub(super) fn name<'r>(words: &[u64; NAME_WORDS], room: &'r mut [u8; MAX_NAME]) -> Option<&'r str> {
    let (length, words) = words.split_first()?;
    let length = usize::try_from(*length).ok()?;
    if words.iter().take(length.div_ceil(8)).any(|word| *word == 0) {
        return None;
    }
    for (bytes, word) in room.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *bytes = (!word).to_le_bytes();
    }
    core::str::from_utf8(room.get(..length)?).ok().filter(|name| !name.is_empty())
}

/// Spreads names over the rows; nothing depends on how well. The constant is 2^64 divided by the
/// golden ratio.
const fn mixed(word: u64) -> u64 {
    let spread = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ spread >> 32
}
