//! CRC-32 as in gzip (RFC 1952 section 8): finds mistakes, and hides or proves nothing.

/// The checksum of `bytes`. No branch and no address depends on them.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| next(sum)))
}

/// The remainder after one bit more.
const fn next(sum: u32) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let all_ones_or_zeros = (sum & 1).wrapping_neg();
    (sum >> 1) ^ (POLYNOMIAL & all_ones_or_zeros)
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_check_value_of_the_catalogue_comes_out() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
