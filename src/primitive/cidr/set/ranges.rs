//! Any number of networks: merged to ranges that neither overlap nor touch.

use alloc::vec::Vec;
use core::net::IpAddr;

use crate::primitive::cidr::bits::{Bits, Block};
use crate::primitive::cidr::{Network, fold};

/// Any number of networks. Asking is a binary search over the ranges that they make together.
#[derive(Clone, Debug)]
pub struct RangeSet {
    v4: Boundaries<u32>,
    v6: Boundaries<u128>,
    networks: usize,
}

impl RangeSet {
    /// The set of these networks.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let networks: Vec<Network> = networks.into_iter().collect();
        Self {
            v4: Boundaries::new(networks.iter().filter_map(|network| network.v4).collect()),
            v6: Boundaries::new(networks.iter().filter_map(|network| network.v6).collect()),
            networks: networks.len(),
        }
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
        self.networks
    }

    /// The number of ranges that are left after merging.
    pub const fn ranges(&self) -> usize {
        self.v4.ranges().saturating_add(self.v6.ranges())
    }
}

/// The addresses, ascending, at which one gets into a range or out of one, by turns. A range that
/// reaches the last address has no way out.
#[derive(Clone, Debug)]
struct Boundaries<T>(Vec<T>);

impl<T: Bits> Boundaries<T> {
    fn new(mut blocks: Vec<Block<T>>) -> Self {
        blocks.sort_unstable_by_key(|block| (block.net, block.last()));
        let mut boundaries = Vec::with_capacity(blocks.len().saturating_mul(2));
        let mut blocks = blocks.into_iter().map(|block| (block.net, block.last().next()));
        let Some((first, mut end)) = blocks.next() else { return Self(boundaries) };
        boundaries.push(first);
        for (start, next_end) in blocks {
            // Behind a range without an end comes nothing that is not in it.
            let Some(so_far) = end else { break };
            if start > so_far {
                boundaries.extend([so_far, start]);
                end = next_end;
            } else if next_end.is_none_or(|next_end| next_end > so_far) {
                end = next_end;
            }
        }
        boundaries.extend(end);
        boundaries.shrink_to_fit();
        Self(boundaries)
    }

    /// Inside is where an odd number of boundaries was passed.
    #[inline]
    fn contains(&self, address: T) -> bool {
        self.0.partition_point(|&boundary| boundary <= address) & 1 == 1
    }
}

impl<T> Boundaries<T> {
    const fn ranges(&self) -> usize {
        self.0.len().div_ceil(2)
    }
}
