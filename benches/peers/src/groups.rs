//! What is compared, one subject a file.

pub mod batch;
pub mod encoding;
pub mod growth;
pub mod hmac;
pub mod limiter;
pub mod networks;
pub mod request;
pub mod threads;
