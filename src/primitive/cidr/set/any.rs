//! A set of networks that takes the form that suits their number.

use alloc::boxed::Box;
use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ranges::Blocks;
use super::{RangeSet, Slots, SmallSet};
use crate::primitive::cidr::Network;
use crate::primitive::cidr::address::Folded;
use crate::primitive::prefetch::prefetch;

/// Networks that an address may be in. An empty set contains nothing.
///
/// The set itself takes 40 bytes on a 64-bit machine, and holds up to four networks of IPv4. More
/// of them, and networks of IPv6, are kept apart: as a [`SmallSet`] while they fit, and as a
/// [`RangeSet`] from there on.
#[derive(Clone)]
pub struct NetworkSet {
    form: Form,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Option<NetworkSet>>() == 40);

/// How the networks are held.
#[derive(Clone)]
pub(super) enum Form {
    /// Inline, and their number.
    Few(Slots<u32, FEW>, u8),
    Small(Box<SmallSet>),
    Ranges(Box<RangeSet>),
}

/// How many networks of IPv4 are held inline.
pub(super) const FEW: usize = 4;

impl NetworkSet {
    /// The set that contains nothing.
    pub const EMPTY: Self = Self { form: Form::Few(Slots::EMPTY, 0) };

    /// The set of these networks.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let blocks = Blocks::new(networks);
        let form = match (few(&blocks), SmallSet::of(&blocks)) {
            (Some(few), _) => few,
            (None, Some(small)) => Form::Small(Box::new(small)),
            (None, None) => Form::Ranges(Box::new(RangeSet::of(blocks))),
        };
        Self { form }
    }

    /// How they are held.
    #[inline]
    pub(super) const fn form(&self) -> &Form {
        &self.form
    }

    /// Whether `address`, folded, is in one of the networks.
    #[inline]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.contains_v4(address),
            IpAddr::V6(address) => self.contains_v6(address),
        }
    }

    /// Whether `address` is in one of the networks. Who knows the family asks this: an [`IpAddr`]
    /// is put together in memory, byte by byte, and read again in words, which processors wait for.
    #[inline]
    pub fn contains_v4(&self, address: Ipv4Addr) -> bool {
        let bits = address.to_bits();
        match &self.form {
            Form::Few(slots, _) => slots.contains(bits),
            Form::Small(set) => set.contains_v4(bits),
            Form::Ranges(set) => set.contains_v4(bits),
        }
    }

    /// As [`contains_v4`](Self::contains_v4), of an address that is folded.
    #[inline]
    pub fn contains_v6(&self, address: Ipv6Addr) -> bool {
        let bits = match Folded::of_v6(address) {
            Folded::V4(bits) => return self.contains_v4(Ipv4Addr::from_bits(bits)),
            Folded::V6(bits) => bits,
        };
        match &self.form {
            Form::Few(..) => false,
            Form::Small(set) => set.contains_v6(bits),
            Form::Ranges(set) => set.contains_v6(bits),
        }
    }

    /// Asks for the memory in which an address of IPv4 is looked up, if it is little.
    #[inline]
    pub(crate) fn prefetch(&self) {
        if let Form::Small(set) = &self.form {
            prefetch(&set.v4);
        }
    }

    /// The number of networks that the set was built from.
    pub const fn networks(&self) -> usize {
        match &self.form {
            Form::Few(_, networks) => *networks as usize,
            Form::Small(set) => set.networks(),
            Form::Ranges(set) => set.networks(),
        }
    }

    /// The bytes that it takes on the heap, beside its own size.
    pub fn memory(&self) -> usize {
        match &self.form {
            Form::Few(..) => 0,
            Form::Small(_) => size_of::<SmallSet>(),
            Form::Ranges(set) => size_of::<RangeSet>().saturating_add(set.memory()),
        }
    }
}

/// The networks inline; `None` if they are too many, or one is of IPv6.
fn few(blocks: &Blocks) -> Option<Form> {
    let slots = Slots::of(&blocks.v4)?;
    blocks.v6.is_empty().then_some(Form::Few(slots, u8::try_from(blocks.networks).ok()?))
}

impl fmt::Debug for NetworkSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Few(slots, _) => f.debug_set().entries(slots.networks()).finish(),
            Form::Small(set) => set.fmt(f),
            Form::Ranges(set) => set.fmt(f),
        }
    }
}
