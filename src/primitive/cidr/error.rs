//! Why a network was refused, and what to write instead.

use core::fmt;
use core::net::IpAddr;

/// Why the text of a network, or of a list of them, was refused. Its own text says what is wrong
/// and what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// There is nothing: an empty text, or nothing between two commas.
    Empty,
    /// White space of any kind.
    Space,
    /// A zone id (`fe80::1%eth0`, RFC 4007), which means something on one machine only.
    ZoneId,
    /// A decimal number with a leading zero, which some read as octal (RFC 6943 section 3.1.1).
    LeadingZero,
    /// No IP address: short forms, other bases, names, ports and brackets included.
    NotAnAddress,
    /// The prefix length is no number, or longer than the address.
    PrefixLength {
        /// The longest that is possible: 32 or 128.
        most: u8,
    },
    /// The address has bits set behind the prefix.
    HostBits {
        /// The address that was written, folded.
        address: IpAddr,
        /// The first address of the network around it.
        network: IpAddr,
        /// The prefix length, folded like the address.
        prefix: u8,
    },
    /// A prefix length of 0, or the `::ffff:0:0/96` that means the same for IPv4.
    WholeFamily {
        /// The word for it.
        word: &'static str,
    },
    /// A comma behind the last network of a list.
    TrailingComma,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str(
                "there is no network; write an address (192.0.2.1) or a network (192.0.2.0/24)",
            ),
            Self::Space => f.write_str("there is a space; write networks without spaces"),
            Self::ZoneId => f.write_str(
                "a zone id means nothing here; write the address without the % and what follows",
            ),
            Self::LeadingZero => f.write_str(
                "a number has a leading zero, which some read as octal; write it without",
            ),
            Self::NotAnAddress => f.write_str(
                "this is not an IP address; write all four numbers (192.0.2.1) or an IPv6 \
                 address (2001:db8::1), without port or brackets",
            ),
            Self::PrefixLength { most } => {
                write!(f, "the prefix length is not possible; write a number from 1 to {most}")
            }
            Self::HostBits { address, network, prefix } => write!(
                f,
                "{address}/{prefix} has host bits set; write {network}/{prefix}, or {address} \
                 for this one address"
            ),
            Self::WholeFamily { word } => {
                write!(f, "this admits every address; if that is meant, write {word}")
            }
            Self::TrailingComma => {
                f.write_str("there is a comma behind the last network; remove it")
            }
        }
    }
}

impl core::error::Error for NetworkError {}
