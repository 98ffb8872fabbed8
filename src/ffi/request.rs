//! A request as C gives it: in a struct, or flat.

use super::boundary::{Bytes, Call, Plain, Room, Versioned};
use super::status::Status;
use crate::request::{self, Body, Header, Now};
use core::mem::offset_of;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One header line.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct HeaderLine {
    /// The field name, in any case, without the colon.
    name: Bytes,
    /// The field value. White space around it does not matter.
    value: Bytes,
}

/// A request as the host received it. Everything is lent for the call; nothing is kept. Fill it
/// with TOLLGATE_REQUEST_INIT first.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Request {
    /// sizeof(tollgate_request).
    size: usize,
    /// The name of the route that the request is on, as in the policy.
    route: Bytes,
    /// The method as sent.
    method: Bytes,
    /// The request target exactly as sent: path and query, not decoded.
    target: Bytes,
    /// The host that the caller asked for: the Host header, or :authority; empty if there is none.
    host: Bytes,
    /// The header lines in the order in which they came, one entry a line; NULL if there are none.
    headers: *const HeaderLine,
    /// How many header lines there are. More than the limit of the policy is a denial, not an
    /// error.
    header_count: usize,
    /// The body exactly as received. tollgate_gate_begin() does not look at it.
    body: Bytes,
    /// The address at the other end of the connection, in network byte order: 4 bytes, 16 bytes,
    /// or none for a connection without an address. An IPv6 zone is left out.
    peer: Bytes,
    /// 1 if the connection is TLS, else 0.
    tls: u32,
    /// 0.
    reserved: u32,
    /// Wall-clock time: milliseconds since 1970-01-01T00:00:00Z.
    unix_ms: u64,
    /// Nanoseconds of a clock that never goes back (CLOCK_MONOTONIC), the same one for everybody
    /// who shares the memory for limits.
    monotonic_ns: u64,
    /// The trust signature that the host stored for the payment which the request is about, as
    /// text; empty if there is none. Schemes whose carrier is `stored` compare with it, and deny
    /// without it.
    stored_signature: Bytes,
    /// The trust value that the host stored; empty if there is none. Schemes with a part `stored`
    /// sign it, and deny without it.
    stored_value: Bytes,
    /// The trust seed that the host stored; empty if there is none.
    stored_seed: Bytes,
    /// The id of the credential whose payment it is. With a scheme that looks at a stored value,
    /// every other credential is denied, and so is every one if this is empty.
    stored_credential: Bytes,
}

// SAFETY: `Bytes` twice.
unsafe impl Plain for HeaderLine {}
// SAFETY: numbers, pointers and `Bytes`; the pointers are looked at by `Call` alone.
unsafe impl Plain for Request {}
// SAFETY: `repr(C)`, and `size` is first.
unsafe impl Versioned for Request {
    /// It grew by the stored values.
    const EARLIER: &'static [usize] = &[offset_of!(Request, stored_signature)];
}

/// The most header lines that any policy allows, and one more: so many and more are too many.
pub(super) const MOST_HEADERS: usize = 129;

/// Room for the header lines of one request.
pub(super) type Lines<'a> = Room<Header<'a>, MOST_HEADERS>;

/// What a decision is made of.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) route: &'a [u8],
    pub(super) request: request::Request<'a>,
    pub(super) now: Now,
}

impl Request {
    /// Reads the request and gives it to `decide`.
    pub(super) fn read<R>(
        &self,
        call: &Call,
        streamed: bool,
        decide: impl FnOnce(&Given<'_>) -> R,
    ) -> Result<R, Status> {
        let mut room = Lines::new();
        self.read_lines(call, &mut room)?;
        Ok(decide(&self.given(call, streamed, room.values())?))
    }

    /// The body.
    pub(super) fn body<'c>(&self, call: &'c Call) -> Result<&'c [u8], Status> {
        call.bytes(self.body)
    }

    /// Whether the request can be read.
    pub(super) fn check(&self, call: &Call) -> Result<(), Status> {
        for HeaderLine { name, value } in self.lines(call)? {
            call.bytes(*name)?;
            call.bytes(*value)?;
        }
        self.given(call, false, &[]).map(|_| ())
    }

    /// The header lines: all that any policy allows, and one more if there are more.
    fn lines<'c>(&self, call: &'c Call) -> Result<&'c [HeaderLine], Status> {
        let lines = call.slice(self.headers, self.header_count)?;
        Ok(lines.get(..MOST_HEADERS).unwrap_or(lines))
    }

    /// Reads the header lines into `room`. False if there is not enough.
    #[inline]
    pub(super) fn read_lines<'a, const N: usize>(
        &self,
        call: &'a Call,
        room: &mut Room<Header<'a>, N>,
    ) -> Result<bool, Status> {
        for HeaderLine { name, value } in self.lines(call)? {
            if !room.push(Header { name: call.bytes(*name)?, value: call.bytes(*value)? }) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The request with these header lines.
    #[inline]
    pub(super) fn given<'a>(
        &self,
        call: &'a Call,
        streamed: bool,
        headers: &'a [Header<'a>],
    ) -> Result<Given<'a>, Status> {
        let body = if streamed { Body::Streamed } else { Body::Whole(self.body(call)?) };
        if self.reserved != 0 {
            return Err(Status::InvalidArgument);
        }
        Ok(Given {
            route: call.bytes(self.route)?,
            request: request::Request {
                method: call.bytes(self.method)?,
                target: call.bytes(self.target)?,
                host: call.bytes(self.host)?,
                headers,
                body,
                peer: address(call.bytes(self.peer)?)?,
                tls: flag(self.tls)?,
                stored: request::Stored {
                    signature: call.bytes(self.stored_signature)?,
                    value: call.bytes(self.stored_value)?,
                    seed: call.bytes(self.stored_seed)?,
                    credential: call.bytes(self.stored_credential)?,
                },
            },
            now: Now { unix_ms: self.unix_ms, monotonic_ns: self.monotonic_ns },
        })
    }
}

/// Reads the lines of a head as HTTP/1.1 sends them, `Name: value`, each ended by CRLF or LF, into
/// `room`. The last may lack its end, and an empty line ends the head. A line without a colon is
/// kept as a name without a value, which the first check refuses; so is a folded one.
pub(super) fn read_block<'a>(block: &'a [u8], room: &mut Lines<'a>) {
    let lines =
        block.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    for line in lines.take_while(|line| !line.is_empty()) {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let name = halves.next().unwrap_or(&[]);
        let line = match halves.next() {
            Some(value) => Header { name, value },
            None => Header { name: b" ", value: &[] },
        };
        if !room.push(line) {
            break;
        }
    }
}

/// The address in network byte order.
pub(super) fn address(octets: &[u8]) -> Result<Option<IpAddr>, Status> {
    if octets.is_empty() {
        return Ok(None);
    }
    let v4 = <[u8; 4]>::try_from(octets).map(Ipv4Addr::from).map(IpAddr::V4);
    let v6 = <[u8; 16]>::try_from(octets).map(Ipv6Addr::from).map(IpAddr::V6);
    v4.or(v6).map(Some).map_err(|_| Status::InvalidArgument)
}

/// 0 or 1.
pub(super) const fn flag(value: u32) -> Result<bool, Status> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Status::InvalidArgument),
    }
}
