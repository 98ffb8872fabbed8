#![no_std]
//! An embeddable verification core for payment APIs and webhooks.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod credentials;
pub mod decision;
pub mod primitive;
pub mod request;
pub mod scheme;
