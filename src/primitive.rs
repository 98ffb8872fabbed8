//! The building blocks: hashes and MACs, comparison, encodings, networks. They know nothing of
//! requests, and each is usable alone.

use core::fmt;

pub(crate) mod base62;
pub mod base64;
pub mod cidr;
pub mod compare;
pub(crate) mod crc32;
pub(crate) mod cursor;
pub mod data;
pub(crate) mod decimal;
pub(crate) mod find;
pub(crate) mod form;
pub mod hashed;
pub mod hex;
pub mod hmac;
pub(crate) mod json;
pub mod jws;
pub(crate) mod lanes;
pub(crate) mod md5;
#[cfg(feature = "alloc")]
pub(crate) mod prefetch;
pub mod sha2;
pub mod sha256;
pub mod siphash;
pub(crate) mod structured;
pub mod text;
#[cfg(target_arch = "x86_64")]
pub mod upper_halves;
pub mod utf8;
#[cfg(target_arch = "x86_64")]
mod x86_64;

/// The buffer is too small; it has to hold `needed` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    /// The bytes that the whole result takes.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

/// Why encoded text ([`base64`], [`hex`]) was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// No encoding has this length.
    Length,
    /// The byte at this offset is not a symbol of the alphabet. Of several, it is the first.
    Symbol {
        /// The offset in bytes, from 0.
        at: usize,
    },
    /// The padding is missing, of the wrong length, or not wanted.
    Padding,
    /// The last symbol has bits set that no byte uses (RFC 4648 section 3.5): some other text is
    /// the encoding of these bytes.
    TrailingBits,
    /// The buffer is too small.
    BufferTooSmall {
        /// The bytes that the decoded value takes.
        needed: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Length => f.write_str("no encoded text has this length"),
            Self::Symbol { at } => write!(f, "the byte at offset {at} is not in the alphabet"),
            Self::Padding => f.write_str("the padding is missing, too much or not wanted"),
            Self::TrailingBits => f.write_str("the last symbol has unused bits set"),
            Self::BufferTooSmall { needed } => BufferTooSmall { needed }.fmt(f),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Copies as much of `from` as `to` holds and gives the number of bytes copied. Unlike
/// `copy_from_slice` it has no lengths to panic about.
#[inline]
fn copy_prefix(to: &mut [u8], from: &[u8]) -> usize {
    let length = to.len().min(from.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
    length
}

/// Copies all of `from` into `to`, from the place `at` on, and gives the place behind it. `None`,
/// and nothing is copied, if there is no room. Neither has it lengths to panic about.
#[inline]
pub(crate) fn copy_at(to: &mut [u8], at: usize, from: &[u8]) -> Option<usize> {
    to.get_mut(at..)?.get_mut(..from.len())?.copy_from_slice(from);
    at.checked_add(from.len())
}

/// Overwrites what may be secret, in one go rather than byte by byte.
#[inline]
pub(crate) fn wipe<T: Copy + Default, const N: usize>(array: &mut [T; N]) {
    *array = [T::default(); N];
    zeroize::optimization_barrier(array);
}

#[cfg(test)]
mod tests {
    use super::{copy_prefix, wipe};

    #[test]
    fn wiping_leaves_zeros() {
        let mut words = [u64::MAX; 8];
        wipe(&mut words);
        assert_eq!(words, [0; 8]);
    }

    #[test]
    fn copying_ends_with_the_shorter_one() {
        let mut to = [0; 4];
        assert_eq!(copy_prefix(&mut to, &[1, 2]), 2);
        assert_eq!(to, [1, 2, 0, 0]);
        assert_eq!(copy_prefix(&mut to, &[3; 9]), 4);
        assert_eq!(to, [3; 4]);
    }
}
