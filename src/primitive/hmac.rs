//! HMAC-SHA256 and HMAC-SHA512 (RFC 2104) with prepared keys.
//!
//! A key is hashed once, when it is prepared: what is kept are the two hash states that every
//! computation under it begins with. Computing or verifying a tag never touches the key again.
//!
//! Tags are never truncated: a tag of another length than the digest does not match.

use core::{fmt, slice};

use super::compare::equal_arrays;
use super::sha2::{Sha2, Word};
use super::{copy_prefix, wipe};

mod batch;

pub use batch::{Item, mac_batch, mac_batch_on, verify_batch, verify_batch_on};

/// A prepared HMAC-SHA256 key: 64 bytes.
pub type HmacSha256Key = HmacKey<u32, 64, 32>;

/// A prepared HMAC-SHA512 key: 128 bytes.
pub type HmacSha512Key = HmacKey<u64, 128, 64>;

/// A streaming HMAC-SHA256 computation: 136 bytes.
pub type HmacSha256 = Hmac<u32, 64, 32>;

/// A streaming HMAC-SHA512 computation: 264 bytes.
pub type HmacSha512 = Hmac<u64, 128, 64>;

const _: () = assert!(size_of::<HmacSha256Key>() == 64 && size_of::<HmacSha512Key>() == 128);
const _: () = assert!(size_of::<HmacSha256>() == 136 && size_of::<HmacSha512>() == 264);

/// The tag does not belong to the message under this key. There is nothing more to say: where
/// it differs is no one's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tag does not match")
    }
}

impl core::error::Error for Mismatch {}

/// A prepared key: the hash states after the inner and after the outer padded key. It is
/// overwritten when it is dropped.
#[derive(Clone)]
#[repr(C)]
pub struct HmacKey<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> {
    inner: [W; 8],
    outer: [W; 8],
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> HmacKey<W, BLOCK, DIGEST> {
    /// Prepares `key`, of any length. A key longer than a block counts as its digest
    /// (RFC 2104 section 2).
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if key.len() > BLOCK {
            let mut digest = W::digest(&W::INITIAL, key, key.len() as u64);
            copy_prefix(&mut block, &digest);
            wipe(&mut digest);
        } else {
            copy_prefix(&mut block, key);
        }
        let prepared = Self { inner: midstate(&block, 0x36), outer: midstate(&block, 0x5c) };
        wipe(&mut block);
        prepared
    }

    /// Begins a message that arrives in pieces.
    #[inline]
    pub fn start(&self) -> Hmac<W, BLOCK, DIGEST> {
        Hmac { message: Sha2::resume(self.inner, BLOCK as u64), outer: self.outer }
    }

    /// The tag of `message`.
    #[inline]
    pub fn mac(&self, message: &[u8]) -> [u8; DIGEST] {
        let length = (BLOCK as u64).wrapping_add(message.len() as u64);
        W::tag(&self.inner, &self.outer, message, length)
    }

    /// Whether `tag` is the tag of `message`, decided in a time that does not depend on where
    /// they differ.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] if it is not, or if it is not exactly `DIGEST` bytes long.
    #[inline]
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> Result<(), Mismatch> {
        let tag = tag.try_into().map_err(|_| Mismatch)?;
        same_tag(self.mac(message), tag)
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> fmt::Debug
    for HmacKey<W, BLOCK, DIGEST>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hmac{}Key(..)", W::HASH)
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Drop
    for HmacKey<W, BLOCK, DIGEST>
{
    fn drop(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

/// The computation of one tag over a message that arrives in pieces. Every bit pattern of it is
/// a usable state, as with [`Sha2`], and it is overwritten when it is dropped.
#[derive(Clone)]
#[repr(C)]
pub struct Hmac<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> {
    message: Sha2<W, BLOCK, DIGEST>,
    outer: [W; 8],
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Hmac<W, BLOCK, DIGEST> {
    /// Absorbs the next piece of the message. How it is cut does not change its tag.
    #[inline]
    pub fn update(&mut self, piece: &[u8]) {
        self.message.update(piece);
    }

    /// The tag of the message.
    #[inline]
    pub fn finish(self) -> [u8; DIGEST] {
        self.tag()
    }

    /// The tag of the message so far.
    #[inline]
    pub(crate) fn tag(&self) -> [u8; DIGEST] {
        self.message.tag(&self.outer)
    }

    /// Whether `tag` is the tag of the message, decided in a time that does not depend on where
    /// they differ.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] if it is not, or if it is not exactly `DIGEST` bytes long.
    #[inline]
    pub fn verify(self, tag: &[u8]) -> Result<(), Mismatch> {
        let tag = tag.try_into().map_err(|_| Mismatch)?;
        same_tag(self.finish(), tag)
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> fmt::Debug
    for Hmac<W, BLOCK, DIGEST>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hmac{}(..)", W::HASH)
    }
}

impl<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize> Drop
    for Hmac<W, BLOCK, DIGEST>
{
    fn drop(&mut self) {
        wipe(&mut self.outer);
    }
}

/// The hash state after the key block, every byte of it xored with `pad`.
fn midstate<W: Word<BLOCK, DIGEST>, const BLOCK: usize, const DIGEST: usize>(
    key: &[u8; BLOCK],
    pad: u8,
) -> [W; 8] {
    let mut words = W::INITIAL;
    let mut padded = key.map(|byte| byte ^ pad);
    W::compress(&mut words, slice::from_ref(&padded));
    wipe(&mut padded);
    words
}

/// Compares the tag that was computed with the one that was presented. The computed one would
/// be a forger's prize, so it does not stay in memory.
#[inline]
fn same_tag<const N: usize>(mut computed: [u8; N], presented: &[u8; N]) -> Result<(), Mismatch> {
    let same = equal_arrays(&computed, presented);
    wipe(&mut computed);
    if same { Ok(()) } else { Err(Mismatch) }
}
