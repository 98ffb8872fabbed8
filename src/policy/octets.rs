//! Octets that are usually few.

use alloc::boxed::Box;
use core::ops::Deref;

/// How many octets are held inline.
const FEW: usize = 30;

/// Octets held inline while they are few, so that reading them costs no access to memory elsewhere,
/// and on the heap if they are more.
pub(crate) enum Octets {
    /// So many of them, and zeros.
    Few(u8, [u8; FEW]),
    /// All of them.
    Many(Box<[u8]>),
}

impl Octets {
    /// None.
    pub(crate) const NONE: Self = Self::Few(0, [0; FEW]);
}

impl From<&[u8]> for Octets {
    fn from(octets: &[u8]) -> Self {
        let mut few = [0; FEW];
        match (few.get_mut(..octets.len()), u8::try_from(octets.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(octets);
                Self::Few(length, few)
            }
            _ => Self::Many(Box::from(octets)),
        }
    }
}

impl Deref for Octets {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Few(length, few) => few.get(..usize::from(*length)).unwrap_or_default(),
            Self::Many(octets) => octets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Octets};
    use alloc::vec::Vec;

    #[test]
    fn any_number_is_held_and_few_are_inline() {
        for count in 0..100_u8 {
            let all: Vec<u8> = (1..=count).collect();
            let held = Octets::from(&*all);
            assert_eq!(*held, *all);
            assert_eq!(matches!(held, Octets::Few(..)), all.len() <= FEW, "{count} octets");
        }
        assert!(Octets::NONE.is_empty());
    }
}
