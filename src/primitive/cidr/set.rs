//! Sets of networks, read-only once they are built.

use core::fmt;
use core::net::IpAddr;

use super::Network;
use super::address::Folded;
use super::bits::{Bits, Block};

#[cfg(feature = "alloc")]
mod any;
#[cfg(feature = "alloc")]
mod boundaries;
#[cfg(feature = "alloc")]
mod many;
#[cfg(feature = "alloc")]
mod ranges;

#[cfg(feature = "alloc")]
pub use any::NetworkSet;
#[cfg(feature = "alloc")]
pub use ranges::RangeSet;

/// Up to eight networks of each family, held inline: at most 336 bytes. Asking takes
/// the same steps however many there are and wherever the address is.
#[derive(Clone, Copy)]
pub struct SmallSet {
    v4: Slots<u32, { Self::CAPACITY }>,
    v6: Slots<u128, { Self::CAPACITY }>,
    networks: u8,
}

// Without gaps, but for what `u128` is aligned to: 16 bytes on most processors, 8 on s390x.
const _: () = assert!(size_of::<SmallSet>() == 320 + align_of::<u128>());

impl SmallSet {
    /// The most networks of one family that fit.
    pub const CAPACITY: usize = 8;

    /// The set that contains nothing.
    pub const EMPTY: Self = Self { v4: Slots::EMPTY, v6: Slots::EMPTY, networks: 0 };

    /// The set of these networks, or `None` if there are more than [`Self::CAPACITY`] of one
    /// family. `any` is one of each.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Option<Self> {
        let mut set = Self::EMPTY;
        for network in networks {
            if let Some(block) = network.v4 {
                set.v4.insert(block)?;
            }
            if let Some(block) = network.v6 {
                set.v6.insert(block)?;
            }
            set.networks = set.networks.saturating_add(1);
        }
        Some(set)
    }

    /// The same of networks by family.
    #[cfg(feature = "alloc")]
    fn of(blocks: &ranges::Blocks) -> Option<Self> {
        let (v4, v6) = (Slots::of(&blocks.v4)?, Slots::of(&blocks.v6)?);
        Some(Self { v4, v6, networks: u8::try_from(blocks.networks).ok()? })
    }

    /// Whether `address`, folded, is in one of the networks.
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        match Folded::of(address) {
            Folded::V4(bits) => self.contains_v4(bits),
            Folded::V6(bits) => self.contains_v6(bits),
        }
    }

    #[inline]
    fn contains_v4(&self, bits: u32) -> bool {
        self.v4.contains(bits)
    }

    #[inline]
    fn contains_v6(&self, bits: u128) -> bool {
        self.v6.contains(bits)
    }

    /// The number of networks that the set was built from.
    pub const fn networks(&self) -> usize {
        self.networks as usize
    }
}

impl fmt::Debug for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = self.v6.used().map(|block| Network { v4: None, v6: Some(block) });
        f.debug_set().entries(self.v4.networks().chain(v6)).finish()
    }
}

/// Blocks of one family, net and mask in arrays of their own so that one step compares several.
#[derive(Clone, Copy)]
struct Slots<T, const N: usize> {
    nets: [T; N],
    masks: [T; N],
}

impl<T: Bits, const N: usize> Slots<T, N> {
    const EMPTY: Self = Self { nets: [Block::<T>::NONE.net; N], masks: [Block::<T>::NONE.mask; N] };

    /// These blocks, or `None` if they are too many.
    #[cfg(feature = "alloc")]
    fn of(blocks: &[Block<T>]) -> Option<Self> {
        let mut slots = Self::EMPTY;
        blocks.iter().try_for_each(|block| slots.insert(*block))?;
        Some(slots)
    }

    fn insert(&mut self, block: Block<T>) -> Option<()> {
        let free = self.blocks().position(|block| block == Block::NONE)?;
        *self.nets.get_mut(free)? = block.net;
        *self.masks.get_mut(free)? = block.mask;
        Some(())
    }

    fn blocks(&self) -> impl Iterator<Item = Block<T>> {
        self.nets.iter().zip(&self.masks).map(|(&net, &mask)| Block { net, mask })
    }

    fn used(&self) -> impl Iterator<Item = Block<T>> {
        self.blocks().filter(|block| *block != Block::NONE)
    }

    /// No early end: eight comparisons cost less than a branch that goes wrong.
    #[inline]
    fn contains(&self, address: T) -> bool {
        self.blocks().fold(false, |found, block| found | block.contains(address))
    }
}

impl<const N: usize> Slots<u32, N> {
    fn networks(&self) -> impl Iterator<Item = Network> {
        self.used().map(|block| Network { v4: Some(block), v6: None })
    }
}
