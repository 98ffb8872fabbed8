//! The way in: what has to be right before there is a route to ask anything for.

use crate::check::framing;
use crate::decision::{Denial, Reason};
use crate::policy::{Policy, Route};
use crate::request::{Client, Head, Request};

/// A request whose framing is right, and the route that it is on.
pub(super) struct Entered<'r, 'p> {
    pub(super) head: Head<'r, 'p>,
    /// The place of the route in the policy.
    pub(super) place: usize,
    pub(super) route: &'p Route,
}

/// Why a head was refused, and the client once it is known, so that its failures can be counted.
pub(super) type Refused<'p> = (Option<Client>, Denial<'p>);

/// Framing is looked at before the route, because nothing else may see a request without it.
#[inline]
pub(super) fn enter<'r, 'p>(
    policy: &'p Policy,
    route: &[u8],
    request: &'r Request<'p>,
) -> Result<Entered<'r, 'p>, Denial<'static>> {
    let head = framing::framing(&policy.limits, request)?;
    let (place, route) = policy.route(route).ok_or(Reason::ConfigMissing)?;
    Ok(Entered { head, place, route })
}
