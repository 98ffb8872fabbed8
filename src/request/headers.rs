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

/// Whether two names are equal without regard to ASCII case. Most are written alike, which eight
/// bytes at a time show fastest; the last of them may overlap those before.
#[inline]
pub(crate) fn same_name(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let alike = match left.len() {
        8.. => alike::<8>(left, right),
        4.. => alike::<4>(left, right),
        _ => false,
    };
    alike || left.eq_ignore_ascii_case(right)
}

/// Whether texts of the same length, `N` bytes or more, are equal.
#[inline]
fn alike<const N: usize>(left: &[u8], right: &[u8]) -> bool {
    let pieces = left.as_chunks::<N>().0.iter().zip(right.as_chunks().0);
    let ends_alike = left.last_chunk::<N>() == right.last_chunk();
    pieces.fold(ends_alike, |alike, (left, right)| alike & (left == right))
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
        let mut lines = self.lines(name);
        let first = lines.next();
        match lines.next() {
            None => Ok(first),
            Some(_) => Err(Denial::about(Reason::DupHeader, name)),
        }
    }
}

/// `value` without optional white space around it (RFC 9110 section 5.6.3).
pub(super) fn trimmed(mut value: &[u8]) -> &[u8] {
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
