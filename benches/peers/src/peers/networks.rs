//! Sets of networks, each built from the text of a list.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ptr::null_mut;

use ip_network::IpNetwork;
use ip_network_table::IpNetworkTable;
use ipnet::{Ipv4Net, Ipv6Net};
use iptrie::{IpPrefix, Ipv4RTrieSet, Ipv6RTrieSet};
use prefix_trie::PrefixSet;
use rand::Rng;
use rand::rngs::StdRng;

use crate::harness::Contender;
use crate::tollgate::{
    bytes, tollgate_networks_contain, tollgate_networks_contain_many, tollgate_networks_load,
};

/// A family of addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Kind {
    /// As it stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::V4 => "v4",
            Self::V6 => "v6",
        }
    }

    fn bits(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The bits behind a prefix of `length`.
    pub fn rest(self, length: u32) -> u128 {
        u128::MAX.checked_shr(128 - (self.bits() - length)).unwrap_or(0)
    }

    /// The bits of a prefix of `length`.
    pub fn mask(self, length: u32) -> u128 {
        self.rest(0) & !self.rest(length)
    }

    /// Any address; of IPv6 those that are given out (2000::/3).
    pub fn random(self, random: &mut StdRng) -> u128 {
        match self {
            Self::V4 => u128::from(random.random::<u32>()),
            Self::V6 => (random.random::<u128>() >> 3) | (1 << 125),
        }
    }

    /// The length of a prefix: of IPv4 from a provider's block to one address, of IPv6 from a site to
    /// a subnet, and single addresses.
    pub fn random_length(self, random: &mut StdRng) -> u32 {
        match self {
            Self::V4 => random.random_range(20..=32),
            Self::V6 => [32, 40, 44, 48, 52, 56, 60, 64, 128][random.random_range(0..9)],
        }
    }

    /// As it is written.
    pub fn text(self, network: u128, length: u32) -> String {
        match self {
            Self::V4 => format!("{}/{length}", Ipv4Addr::from(network as u32)),
            Self::V6 => format!("{}/{length}", Ipv6Addr::from(network)),
        }
    }
}

/// Addresses as they come from a socket. They live until the program ends.
pub struct Addresses {
    v4: &'static [[u8; 4]],
    v6: &'static [[u8; 16]],
}

impl Addresses {
    /// Those numbers.
    pub fn new(kind: Kind, numbers: &[u128]) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        match kind {
            Kind::V4 => v4.extend(numbers.iter().map(|number| (*number as u32).to_be_bytes())),
            Kind::V6 => v6.extend(numbers.iter().map(|number| number.to_be_bytes())),
        }
        Self { v4: v4.leak(), v6: v6.leak() }
    }
}

/// Makes a contender of a list and addresses.
pub type Build = fn(&str, &Addresses) -> Contender;

/// Everybody, Tollgate first.
pub fn peers(kind: Kind) -> [(&'static str, Build); 5] {
    match kind {
        Kind::V4 => [
            ("Tollgate (C ABI)", |text, addresses| tollgate(text, addresses.v4)),
            ("iptrie LC-trie", v4::iptrie),
            ("prefix-trie", v4::prefix_trie),
            ("ip_network_table", v4::ip_network_table),
            ("ipnet scan", v4::ipnet_scan),
        ],
        Kind::V6 => [
            ("Tollgate (C ABI)", |text, addresses| tollgate(text, addresses.v6)),
            ("iptrie LC-trie", v6::iptrie),
            ("prefix-trie", v6::prefix_trie),
            ("ip_network_table", v6::ip_network_table),
            ("ipnet scan", v6::ipnet_scan),
        ],
    }
}

fn tollgate<const N: usize>(text: &str, addresses: &'static [[u8; N]]) -> Contender {
    let (mut networks, mut error, mut length) = (null_mut(), [0_u8; 256], 0);
    let (room, capacity) = (error.as_mut_ptr(), error.len());
    // SAFETY: the text is read; the others are variables of this function.
    let status = unsafe {
        tollgate_networks_load(bytes(text.as_bytes()), &mut networks, room, capacity, &mut length)
    };
    assert_eq!(status, 0, "{}", String::from_utf8_lossy(&error[..length.min(256)]));
    Contender::new("Tollgate (C ABI)", move |input| {
        // SAFETY: the networks are never freed, and the address is read.
        unsafe { tollgate_networks_contain(networks, bytes(&addresses[input])) == 0 }
    })
    .with_many(move |first, answers| {
        let asked = bytes(addresses[first..first + answers.len()].as_flattened());
        let (room, capacity) = (answers.as_mut_ptr(), answers.len());
        // SAFETY: as above, and the answers are written.
        let status = unsafe { tollgate_networks_contain_many(networks, asked, N, room, capacity) };
        assert_eq!(status, 0);
    })
}

macro_rules! family {
    ($family:ident, $address:ty, $net:ty, $trie:ty) => {
        mod $family {
            use super::*;

            fn nets(text: &str) -> impl Iterator<Item = $net> {
                text.split(',').map(|item| item.parse().expect("a network"))
            }

            pub(super) fn ipnet_scan(text: &str, addresses: &Addresses) -> Contender {
                let (addresses, nets) = (addresses.$family, nets(text).collect::<Vec<$net>>());
                Contender::new("ipnet scan", move |input| {
                    let address = <$address>::from(addresses[input]);
                    nets.iter().any(|net| net.contains(&address))
                })
            }

            pub(super) fn iptrie(text: &str, addresses: &Addresses) -> Contender {
                let addresses = addresses.$family;
                let mut set = <$trie>::new();
                nets(text).for_each(|net| {
                    set.insert(net.into());
                });
                let set = set.compress();
                Contender::new("iptrie LC-trie", move |input| {
                    set.lookup(&<$address>::from(addresses[input])).len() != 0
                })
            }

            pub(super) fn prefix_trie(text: &str, addresses: &Addresses) -> Contender {
                let addresses = addresses.$family;
                let set: PrefixSet<$net> = nets(text).collect();
                Contender::new("prefix-trie", move |input| {
                    set.get_spm(&<$net>::from(<$address>::from(addresses[input]))).is_some()
                })
            }

            pub(super) fn ip_network_table(text: &str, addresses: &Addresses) -> Contender {
                let addresses = addresses.$family;
                let mut table = IpNetworkTable::new();
                text.split(',').for_each(|item| {
                    table.insert(item.parse::<IpNetwork>().expect("a network"), ());
                });
                Contender::new("ip_network_table", move |input| {
                    table.longest_match(<$address>::from(addresses[input])).is_some()
                })
            }
        }
    };
}

family!(v4, Ipv4Addr, Ipv4Net, Ipv4RTrieSet);
family!(v6, Ipv6Addr, Ipv6Net, Ipv6RTrieSet);
