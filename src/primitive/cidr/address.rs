//! One address: strict text to bits, and the one form that IPv4 has.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::NetworkError;

/// Reads an address and nothing else: four decimal numbers without leading zeros, or IPv6 text
/// (RFC 4291 section 2.2). No zone id, no brackets, no port, no spaces, no other base, no short
/// form. A v4-mapped address stays IPv6; [`fold`] it where that matters.
pub fn parse_address(text: &[u8]) -> Option<IpAddr> {
    match leading_v4(text) {
        Some((bits, [])) => Some(IpAddr::V4(Ipv4Addr::from_bits(bits))),
        _ => match leading_v6(text)? {
            (bits, []) => Some(IpAddr::V6(Ipv6Addr::from_bits(bits))),
            _ => None,
        },
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
    match leading_decimal(text)? {
        (number, []) => Some(number),
        _ => None,
    }
}

// What stands at the beginning of a text, and the rest of the text. Where that goes on in a way that
// makes another thing of it, with one more digit for instance, is for the caller to see: each knows
// what may follow.

/// A number from 0 to 255. Nothing is read behind a zero.
#[inline]
pub(super) fn leading_decimal(text: &[u8]) -> Option<(u8, &[u8])> {
    let (mut number, mut rest) = leading_digit(text)?;
    while number > 0
        && let Some((digit, behind)) = leading_digit(rest)
    {
        number = number.checked_mul(10)?.checked_add(digit)?;
        rest = behind;
    }
    Some((number, rest))
}

#[inline]
fn leading_digit(text: &[u8]) -> Option<(u8, &[u8])> {
    let (first, rest) = text.split_first()?;
    let digit = first.wrapping_sub(b'0');
    (digit <= 9).then_some((digit, rest))
}

/// Four numbers with dots between them.
#[inline(always)]
pub(super) fn leading_v4(text: &[u8]) -> Option<(u32, &[u8])> {
    let (first, mut rest) = leading_decimal(text)?;
    let mut bits = u32::from(first);
    for _ in 0..3 {
        let (number, behind) = leading_decimal(rest.strip_prefix(b".")?)?;
        (bits, rest) = ((bits << 8) | u32::from(number), behind);
    }
    Some((bits, rest))
}

/// Eight groups of 16 bits with colons between them, or less and one `::` for at least one group of
/// zeros. The last two groups may be an IPv4 address.
#[inline(never)]
pub(super) fn leading_v6(text: &[u8]) -> Option<(u128, &[u8])> {
    let (mut bits, mut count, mut zeros, mut rest) = (0_u128, 0_u32, None, text);
    if let [b':', b':', behind @ ..] = text {
        (zeros, rest) = (Some(0), behind);
    }
    loop {
        match leading_group(rest) {
            Some((_, [b'.', ..])) => {
                let (number, behind) = leading_v4(rest)?;
                (bits, count, rest) =
                    (bits << 32 | u128::from(number), count.wrapping_add(2), behind);
                break;
            }
            Some((group, behind)) => {
                (bits, count, rest) =
                    (bits << 16 | u128::from(group), count.wrapping_add(1), behind);
            }
            // Nothing may stand behind `::`, and must behind `:`.
            None if zeros == Some(count) => break,
            None => return None,
        }
        match rest {
            [b':', b':', behind @ ..] if zeros.is_none() => (zeros, rest) = (Some(count), behind),
            [b':', behind @ ..] if count < 8 => rest = behind,
            _ => break,
        }
    }
    let Some(before) = zeros else { return (count == 8).then_some((bits, rest)) };
    let free = 8_u32.checked_sub(count).filter(|free| *free > 0)?;
    let behind = u128::MAX.checked_shr(before.wrapping_add(free) << 4).unwrap_or(0);
    Some(((bits & !behind).wrapping_shl(free << 4) | bits & behind, rest))
}

/// One to four hexadecimal digits.
#[inline]
fn leading_group(text: &[u8]) -> Option<(u16, &[u8])> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (first, mut rest) = text.split_first()?;
    let mut group = digit(first)?;
    for _ in 0..3 {
        let Some((next, behind)) = rest.split_first() else { break };
        let Some(next) = digit(next) else { break };
        (group, rest) = (group << 4 | next, behind);
    }
    Some((group as u16, rest))
}
