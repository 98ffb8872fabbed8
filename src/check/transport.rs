//! Did the request come to the right host, over HTTPS, with a method and headers that the route
//! takes?

use crate::decision::{Denial, Reason};
use crate::policy::{Policy, Route};
use crate::request::{Client, Request, same_name};

pub(crate) fn host(policy: &Policy, request: &Request<'_>) -> Result<(), Reason> {
    let Some(served) = &policy.hosts else { return Ok(()) };
    if served.iter().any(|host| names_host(request.host, host)) {
        Ok(())
    } else {
        Err(Reason::WrongHost)
    }
}

/// Whether `asked` is `served`, without regard to case, and to the port where `served` has none.
fn names_host(asked: &[u8], served: &str) -> bool {
    if same_name(asked, served.as_bytes()) {
        return true;
    }
    let port = |after: &[u8]| {
        after.first() == Some(&b':')
            && after.len() > 1
            && after.iter().skip(1).all(u8::is_ascii_digit)
    };
    let has_port = served.rsplit(':').next().is_some_and(|last| {
        last.len() < served.len() && last.bytes().all(|byte| byte.is_ascii_digit())
    });
    let with_port = asked
        .split_at_checked(served.len())
        .is_some_and(|(host, after)| same_name(host, served.as_bytes()) && port(after));
    with_port && !has_port
}

pub(crate) fn https(route: &Route, client: &Client) -> Result<(), Reason> {
    if route.https && !client.https { Err(Reason::TlsRequired) } else { Ok(()) }
}

pub(crate) fn method(route: &Route, request: &Request<'_>) -> Result<(), Reason> {
    let Some(methods) = &route.methods else { return Ok(()) };
    if methods.iter().any(|method| method.as_bytes() == request.method) {
        Ok(())
    } else {
        Err(Reason::MethodNotAllowed)
    }
}

pub(crate) fn required_headers<'p>(
    route: &'p Route,
    request: &Request<'_>,
) -> Result<(), Denial<'p>> {
    for name in &route.required_headers {
        if request.lines(name).all(<[u8]>::is_empty) {
            return Err(Denial::about(Reason::MissingHeader, name));
        }
    }
    Ok(())
}
