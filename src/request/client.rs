//! Who the client is, behind the hops that the operator trusts.
//!
//! `X-Forwarded-For` is a list to which each proxy appends the address that it sees, over one or
//! several lines. It is read from right to left, and only as far as the addresses belong to
//! trusted hops: the first other address is the client's, and whatever stands left of it is the
//! client's own invention.

use core::net::IpAddr;

use super::Request;
use super::headers::elements_from_last;
use crate::decision::{Denial, Reason};
use crate::primitive::cidr::{fold, parse_address};

const FORWARDED_FOR: &str = "X-Forwarded-For";
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";

/// The client as the trusted hops report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address, with v4-mapped ones folded to IPv4; `None` if the peer has none.
    pub address: Option<IpAddr>,
    /// Whether the client spoke HTTPS.
    pub https: bool,
}

impl Request<'_> {
    /// The client of the request. `trusted` says whose forwarding headers count; the lines of
    /// anybody else are ignored.
    ///
    /// # Errors
    ///
    /// [`Reason::BadForwarded`] if a trusted hop passes on an element that is not an address, or
    /// if there are more than `max_hops` of them.
    pub fn client(
        &self,
        trusted: impl Fn(IpAddr) -> bool,
        max_hops: usize,
    ) -> Result<Client, Denial<'static>> {
        let peer = self.peer.map(fold);
        match peer {
            Some(address) if trusted(address) => self.behind_hops(address, trusted, max_hops),
            _ => Ok(Client { address: peer, https: self.tls }),
        }
    }

    fn behind_hops(
        &self,
        peer: IpAddr,
        trusted: impl Fn(IpAddr) -> bool,
        max_hops: usize,
    ) -> Result<Client, Denial<'static>> {
        let mut client = peer;
        let mut hops = 1_usize;
        for element in self.lines(FORWARDED_FOR).rev().flat_map(elements_from_last) {
            if !trusted(client) {
                break;
            }
            if hops > max_hops {
                return Err(Denial::about(Reason::BadForwarded, FORWARDED_FOR));
            }
            client = forwarded_address(element)
                .ok_or(Denial::about(Reason::BadForwarded, FORWARDED_FOR))?;
            hops = hops.saturating_add(1);
        }
        // `hops` counts the client too, unless the list ended at a trusted hop.
        let walked = if trusted(client) { hops } else { hops.saturating_sub(1) };
        Ok(Client { address: Some(client), https: self.forwarded_https(walked) })
    }

    /// Whether each of the trusted hops that reports a protocol reports `https`. A hop that
    /// reports nothing is asked for nothing; without any report the connection itself counts.
    fn forwarded_https(&self, hops: usize) -> bool {
        let mut reports =
            self.lines(FORWARDED_PROTO).rev().flat_map(elements_from_last).take(hops).peekable();
        match reports.peek() {
            None => self.tls,
            Some(_) => reports.all(|protocol| protocol.eq_ignore_ascii_case(b"https")),
        }
    }
}

/// The address in an element of the list: bare, with a port, or in brackets.
fn forwarded_address(element: &[u8]) -> Option<IpAddr> {
    let address = match element {
        [b'[', rest @ ..] => {
            let mut halves = rest.splitn(2, |byte| *byte == b']');
            let (inside, after) = (halves.next()?, halves.next()?);
            let port_follows = after.is_empty()
                || after.split_first().is_some_and(|(colon, port)| *colon == b':' && is_port(port));
            let address = parse_address(inside).filter(|address| address.is_ipv6());
            address.filter(|_| port_follows)?
        }
        _ => parse_address(element).or_else(|| v4_with_port(element))?,
    };
    Some(fold(address))
}

fn v4_with_port(element: &[u8]) -> Option<IpAddr> {
    let mut halves = element.splitn(2, |byte| *byte == b':');
    let (address, port) = (halves.next()?, halves.next()?);
    parse_address(address).filter(|address| address.is_ipv4() && is_port(port))
}

fn is_port(text: &[u8]) -> bool {
    (1..=5).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}
