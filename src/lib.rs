#![no_std]
//! An embeddable verification core for payment APIs and webhooks.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod decision;
pub mod primitive;
