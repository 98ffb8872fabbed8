//! The head of a table in memory that the host hands in: what the memory is, how it is laid out,
//! and the key of its hashes.
//!
//! ```text
//! word  0       magic and version of the layout, written last
//!       1, 2    two counts
//!       3, 4    the key
//!       5       checksum of words 1 to 4
//!       6..16   zero
//! ```

use core::fmt;

use super::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

const VERSION: u64 = 2;
/// The words of the header.
pub(super) const HEADER_WORDS: usize = 16;

/// Why memory could not be made a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitError {
    /// The memory has to have `needed` words.
    TooShort {
        /// The words that the table takes.
        needed: usize,
    },
    /// No memory is large enough for so many.
    TooMany,
}

/// Why memory could not be used as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachError {
    /// The memory has to have `needed` words.
    TooShort {
        /// The words that the table takes.
        needed: usize,
    },
    /// The memory was never initialised, or holds something else.
    NotATable,
    /// Another version of this library laid out the memory.
    OtherVersion {
        /// The version of the layout.
        found: u64,
    },
    /// Another version of this library, with other reasons, counts in the memory.
    OtherReasons,
    /// The header was overwritten.
    Corrupt,
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed } => write_too_short(f, *needed),
            Self::TooMany => f.write_str("no memory holds so many; ask for fewer"),
        }
    }
}

impl fmt::Display for AttachError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed } => write_too_short(f, *needed),
            Self::NotATable => f.write_str("the memory holds no such table; initialise it"),
            Self::OtherVersion { found } => {
                write!(f, "the table has layout {found}, not {VERSION}; initialise it anew")
            }
            Self::OtherReasons => {
                f.write_str("the table counts other reasons than this version; initialise it anew")
            }
            Self::Corrupt => {
                f.write_str("the header of the table was overwritten; initialise it anew")
            }
        }
    }
}

fn write_too_short(f: &mut fmt::Formatter<'_>, needed: usize) -> fmt::Result {
    write!(f, "the memory is too short: give it {needed} words of 8 bytes")
}

impl core::error::Error for InitError {}
impl core::error::Error for AttachError {}

/// Words 1 to 4 of a table.
#[derive(Clone, Copy)]
pub(super) struct Header {
    /// Two numbers that say how the table is laid out.
    pub(super) counts: [u64; 2],
    /// The key of the hashes.
    pub(super) key: [u8; 16],
}

impl Header {
    /// Writes the header and zeros over `table`; the word that makes it a table comes last.
    pub(super) fn write(&self, magic: u64, table: &[AtomicU64]) {
        let Some((first, rest)) = table.split_first() else { return };
        first.store(0, Relaxed);
        let values = self.words().into_iter().chain(core::iter::repeat(0));
        for (word, value) in rest.iter().zip(values) {
            word.store(value, Relaxed);
        }
        first.store(magic | VERSION, Release);
    }

    /// The words behind the magic.
    fn words(&self) -> [u64; 5] {
        let (low, high) = halves(&self.key);
        let [first, second] = self.counts;
        [first, second, low, high, self.checksum()]
    }

    /// What words 1 to 4 come to: a word that was overwritten by accident shows, for the factors
    /// are odd. It takes a few cycles, as some tables are attached to at every use.
    fn checksum(&self) -> u64 {
        const FACTORS: [u64; 4] = [
            0x9e37_79b9_7f4a_7c15,
            0xbf58_476d_1ce4_e5b9,
            0x94d0_49bb_1331_11eb,
            0xd6e8_feb8_6659_fd93,
        ];
        let (low, high) = halves(&self.key);
        let [first, second] = self.counts;
        let products = [first, second, low, high].into_iter().zip(FACTORS);
        products.fold(u64::MAX, |sum, (word, factor)| sum.wrapping_add(word.wrapping_mul(factor)))
    }

    /// The header of the table with this magic.
    pub(super) fn read(magic: u64, words: &[AtomicU64]) -> Result<Self, AttachError> {
        let header = words.first_chunk().ok_or(AttachError::TooShort { needed: HEADER_WORDS })?;
        let [kind, first, second, low, high, checksum]: &[AtomicU64; 6] = header;
        match kind.load(Acquire) ^ magic {
            VERSION => {}
            found @ 0..=0xff => return Err(AttachError::OtherVersion { found }),
            _ => return Err(AttachError::NotATable),
        }
        let key = whole(low.load(Relaxed), high.load(Relaxed));
        let header = Self { counts: [first.load(Relaxed), second.load(Relaxed)], key };
        match header.checksum() == checksum.load(Relaxed) {
            true => Ok(header),
            false => Err(AttachError::Corrupt),
        }
    }
}

/// How many buckets there are for so many, if each is meant for `each`; at least one.
pub(super) const fn buckets(many: usize, each: usize) -> usize {
    match many.div_ceil(each) {
        0 => 1,
        buckets => buckets,
    }
}

/// The words of a table with so many buckets of `N` words; `None` if no memory is that large, or
/// there are more buckets than a hash can pick from.
pub(super) const fn table_words<const N: usize>(buckets: usize) -> Option<usize> {
    if buckets > u32::MAX as usize {
        return None;
    }
    match buckets.checked_mul(N) {
        Some(words) => words.checked_add(HEADER_WORDS),
        None => None,
    }
}

/// The buckets behind the header, as many as it says.
pub(super) fn table_buckets<const N: usize>(
    words: &[AtomicU64],
    count: usize,
) -> Result<&[[AtomicU64; N]], AttachError> {
    let needed = table_words::<N>(count).ok_or(AttachError::Corrupt)?;
    let (buckets, _) = words.get(HEADER_WORDS..).unwrap_or(&[]).as_chunks();
    buckets.get(..count).ok_or(AttachError::TooShort { needed })
}

/// The key as two words.
const fn halves(key: &[u8; 16]) -> (u64, u64) {
    let key = u128::from_le_bytes(*key);
    (key as u64, (key >> 64) as u64)
}

/// The key of two words.
const fn whole(low: u64, high: u64) -> [u8; 16] {
    ((high as u128) << 64 | low as u128).to_le_bytes()
}
