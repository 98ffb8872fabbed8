//! Sets of networks, read-only once they are built.

use core::fmt;
use core::net::IpAddr;

use super::bits::{Bits, Block};
use super::{Network, fold};

#[cfg(feature = "alloc")]
mod ranges;

#[cfg(feature = "alloc")]
pub use ranges::RangeSet;

/// Networks that an address may be in. An empty set contains nothing.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "the small set is the common one, and its place is beside the credential"
)]
pub enum NetworkSet {
    /// Up to eight of each family, held inline.
    Small(SmallSet),
    /// Any number.
    #[cfg(feature = "alloc")]
    Ranges(RangeSet),
}

impl NetworkSet {
    /// The set of these networks, held inline if they are few.
    #[cfg(feature = "alloc")]
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let networks: alloc::vec::Vec<Network> = networks.into_iter().collect();
        match SmallSet::new(networks.iter().copied()) {
            Some(small) => Self::Small(small),
            None => Self::Ranges(RangeSet::new(networks)),
        }
    }

    /// Whether `address`, folded, is in one of the networks.
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        match self {
            Self::Small(set) => set.contains(address),
            #[cfg(feature = "alloc")]
            Self::Ranges(set) => set.contains(address),
        }
    }

    /// The number of networks that the set was built from.
    pub const fn networks(&self) -> usize {
        match self {
            Self::Small(set) => set.networks(),
            #[cfg(feature = "alloc")]
            Self::Ranges(set) => set.networks(),
        }
    }
}

/// Up to eight networks of each family, held inline: 336 bytes on a 64-bit machine. Asking takes the same steps
/// however many there are and wherever the address is.
#[derive(Clone, Copy)]
pub struct SmallSet {
    v4: Slots<u32>,
    v6: Slots<u128>,
    networks: u8,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<SmallSet>() == 336);

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

    /// Whether `address`, folded, is in one of the networks.
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        match fold(address) {
            IpAddr::V4(v4) => self.v4.contains(v4.to_bits()),
            IpAddr::V6(v6) => self.v6.contains(v6.to_bits()),
        }
    }

    /// The number of networks that the set was built from.
    pub const fn networks(&self) -> usize {
        self.networks as usize
    }
}

impl fmt::Debug for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v4 = self.v4.used().map(|block| Network { v4: Some(block), v6: None });
        let v6 = self.v6.used().map(|block| Network { v4: None, v6: Some(block) });
        f.debug_set().entries(v4.chain(v6)).finish()
    }
}

/// Blocks of one family, net and mask in arrays of their own so that one step compares several.
#[derive(Clone, Copy)]
struct Slots<T> {
    nets: [T; SmallSet::CAPACITY],
    masks: [T; SmallSet::CAPACITY],
}

impl<T: Bits> Slots<T> {
    const EMPTY: Self = Self {
        nets: [Block::<T>::NONE.net; SmallSet::CAPACITY],
        masks: [Block::<T>::NONE.mask; SmallSet::CAPACITY],
    };

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
