#![no_std]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "alloc")]
mod check;
pub mod credentials;
pub mod decision;
#[cfg(feature = "ffi")]
pub mod ffi;
#[cfg(feature = "std")]
pub mod gate;
pub mod keys;
#[cfg(target_has_atomic = "64")]
pub mod limit;
#[cfg(feature = "alloc")]
pub mod password;
#[cfg(feature = "alloc")]
pub mod policy;
pub mod primitive;
pub mod request;
pub mod scheme;
pub mod token;
#[cfg(feature = "alloc")]
pub mod verify;
