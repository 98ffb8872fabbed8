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
    let (blocks, rest) = bytes.as_chunks();
    let mut flaws = [0; 16];
    for block in blocks {
        mark(&mut flaws, block, &holds);
    }
    match (bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        _ if rest.is_empty() => {}
        // Two blocks may overlap, and so may the halves of the only one.
        (Some(end), _, _) => mark(&mut flaws, end, &holds),
        (None, Some(first), Some(second)) => mark(&mut flaws, &joined(*first, *second), &holds),
        _ => return bytes.iter().all(|byte| holds(*byte)),
    }
    flaws == [0; 16]
}

/// Two halves of a block.
#[inline]
const fn joined(first: [u8; 8], second: [u8; 8]) -> Lanes {
    let (first, second) = (u64::from_ne_bytes(first) as u128, u64::from_ne_bytes(second) as u128);
    (first << 64 | second).to_ne_bytes()
}

/// A lane of `flaws` becomes nonzero where `holds` is false. On its own it becomes vector code; among
/// its callers it would be taken apart.
#[inline(never)]
fn mark(flaws: &mut Lanes, block: &Lanes, holds: &impl Fn(u8) -> bool) {
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
