//! Sixteen bytes worked on at once: plain loops over arrays of this length, which the compiler
//! turns into vector code. Decoding and encoding are sums and masks here, without a branch and
//! without a table, so that how long they take says nothing about a secret.

/// Bytes of one step.
pub(super) type Lanes = [u8; 16];

/// `0xff` if `byte` is one of the `count` from `first` on, else 0.
#[inline]
pub(super) const fn in_range(byte: u8, first: u8, count: u8) -> u8 {
    0u8.wrapping_sub((byte.wrapping_sub(first) < count) as u8)
}

/// 0 if every lane is, without looking at them one by one.
#[inline]
pub(super) fn collect(lanes: &Lanes) -> u8 {
    lanes.iter().fold(0, |all, lane| all | lane)
}

/// Whether `holds` is true of every byte. They are looked at in blocks, all of them.
#[inline]
pub(crate) fn every(bytes: &[u8], holds: impl Fn(u8) -> bool) -> bool {
    every_block::<16>(bytes, &holds)
        .or_else(|| every_block::<8>(bytes, &holds))
        .unwrap_or_else(|| bytes.iter().all(|byte| holds(*byte)))
}

/// The same in blocks of `N`, the last of which may overlap the one before it; `None` for less
/// than one block.
#[inline]
fn every_block<const N: usize>(bytes: &[u8], holds: &impl Fn(u8) -> bool) -> Option<bool> {
    let mut flaws = [0; N];
    mark(&mut flaws, bytes.last_chunk()?, holds);
    for block in bytes.as_chunks().0 {
        mark(&mut flaws, block, holds);
    }
    Some(flaws == [0; N])
}

/// A lane of `flaws` becomes nonzero where `holds` is false. On its own it becomes vector code; among
/// its callers it would be taken apart.
#[inline(never)]
fn mark<const N: usize>(flaws: &mut [u8; N], block: &[u8; N], holds: &impl Fn(u8) -> bool) {
    for (flaw, byte) in flaws.iter_mut().zip(block) {
        *flaw |= u8::from(!holds(*byte));
    }
}

/// The two halves as numbers, the first byte uppermost.
#[inline]
pub(super) const fn halves(lanes: &Lanes) -> [u64; 2] {
    let all = u128::from_be_bytes(*lanes);
    [(all >> 64) as u64, all as u64]
}

#[cfg(test)]
mod tests {
    use super::every;

    #[test]
    fn one_byte_at_any_place_is_enough() {
        for length in 0..=70 {
            let mut bytes = [b'a'; 70];
            assert!(every(&bytes[..length], |byte| byte == b'a'), "{length} bytes");
            for at in 0..length {
                bytes[at] = b'b';
                assert!(!every(&bytes[..length], |byte| byte == b'a'), "{length} bytes, {at}");
                bytes[at] = b'a';
            }
        }
    }
}
