//! Whole numbers in decimal digits, without sign, fraction or exponent.

/// The number that `digits` write; `None` if there is none, something else stands among them, or
/// the number is beyond 64 bits. Zeros in front are fine.
pub(crate) fn parse(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_digits_are_a_number() {
        for (text, number) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.0", None),
            ("1e3", None),
            (" 1", None),
            ("1:", None),
            ("1/", None),
        ] {
            assert_eq!(parse(text.as_bytes()), number, "{text}");
        }
    }
}
