//! Any number of networks: merged to ranges that neither overlap nor touch.

use alloc::vec::Vec;
use core::net::IpAddr;

use super::boundaries::Boundaries;
use crate::primitive::cidr::Network;
use crate::primitive::cidr::address::Folded;
use crate::primitive::cidr::bits::Block;

/// Any number of networks. Asking costs two accesses to memory, and at worst a binary search over
/// the ranges that the networks make together. A network takes at most 16 bytes if it is of IPv4
/// and 40 if it is of IPv6, less where neighbours are merged.
#[derive(Clone, Debug)]
pub struct RangeSet {
    pub(super) v4: Boundaries<u32>,
    pub(super) v6: Boundaries<u128>,
    networks: usize,
}

/// Networks by family.
pub(super) struct Blocks {
    pub(super) v4: Vec<Block<u32>>,
    pub(super) v6: Vec<Block<u128>>,
    /// How many networks they make.
    pub(super) networks: usize,
}

impl Blocks {
    pub(super) fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let mut blocks = Self { v4: Vec::new(), v6: Vec::new(), networks: 0 };
        for network in networks {
            blocks.v4.extend(network.v4);
            blocks.v6.extend(network.v6);
            blocks.networks = blocks.networks.saturating_add(1);
        }
        blocks
    }
}

impl RangeSet {
    /// The set of these networks.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        Self::of(Blocks::new(networks))
    }

    pub(super) fn of(Blocks { v4, v6, networks }: Blocks) -> Self {
        Self { v4: Boundaries::new(v4), v6: Boundaries::new(v6), networks }
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
    pub(super) fn contains_v4(&self, bits: u32) -> bool {
        self.v4.contains(bits)
    }

    #[inline]
    pub(super) fn contains_v6(&self, bits: u128) -> bool {
        self.v6.contains(bits)
    }

    /// The number of networks that the set was built from.
    pub const fn networks(&self) -> usize {
        self.networks
    }

    /// The number of ranges that are left after merging.
    pub const fn ranges(&self) -> usize {
        self.v4.ranges().saturating_add(self.v6.ranges())
    }

    /// The bytes that it takes on the heap.
    pub fn memory(&self) -> usize {
        self.v4.memory().saturating_add(self.v6.memory())
    }
}
