//! Text and lists that a built-in scheme borrows from the program and a loaded one owns.

use core::fmt;
use core::ops::Deref;

/// Borrowed for ever, or (with the feature `alloc`) owned.
pub enum Data<T: ?Sized + 'static> {
    /// Part of the program.
    Static(&'static T),
    /// Read from a policy.
    #[cfg(feature = "alloc")]
    Owned(alloc::boxed::Box<T>),
}

impl<T: ?Sized> Deref for Data<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Data::Static(borrowed) => borrowed,
            #[cfg(feature = "alloc")]
            Data::Owned(owned) => owned,
        }
    }
}

impl Clone for Data<str> {
    fn clone(&self) -> Self {
        match self {
            Data::Static(borrowed) => Data::Static(borrowed),
            #[cfg(feature = "alloc")]
            Data::Owned(owned) => Data::Owned(owned.clone()),
        }
    }
}

impl<T: Clone> Clone for Data<[T]> {
    fn clone(&self) -> Self {
        match self {
            Data::Static(borrowed) => Data::Static(borrowed),
            #[cfg(feature = "alloc")]
            Data::Owned(owned) => Data::Owned(owned.clone()),
        }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Data<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Data<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: ?Sized + Eq> Eq for Data<T> {}
