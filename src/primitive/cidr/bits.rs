//! Addresses as numbers: what IPv4 and IPv6 have in common.

use core::ops::{BitAnd, BitOr, Not};

/// The bits of an address: `u32` for IPv4, `u128` for IPv6.
pub(super) trait Bits:
    Copy + Ord + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    /// The uppermost `prefix` bits set.
    fn mask(prefix: u8) -> Self;
    /// The number of bits that are set.
    fn count(self) -> u32;
    /// The address behind this one, unless it is the last.
    #[cfg(feature = "alloc")]
    fn next(self) -> Option<Self>;
    /// Which stretch of `1 << shift` addresses, counted from the one that begins at `first`, the
    /// address is in: the first one if it lies before all of them. `shift` is less than the number
    /// of bits.
    #[cfg(feature = "alloc")]
    fn stretch(self, first: Self, shift: u32) -> usize;
}

macro_rules! bits {
    ($($number:ty),*) => {$(
        impl Bits for $number {
            const ZERO: Self = 0;
            const ONE: Self = 1;

            fn mask(prefix: u8) -> Self {
                let host = Self::BITS.saturating_sub(u32::from(prefix));
                Self::MAX.checked_shl(host).unwrap_or(0)
            }

            fn count(self) -> u32 {
                self.count_ones()
            }

            #[cfg(feature = "alloc")]
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }

            #[cfg(feature = "alloc")]
            #[inline]
            fn stretch(self, first: Self, shift: u32) -> usize {
                let distance = self.saturating_sub(first).wrapping_shr(shift);
                usize::try_from(distance).unwrap_or(usize::MAX)
            }
        }
    )*};
}

bits!(u32, u128);

/// The addresses that agree with `net` in the bits of `mask`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block<T> {
    pub(super) net: T,
    pub(super) mask: T,
}

impl<T: Bits> Block<T> {
    /// All addresses.
    pub(super) const ALL: Self = Self { net: T::ZERO, mask: T::ZERO };

    /// A block without addresses: no bit of an address can be set where the mask has none.
    pub(super) const NONE: Self = Self { net: T::ONE, mask: T::ZERO };

    /// The block that begins at `address`, or, if none of this size does, the first address of
    /// the block around it.
    pub(super) fn new(address: T, prefix: u8) -> Result<Self, T> {
        let mask = T::mask(prefix);
        let net = address & mask;
        if net == address { Ok(Self { net, mask }) } else { Err(net) }
    }

    #[inline]
    pub(super) fn contains(self, address: T) -> bool {
        address & self.mask == self.net
    }

    pub(super) fn prefix(self) -> u32 {
        self.mask.count()
    }

    /// Its last address; the first one is `net`.
    #[cfg(feature = "alloc")]
    pub(super) fn last(self) -> T {
        self.net | !self.mask
    }
}
