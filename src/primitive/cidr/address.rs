//! One address: strict text to bits, and the one form that IPv4 has.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::NetworkError;

/// Reads an address and nothing else: four decimal numbers without leading zeros, or IPv6 text
/// (RFC 4291 section 2.2). No zone id, no brackets, no port, no spaces, no other base, no short
/// form. A v4-mapped address stays IPv6; [`fold`] it where that matters.
pub fn parse_address(text: &[u8]) -> Option<IpAddr> {
    if text.contains(&b':') {
        Some(IpAddr::V6(Ipv6Addr::from_bits(parse_v6(text)?)))
    } else {
        Some(IpAddr::V4(Ipv4Addr::from_bits(parse_v4(text)?)))
    }
}

/// An IPv4-mapped address (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) as the IPv4 address that
/// it is. Every other address stays as it is, NAT64 and 6to4 included.
#[inline]
pub const fn fold(address: IpAddr) -> IpAddr {
    match Folded::of(address) {
        Folded::V4(bits) => IpAddr::V4(Ipv4Addr::from_bits(bits)),
        Folded::V6(_) => address,
    }
}

/// The bits of an address, [folded](fold).
#[derive(Clone, Copy)]
pub(super) enum Folded {
    V4(u32),
    V6(u128),
}

impl Folded {
    #[inline]
    pub(super) const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::V4(v4.to_bits()),
            IpAddr::V6(v6) => Self::of_v6(v6),
        }
    }

    #[inline]
    pub(super) const fn of_v6(address: Ipv6Addr) -> Self {
        let bits = address.to_bits();
        // `::ffff:0:0/96`: of what stands before the last 32 bits, the lowest 16 are set.
        if bits >> 32 == 0xffff { Self::V4(bits as u32) } else { Self::V6(bits) }
    }
}

/// Why `text`, which is no address, is none.
pub(super) fn what_is_wrong(text: &[u8]) -> NetworkError {
    let dotted = text.rsplit(|&byte| byte == b':').next().unwrap_or_default();
    let mut numbers = dotted.split(|&byte| byte == b'.');
    if dotted.contains(&b'.') && numbers.any(has_leading_zero) {
        NetworkError::LeadingZero
    } else {
        NetworkError::NotAnAddress
    }
}

/// Whether `text` is a decimal number with a zero in front.
pub(super) fn has_leading_zero(text: &[u8]) -> bool {
    text.len() > 1 && text.first() == Some(&b'0') && text.iter().all(u8::is_ascii_digit)
}

/// A number from 0 to 255 without a leading zero.
pub(super) fn decimal(text: &[u8]) -> Option<u8> {
    text.iter().try_fold(None, |number, &byte| Some(Some(with_digit(number, byte)?)))?
}

/// The number with one more digit; `None` if that is none, or makes it too large or too long: no
/// number begins with a zero but zero itself.
const fn with_digit(number: Option<u8>, byte: u8) -> Option<u8> {
    let digit = byte.wrapping_sub(b'0');
    match number {
        _ if digit > 9 => None,
        None => Some(digit),
        Some(0) => None,
        Some(number) => match number.checked_mul(10) {
            Some(tens) => tens.checked_add(digit),
            None => None,
        },
    }
}

fn parse_v4(text: &[u8]) -> Option<u32> {
    let (mut bits, mut count, mut number) = (0_u32, 0_u32, None);
    for &byte in text {
        if byte == b'.' {
            bits = (bits << 8) | u32::from(number.take()?);
            count = count.saturating_add(1);
        } else {
            number = Some(with_digit(number, byte)?);
        }
    }
    (count == 3).then_some((bits << 8) | u32::from(number?))
}

fn parse_v6(text: &[u8]) -> Option<u128> {
    let Some(at) = text.windows(2).position(|pair| pair == b"::") else {
        let (groups, count) = parse_groups(text, true)?;
        return (count == 8).then_some(groups);
    };
    let (head, tail) = text.split_at_checked(at)?;
    let (high, before) = parse_groups(head, false)?;
    let (low, after) = parse_groups(tail.get(2..)?, true)?;
    // `::` stands for at least one group of zeros.
    let free = 8u32.checked_sub(before)?;
    (after < free).then_some(high.checked_shl(free.saturating_mul(16)).unwrap_or(0) | low)
}

/// Groups between colons, and how many they are: none in an empty text, at most 8. The last one
/// may be an IPv4 address, which counts as two, where `dotted` allows it.
fn parse_groups(text: &[u8], dotted: bool) -> Option<(u128, u32)> {
    let (mut value, mut count) = (0u128, 0u32);
    if text.is_empty() {
        return Some((value, count));
    }
    let mut groups = text.split(|&byte| byte == b':').peekable();
    while let Some(group) = groups.next() {
        let last = groups.peek().is_none();
        let (bits, width) = match (group.contains(&b'.'), last && dotted) {
            (false, _) => (u128::from(parse_group(group)?), 1),
            (true, true) => (u128::from(parse_v4(group)?), 2),
            (true, false) => return None,
        };
        count = count.saturating_add(width);
        value = (value << 16u32.saturating_mul(width)) | bits;
        if count > 8 {
            return None;
        }
    }
    Some((value, count))
}

/// One to four hexadecimal digits.
fn parse_group(text: &[u8]) -> Option<u16> {
    if text.is_empty() || text.len() > 4 {
        return None;
    }
    text.iter().try_fold(0u16, |group, &byte| {
        let digit = char::from(byte).to_digit(16)?;
        Some((group << 4) | u16::try_from(digit).ok()?)
    })
}
