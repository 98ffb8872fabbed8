//! The values of a secret, of which there is usually one.

use alloc::boxed::Box;
use core::ops::Deref;

/// A list that holds one item inline, so that reading it costs no access to memory elsewhere, and
/// any other number on the heap.
pub(crate) enum Values<T> {
    /// One.
    One(T),
    /// None, or several.
    Several(Box<[T]>),
}

impl<T> Deref for Values<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Values::One(value) => core::slice::from_ref(value),
            Values::Several(values) => values,
        }
    }
}

impl<T> FromIterator<T> for Values<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        match (items.next(), items.next()) {
            (Some(only), None) => Values::One(only),
            (first, second) => {
                Values::Several(first.into_iter().chain(second).chain(items).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Values;
    use alloc::vec::Vec;

    #[test]
    fn one_lies_inline_and_all_keep_their_order() {
        for count in 0..5 {
            let all: Vec<u32> = (10..10 + count).collect();
            let values: Values<u32> = all.iter().copied().collect();
            assert_eq!(*values, *all, "{count} values");
            assert_eq!(matches!(values, Values::One(_)), count == 1, "{count} values");
        }
    }
}
