//! Header lines: finding them and reading their lists.

use super::Request;
use crate::decision::{Denial, Reason};

/// One header line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header<'a> {
    /// The field name, in any case.
    pub name: &'a [u8],
    /// The field value.
    pub value: &'a [u8],
}

impl Header<'_> {
    /// Whether the field name is `name`.
    #[inline]
    pub(crate) fn is(&self, name: &str) -> bool {
        same_name(self.name, name.as_bytes())
    }
}

/// Whether two names are equal without regard to ASCII case.
#[inline]
pub(crate) fn same_name(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && same_letters(left, right)
}

/// Whether texts of the same length are equal but for the case of letters: eight bytes at a time,
/// the last of which may overlap those before. Most are written alike. It is in one place, and not in
/// each that asks: so it stays near the processor.
#[inline(never)]
fn same_letters(left: &[u8], right: &[u8]) -> bool {
    let begin_alike = || match (left, right) {
        ([left, ..], [right, ..]) => (left ^ right) & !0x20 == 0,
        _ => true,
    };
    all_alike(left, right, |left, right| left ^ right)
        || begin_alike() && all_alike(left, right, difference)
}

/// Whether `differ` finds no difference.
#[inline]
fn all_alike(left: &[u8], right: &[u8], differ: impl Fn(u64, u64) -> u64) -> bool {
    let word = |piece: &[u8; 8]| u64::from_le_bytes(*piece);
    let ends = |text| Some((word(<[u8]>::first_chunk(text)?), word(text.last_chunk()?)));
    if let (Some(left_ends), Some(right_ends)) = (ends(left), ends(right)) {
        let ends = differ(left_ends.0, right_ends.0) | differ(left_ends.1, right_ends.1);
        if left.len() <= 16 || ends != 0 {
            return ends == 0;
        }
        let mut pieces = left.as_chunks().0.iter().zip(right.as_chunks().0);
        return pieces.all(|(left, right)| differ(word(left), word(right)) == 0);
    }
    match (short_word(left), short_word(right)) {
        (Some(left), Some(right)) => differ(left, right) == 0,
        _ => {
            left.iter().zip(right).all(|(left, right)| differ((*left).into(), (*right).into()) == 0)
        }
    }
}

/// All of four to eight bytes.
#[inline]
fn short_word(text: &[u8]) -> Option<u64> {
    let (first, last) = (text.first_chunk()?, text.last_chunk()?);
    Some(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)))
}

/// The bits in which eight bytes differ other than by the case of a letter.
#[inline]
const fn difference(left: u64, right: u64) -> u64 {
    const EACH: u64 = u64::MAX / 0xff;
    const CASE: u64 = EACH * 0x20;
    const TOP: u64 = EACH * 0x80;
    const TO_A: u64 = EACH * (0x80 - b'a' as u64);
    const BEYOND_Z: u64 = EACH * (0x80 - b'z' as u64 - 1);
    let bits = left ^ right;
    // The top bit of each byte that, in lower case, is `a` or more, and of each beyond `z`.
    let lower = (left | CASE) & !TOP;
    let from_a = lower.wrapping_add(TO_A);
    let beyond_z = lower.wrapping_add(BEYOND_Z);
    let letters = from_a & !beyond_z & !left & TOP;
    bits & !(letters >> 2)
}

impl<'a> Request<'a> {
    /// The values of all lines named `name`, in order, without surrounding white space. Names
    /// are compared without regard to ASCII case; `_` and `-` are different.
    pub fn lines<'n>(
        &self,
        name: &'n str,
    ) -> impl DoubleEndedIterator<Item = &'a [u8]> + use<'a, 'n> {
        self.headers.iter().filter(move |line| line.is(name)).map(|line| trimmed(line.value))
    }

    /// The value of the one line named `name`; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Reason::DupHeader`] if there are several, even equal ones: nobody can tell which of them
    /// another reader takes.
    pub fn single<'n>(&self, name: &'n str) -> Result<Option<&'a [u8]>, Denial<'n>> {
        let mut first = None;
        for line in self.headers {
            if line.is(name) && first.replace(line.value).is_some() {
                return Err(Denial::about(Reason::DupHeader, name));
            }
        }
        Ok(first.map(trimmed))
    }
}

/// `value` without optional white space around it (RFC 9110 section 5.6.3).
#[inline]
pub(super) fn trimmed(value: &[u8]) -> &[u8] {
    match value {
        // Most have none.
        [first, .., last] if *first > b' ' && *last > b' ' => value,
        _ => trimmed_at_all(value),
    }
}

#[cold]
fn trimmed_at_all(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// The elements of a comma-separated field value (RFC 9110 section 5.6.1).
pub(crate) fn elements(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trimmed)
}

/// The elements of a comma-separated field value, from the last to the first.
pub(super) fn elements_from_last(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.rsplit(|byte| *byte == b',').map(trimmed)
}

#[cfg(test)]
mod tests {
    use super::same_name;

    #[test]
    fn nothing_but_the_case_of_letters_is_overlooked() {
        for length in 0..=33 {
            let mut one = [b'-'; 33];
            let mut other = one;
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    // All that differ in one bit, and one that differs in more.
                    for flip in (0..8).map(|bit| 1 << bit).chain([0, 0x21]) {
                        (one[at], other[at]) = (byte, byte ^ flip);
                        let (left, right) = (&one[..length], &other[..length]);
                        let same = left.eq_ignore_ascii_case(right);
                        assert_eq!(same_name(left, right), same, "{byte} and {flip} at {at}");
                    }
                }
                (one[at], other[at]) = (b'K', b'k');
            }
            assert!(!same_name(&one[..length], &other[..33]) || length == 33);
        }
    }
}
