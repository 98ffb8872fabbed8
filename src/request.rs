//! A borrowed view of what the host received. Nothing is copied.

mod client;
#[cfg(feature = "alloc")]
mod head;
mod headers;
mod target;

pub use client::Client;
#[cfg(feature = "alloc")]
pub(crate) use head::{Head, Taken, Usual};
pub use headers::Header;
pub(crate) use headers::{elements, same_name};
pub use target::{query_values, split_target};

use core::net::IpAddr;

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// All of it, exactly as it was received.
    Whole(&'a [u8]),
    /// It comes later, in pieces.
    Streamed,
}

/// A request as the host received it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, as sent: `POST`.
    pub method: &'a [u8],
    /// The request target exactly as sent, with its query and without decoding: a signature may
    /// cover it (RFC 9112 section 3.2).
    pub target: &'a [u8],
    /// The host that the caller asked for: `Host`, or `:authority`; empty if there is none.
    pub host: &'a [u8],
    /// The header lines in the order in which they came, one entry a line. Several lines with one
    /// name stay several.
    pub headers: &'a [Header<'a>],
    /// The body.
    pub body: Body<'a>,
    /// The address at the other end of the connection; `None` where there is none (a Unix
    /// socket).
    pub peer: Option<IpAddr>,
    /// Whether the connection was TLS.
    pub tls: bool,
    /// What the host keeps of the payment that the request is about.
    pub stored: Stored<'a>,
}

/// What a host keeps of a payment and passes with a request about it, for schemes that compare the
/// two. It was looked up by something that the request says, such as an order id, and so the
/// request may be about a payment of somebody else. What is empty is not there: a scheme that needs
/// it denies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The signature, encoded as the scheme says.
    pub signature: &'a [u8],
    /// The trust value.
    pub value: &'a [u8],
    /// The trust seed.
    pub seed: &'a [u8],
    /// The id of the credential whose payment it is. A gate denies every other one; a scheme by
    /// itself knows no credentials and does not look at it.
    pub credential: &'a [u8],
}

impl Stored<'_> {
    /// Nothing.
    pub const NONE: Self = Self { signature: &[], value: &[], seed: &[], credential: &[] };
}

/// The time, which the host reads: once for a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Wall-clock time: milliseconds since 1970-01-01T00:00:00Z. Dates are compared with it.
    pub unix_ms: u64,
    /// Nanoseconds of a clock that never goes back, the same one for everybody who shares the
    /// memory for limits. Durations are measured with it.
    pub monotonic_ns: u64,
}

/// Limits on the head of a request, held before any other work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Header lines.
    pub headers: usize,
    /// Bytes in a header name.
    pub header_name: usize,
    /// Bytes in a header value.
    pub header_value: usize,
    /// Bytes in all names and values together.
    pub header_total: usize,
    /// Bytes in the request target.
    pub target: usize,
    /// Trusted hops that are walked through.
    pub hops: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            headers: 64,
            header_name: 128,
            header_value: 8192,
            header_total: 16384,
            target: 8192,
            hops: 16,
        }
    }
}
