//! Numbers in base 62, with the digits `0` to `9`, `A` to `Z`, `a` to `z`.
//!
//! A number is a number in one way only, so what is random about the bytes is random about the
//! digits: nothing is lost and no value is more likely than another.

use zeroize::Zeroize;

/// Writes the big-endian number `bytes` in `N` digits, with zeros in front. No branch and no
/// address depends on it. `N` digits have to be enough: of a larger number they are the last ones.
pub(crate) fn encode<const B: usize, const N: usize>(mut bytes: [u8; B]) -> [u8; N] {
    let mut digits = [0; N];
    for digit in digits.iter_mut().rev() {
        *digit = symbol(divide(&mut bytes));
    }
    bytes.zeroize();
    digits
}

/// Whether the byte is a digit.
pub(crate) const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Divides the number by 62 and gives the remainder.
fn divide(number: &mut [u8]) -> u8 {
    let rest = number.iter_mut().fold(0_u16, |rest, byte| {
        let part = (rest << 8) | u16::from(*byte);
        // Below 256, because the remainder so far is below 62.
        [*byte, _] = (part / 62).to_le_bytes();
        part % 62
    });
    let [rest, _] = rest.to_le_bytes();
    rest
}

fn symbol(value: u8) -> u8 {
    let to_upper = u8::from(value >= 10).wrapping_mul(b'A' - b'9' - 1);
    let to_lower = u8::from(value >= 36).wrapping_mul(b'a' - b'Z' - 1);
    value.wrapping_add(b'0').wrapping_add(to_upper).wrapping_add(to_lower)
}

#[cfg(test)]
mod tests {
    use super::{encode, is_digit, symbol};

    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    #[test]
    fn digits_stand_in_order() {
        for (value, digit) in (0..).zip(DIGITS) {
            assert_eq!(symbol(value), *digit);
        }
        assert_eq!((0..=u8::MAX).filter(|byte| is_digit(*byte)).count(), 62);
        assert!(DIGITS.iter().all(|digit| is_digit(*digit)));
    }

    #[test]
    fn every_number_of_two_bytes_is_read_back() {
        for number in 0..=u16::MAX {
            let digits: [u8; 3] = encode(number.to_be_bytes());
            let read = digits.iter().fold(0, |sum, digit| {
                sum * 62 + DIGITS.iter().position(|known| known == digit).unwrap_or(99)
            });
            assert_eq!(read, usize::from(number));
        }
    }

    #[test]
    fn the_largest_numbers_have_room() {
        assert_eq!(&encode::<4, 6>([0xff; 4]), b"4gfFC3");
        assert_eq!(&encode::<4, 6>([0; 4]), b"000000");
    }
}
