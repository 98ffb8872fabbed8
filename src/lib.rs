#![no_std]

//! Tollgate.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod decision;
pub mod primitive;
