//! The checks: one question each. A check never calls another; the order is in [`crate::verify`].

pub(crate) mod body;
pub(crate) mod credential;
pub(crate) mod framing;
pub(crate) mod generation;
pub(crate) mod grant;
pub(crate) mod media;
pub(crate) mod network;
pub(crate) mod rate;
pub(crate) mod replay;
pub(crate) mod scope;
pub(crate) mod signature;
pub(crate) mod state;
pub(crate) mod throttle;
pub(crate) mod transport;
