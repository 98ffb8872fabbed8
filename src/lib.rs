#![no_std]
//! An embeddable verification core for payment APIs and webhooks.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod credentials;
pub mod decision;
#[cfg(target_has_atomic = "64")]
pub mod limit;
pub mod primitive;
pub mod request;
pub mod scheme;
