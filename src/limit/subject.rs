//! Whom a limit is about, and how the table finds it.

use core::net::IpAddr;

use crate::primitive::siphash::{SipHash, siphash13};

/// Whom a limit is about. Different limits of one subject are told apart by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// An authenticated credential.
    Credential {
        /// The id of the credential.
        id: &'a [u8],
        /// The name of the limit.
        limit: &'a [u8],
    },
    /// A client address: an IPv6 address counts by its /64, an IPv4 address by itself. Fold
    /// v4-mapped addresses before. All unknown addresses are one subject.
    Address {
        /// The address.
        address: Option<IpAddr>,
        /// The name of the limit.
        limit: &'a [u8],
    },
    /// The failed attempts of a client address, counted like addresses.
    Failures {
        /// The address.
        address: Option<IpAddr>,
    },
}

impl Subject<'_> {
    /// Whether the subject has proved a secret.
    pub(super) const fn is_authenticated(&self) -> bool {
        matches!(self, Self::Credential { .. })
    }

    /// A 64-bit hash under the key of the table.
    pub(super) fn hash(&self, key: &[u8; 16]) -> u64 {
        let mut message = Message { hash: SipHash::new(key), tags: [0; TAGS] };
        match *self {
            Self::Credential { id, limit } => message.part(key, id).part(key, limit).hash(1),
            Self::Address { address, limit } => message.address(address).part(key, limit).hash(2),
            Self::Failures { address } => message.address(address).hash(3),
        }
    }
}

/// The longest part that stands in the message itself.
const PART: usize = 64;
const TAGS: usize = 2;

/// The hashed text: the parts, each filled up to a multiple of 8, and the tags, which tell what
/// there is and how long. No two subjects have the same one.
struct Message {
    hash: SipHash<1, 3>,
    tags: [u8; TAGS],
}

impl Message {
    /// Adds a tag: the last two count.
    fn tag(&mut self, tag: u8) -> &mut SipHash<1, 3> {
        let [_, previous] = self.tags;
        self.tags = [previous, tag];
        &mut self.hash
    }

    /// Adds a part of any length; if it is long, its length and its hash.
    #[inline]
    fn part(&mut self, key: &[u8; 16], bytes: &[u8]) -> &mut Self {
        match u8::try_from(bytes.len()) {
            Ok(length) if bytes.len() <= PART => self.tag(length).filled(bytes),
            _ => self.long_part(key, bytes),
        }
        self
    }

    #[cold]
    fn long_part(&mut self, key: &[u8; 16], bytes: &[u8]) {
        let hash = self.tag(u8::MAX);
        hash.word(bytes.len() as u64);
        hash.word(siphash13(key, bytes));
    }

    fn address(&mut self, address: Option<IpAddr>) -> &mut Self {
        match address {
            None => _ = self.tag(0),
            Some(IpAddr::V4(v4)) => self.tag(4).filled(&v4.octets()),
            Some(IpAddr::V6(v6)) => {
                let prefix = (v6.to_bits() >> 64) as u64;
                self.tag(6).word(prefix.swap_bytes());
            }
        }
        self
    }

    fn hash(&self, domain: u8) -> u64 {
        let [first, second] = self.tags;
        let tags = [first, second, domain, 0, 0, 0, 0, 0];
        self.hash.clone().finish(u64::from_le_bytes(tags), TAGS.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::{IpAddr, Subject, siphash13};
    use alloc::vec::Vec;

    const KEY: [u8; 16] = *b"sixteen random b";

    fn of_message(parts: &[&[u8]], tags: [u8; 3]) -> u64 {
        let mut message = Vec::new();
        for part in parts {
            message.extend_from_slice(part);
            message.resize(message.len().next_multiple_of(8), 0);
        }
        message.extend_from_slice(&tags);
        siphash13(&KEY, &message)
    }

    #[test]
    fn a_credential_is_its_padded_parts_and_their_lengths() {
        for length in 0..=64 {
            let (id, limit) = ([b'i'; 64], [b'l'; 64]);
            let subject = Subject::Credential { id: &id[..length], limit: &limit[..64 - length] };
            let tags = [length as u8, 64 - length as u8, 1];
            let expected = of_message(&[&id[..length], &limit[..64 - length]], tags);
            assert_eq!(subject.hash(&KEY), expected, "{length} bytes");
        }
    }

    #[test]
    fn a_long_part_is_its_length_and_its_hash() {
        let id = [b'i'; 65];
        let subject = Subject::Credential { id: &id, limit: b"minute" };
        let (length, hash) = (65_u64.to_le_bytes(), siphash13(&KEY, &id).to_le_bytes());
        assert_eq!(subject.hash(&KEY), of_message(&[&length, &hash, b"minute"], [255, 6, 1]));
    }

    #[test]
    fn an_address_is_its_octets_or_its_prefix() {
        let cases: [(Option<IpAddr>, &[u8], u8); 3] = [
            (None, b"", 0),
            ("203.0.113.7".parse().ok(), &[203, 0, 113, 7], 4),
            ("2001:db8:1:2:3::4".parse().ok(), &[0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2], 6),
        ];
        for (address, octets, tag) in cases {
            let failures = Subject::Failures { address };
            assert_eq!(failures.hash(&KEY), of_message(&[octets], [0, tag, 3]), "{address:?}");
            let limited = Subject::Address { address, limit: b"address" };
            assert_eq!(limited.hash(&KEY), of_message(&[octets, b"address"], [tag, 7, 2]));
        }
    }
}
