//! Finding a byte, eight at a time.

const EACH: u64 = u64::MAX / 0xff;

/// The place of the first `wanted` in `bytes`.
#[inline]
pub(crate) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    let all_wanted = u64::from(wanted).wrapping_mul(EACH);
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        // Zero where it is wanted. Of the top bits that are set, the lowest belongs to the first
        // zero; those above it may not belong to any.
        let found = u64::from_le_bytes(*word) ^ all_wanted;
        let found = found.wrapping_sub(EACH) & !found & (EACH << 7);
        if found != 0 {
            let within = found.trailing_zeros() >> 3;
            return Some((place << 3).wrapping_add(within as usize));
        }
    }
    let before = bytes.len().wrapping_sub(rest.len());
    Some(before.wrapping_add(rest.iter().position(|byte| *byte == wanted)?))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_the_first_one_wherever_it_is() {
        for length in 0..40 {
            for (first, second) in
                (0..length).flat_map(|one| (0..length).map(move |two| (one, two)))
            {
                for (wanted, other) in [(b':', b';'), (b':', 0xba), (0, 1), (0xff, 0xfe), (1, 0)] {
                    let mut bytes = [other; 40];
                    assert_eq!(find(&bytes[..length], wanted), None);
                    (bytes[first], bytes[second]) = (wanted, wanted);
                    let place = first.min(second);
                    assert_eq!(find(&bytes[..length], wanted), Some(place), "{length} bytes");
                }
            }
        }
    }
}
