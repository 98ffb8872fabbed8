//! Networks: strict text, and sets of them that answer whether an address is inside.
//!
//! The text rules leave nothing to guess, because a list that admits more than its author meant
//! admits thieves: no leading zeros, no host bits, no zone ids, no spaces, no short forms, and
//! all of a family only by a word for it ([`Network::parse`]).
//!
//! IPv4 has one form here. An IPv4-mapped address, `::ffff:192.0.2.1` (RFC 4291 section
//! 2.5.5.2), is what a dual-stack socket calls `192.0.2.1`; both mean the latter, in lists and as
//! clients. NAT64 (RFC 6052) and 6to4 (RFC 3056) addresses stay what they are: who sends from one
//! is not who owns the IPv4 address inside. It follows that an IPv6 network never matches an IPv4
//! client, not even one that covers `::ffff:0:0/96`.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

mod address;
mod bits;
mod error;
mod set;

pub use address::{fold, parse_address};
pub use error::NetworkError;
pub use set::SmallSet;
#[cfg(feature = "alloc")]
pub use set::{NetworkSet, RangeSet};

use address::Folded;
use bits::Block;

/// One network of IPv4 or of IPv6, or (`any`) both families as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    v4: Option<Block<u32>>,
    v6: Option<Block<u128>>,
}

impl Network {
    /// Every address of either family: the word `any`.
    pub const ANY: Self = Self { v4: Some(Block::ALL), v6: Some(Block::ALL) };

    /// Every IPv4 address: the word `any-ipv4`.
    pub const ANY_IPV4: Self = Self { v4: Some(Block::ALL), v6: None };

    /// Every IPv6 address that is not an IPv4 address in disguise: the word `any-ipv6`.
    pub const ANY_IPV6: Self = Self { v4: None, v6: Some(Block::ALL) };

    /// Reads an address (`192.0.2.1`, `2001:db8::1`: that one address), a network
    /// (`192.0.2.0/24`, `2001:db8::/32`) or a word (`any`, `any-ipv4`, `any-ipv6`).
    ///
    /// # Errors
    ///
    /// [`NetworkError`], whose text says what to write instead.
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        match Self::leading(text.as_bytes()) {
            Some((network, [])) => Ok(network),
            _ => Self::parse_with_care(text),
        }
    }

    /// The network at the beginning of a text that needs no second look, and the rest of the text:
    /// it is no word, no IPv4-mapped one, and nothing is wrong with it.
    #[inline(always)]
    fn leading(text: &[u8]) -> Option<(Self, &[u8])> {
        // What begins with a group of four digits, as most of IPv6 does, need not be tried.
        let is_v6 = matches!(text, [_, _, _, _, b':', ..]);
        if !is_v6 && let Some((bits, rest)) = address::leading_v4(text) {
            let (prefix, rest) = leading_prefix(rest, 32)?;
            let block = Block::new(bits, prefix).ok()?;
            return Some((Self { v4: Some(block), v6: None }, rest));
        }
        let (bits, rest) = address::leading_v6(text)?;
        let (prefix, rest) = leading_prefix(rest, 128)?;
        let Folded::V6(bits) = Folded::of_v6(Ipv6Addr::from_bits(bits)) else { return None };
        let block = Block::new(bits, prefix).ok()?;
        Some((Self { v4: None, v6: Some(block) }, rest))
    }

    /// Every form, and why it is none.
    #[cold]
    fn parse_with_care(text: &str) -> Result<Self, NetworkError> {
        match text {
            "" => return Err(NetworkError::Empty),
            "any" => return Ok(Self::ANY),
            "any-ipv4" => return Ok(Self::ANY_IPV4),
            "any-ipv6" => return Ok(Self::ANY_IPV6),
            // Most text has no other characters than these, which no white space is among.
            _ if !text.bytes().all(is_plain) && text.contains(char::is_whitespace) => {
                return Err(NetworkError::Space);
            }
            _ if text.as_bytes().contains(&b'%') => return Err(NetworkError::ZoneId),
            _ => {}
        }
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = parse_address(address.as_bytes())
            .ok_or_else(|| address::what_is_wrong(address.as_bytes()))?;
        match prefix {
            Some(prefix) => Self::new(address, parse_prefix(prefix, address)?),
            None => Self::new(address, longest_prefix(address)),
        }
    }

    /// The network of all addresses whose first `prefix` bits are those of `address`. A v4-mapped
    /// one with a prefix of at least 96 becomes the IPv4 network that it stands for.
    ///
    /// # Errors
    ///
    /// `PrefixLength` if `prefix` is longer than the address, `WholeFamily` if it selects no bit
    /// of it, `HostBits` if `address` has bits set behind it.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self, NetworkError> {
        let most = longest_prefix(address);
        if prefix > most {
            return Err(NetworkError::PrefixLength { most });
        }
        let (address, prefix) = fold_network(address, prefix);
        if prefix == 0 {
            let word = if address.is_ipv4() { "any-ipv4" } else { "any-ipv6" };
            return Err(NetworkError::WholeFamily { word });
        }
        match address {
            IpAddr::V4(v4) => Block::new(v4.to_bits(), prefix)
                .map(|block| Self { v4: Some(block), v6: None })
                .map_err(|first| host_bits(address, Ipv4Addr::from_bits(first), prefix)),
            IpAddr::V6(v6) => Block::new(v6.to_bits(), prefix)
                .map(|block| Self { v4: None, v6: Some(block) })
                .map_err(|first| host_bits(address, Ipv6Addr::from_bits(first), prefix)),
        }
    }

    /// Whether `address`, folded, is inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        match Folded::of(address) {
            Folded::V4(bits) => self.v4.is_some_and(|block| block.contains(bits)),
            Folded::V6(bits) => self.v6.is_some_and(|block| block.contains(bits)),
        }
    }
}

/// The canonical text, which [`Network::parse`] reads back.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.v4, self.v6) {
            (Some(_), Some(_)) => f.write_str("any"),
            (Some(v4), None) if v4 == Block::ALL => f.write_str("any-ipv4"),
            (None, Some(v6)) if v6 == Block::ALL => f.write_str("any-ipv6"),
            (Some(v4), None) => write!(f, "{}/{}", Ipv4Addr::from(v4.net), v4.prefix()),
            (None, Some(v6)) => write!(f, "{}/{}", Ipv6Addr::from(v6.net), v6.prefix()),
            (None, None) => Ok(()),
        }
    }
}

/// Reads the comma-separated form, `12.12.12.12,10.0.0.0/28`: no spaces, at least one network, no
/// comma behind the last. An error comes with its byte offset in `text`: where the wrong network
/// begins, or the space or the comma that is too much.
pub fn networks_in_list(
    text: &str,
) -> impl Iterator<Item = Result<Network, (usize, NetworkError)>> {
    List { text, next: Some(0) }
}

/// What is left of a list.
struct List<'t> {
    text: &'t str,
    /// Where the next network begins; `None` behind the last.
    next: Option<usize>,
}

impl Iterator for List<'_> {
    type Item = Result<Network, (usize, NetworkError)>;

    // Inlined, the network is never put together in memory.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let text = self.text.as_bytes();
        let rest = text.get(self.next?..).unwrap_or_default();
        match Network::leading(rest) {
            Some((network, [])) => {
                self.next = None;
                Some(Ok(network))
            }
            Some((network, [b',', behind @ ..])) => {
                self.next = Some(text.len().wrapping_sub(behind.len()));
                Some(Ok(network))
            }
            _ => self.next_with_care(),
        }
    }
}

impl List<'_> {
    #[cold]
    #[inline(never)]
    fn next_with_care(&mut self) -> Option<Result<Network, (usize, NetworkError)>> {
        let start = self.next?;
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.bytes().position(|byte| byte == b',');
        self.next = length.map(|length| start.saturating_add(length).saturating_add(1));
        let entry = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        Some(Network::parse_with_care(entry).map_err(|error| match error {
            NetworkError::Empty if length.is_none() && start > 0 => {
                (start.saturating_sub(1), NetworkError::TrailingComma)
            }
            NetworkError::Space => {
                let at = entry.find(char::is_whitespace).unwrap_or(0);
                (start.saturating_add(at), error)
            }
            _ => (start, error),
        }))
    }
}

/// The prefix length behind an address, of which `most` is the longest: that one if there is none.
#[inline]
fn leading_prefix(text: &[u8], most: u8) -> Option<(u8, &[u8])> {
    match text {
        [b'/', text @ ..] => {
            address::leading_decimal(text).filter(|(prefix, _)| (1..=most).contains(prefix))
        }
        _ => Some((most, text)),
    }
}

/// Whether the byte is one of those that addresses and prefixes are written with.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'/')
}

const fn longest_prefix(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// A v4-mapped network as the IPv4 network that it is; any other as it stands.
const fn fold_network(address: IpAddr, prefix: u8) -> (IpAddr, u8) {
    match (address, fold(address)) {
        (IpAddr::V6(_), folded @ IpAddr::V4(_)) if prefix >= 96 => {
            (folded, prefix.saturating_sub(96))
        }
        _ => (address, prefix),
    }
}

/// The number behind the slash: one to three digits, nothing else.
fn parse_prefix(text: &str, address: IpAddr) -> Result<u8, NetworkError> {
    if address::has_leading_zero(text.as_bytes()) {
        return Err(NetworkError::LeadingZero);
    }
    address::decimal(text.as_bytes())
        .ok_or(NetworkError::PrefixLength { most: longest_prefix(address) })
}

fn host_bits(address: IpAddr, network: impl Into<IpAddr>, prefix: u8) -> NetworkError {
    NetworkError::HostBits { address, network: network.into(), prefix }
}
