//! The C ABI. `include/tollgate.h` is generated from these files; what a C programmer reads there
//! is written here.
//!
//! Each file is one noun. Raw pointers are turned into references, values and buffers in
//! `boundary` and nowhere else; an entry takes over the caller's promise with one line,
//! `Call::from_c()`, and does all of its work inside the guard, `run`, which turns a panic into a
//! status.

#![allow(unsafe_code, reason = "the C ABI is where pointers come in")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the contract of an entry is written for the readers of the C header"
)]

mod boundary;
pub mod cidr;
pub mod claim;
pub mod compare;
pub mod context;
pub mod counters;
pub mod credential;
pub mod decision;
pub mod encoding;
pub mod gate;
pub mod hmac;
pub mod keys;
pub mod limits;
pub mod message;
pub mod password;
pub mod policy;
pub mod reason;
pub mod replay;
pub mod request;
pub mod scheme;
pub mod secret;
mod status;
pub mod token;
pub mod trust;
pub mod version;

pub use boundary::Bytes;
pub use status::{Status, tollgate_status_text};
