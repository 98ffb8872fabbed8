//! Are the rate limits of the route used up? All are decided before any is charged.

use crate::decision::{RateReport, Reason};
use crate::limit::{Binding, Charge, Outcome, Subject, Table, charge_all, peek_all};
use crate::policy::{Credential, MAX_RATES, Per, Route, RouteRate};
use crate::primitive::text::Text;
use crate::request::Client;

/// Whether a request is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// It is.
    Charge,
    /// It is not: the question is asked before the request is known to pass.
    Peek,
}

/// What the rate limits say, and if they have no room, the milliseconds after which they do.
/// `report` gets how the one that binds stands, where it was made: it is large.
pub(crate) fn rates(
    limits: Option<&Table<'_>>,
    route: &Route,
    credential: &Credential,
    client: &Client,
    monotonic_ns: u64,
    count: Count,
    report: &mut Option<RateReport>,
) -> (Result<(), Reason>, Option<u64>) {
    *report = None;
    let Some(first) = route.rates.first() else { return (Ok(()), None) };
    let Some(table) = limits else { return (Err(Reason::LimitsUnavailable), None) };
    let mut ask = |charges: &[Charge<'_>]| {
        let outcome = match count {
            Count::Charge => charge_all(table, monotonic_ns, charges),
            Count::Peek => peek_all(table, monotonic_ns, charges),
        };
        answer(route, charges, &outcome, report)
    };
    let first = charge(first, credential, client);
    if route.rates.len() == 1 {
        return ask(&[first]);
    }
    let mut room = [first; MAX_RATES];
    for (place, limit) in room.iter_mut().zip(&route.rates) {
        *place = charge(limit, credential, client);
    }
    ask(room.get(..route.rates.len()).unwrap_or(&room))
}

/// Asks for the memory of the limits, which will be looked at when much else has been done.
pub(crate) fn prefetch(
    limits: Option<&Table<'_>>,
    route: &Route,
    credential: &Credential,
    client: &Client,
) {
    if let Some(table) = limits {
        route.rates.iter().for_each(|rate| table.prefetch(&subject(rate, credential, client)));
    }
}

/// The limit of the route, or the one that the credential has in its place.
fn charge<'a>(limit: &'a RouteRate, credential: &'a Credential, client: &Client) -> Charge<'a> {
    let own = credential.rates.iter().find(|own| own.name == limit.name);
    let (rate, cost) = own.map_or((&limit.rate, limit.cost), |own| (&own.rate, own.cost));
    Charge { subject: subject(limit, credential, client), rate, cost }
}

/// Whom the limit is about.
fn subject<'a>(limit: &'a RouteRate, credential: &'a Credential, client: &Client) -> Subject<'a> {
    let name = limit.name.as_bytes();
    match limit.per {
        Per::Credential => Subject::Credential { id: credential.id.as_bytes(), limit: name },
        Per::Address => Subject::Address { address: client.address, limit: name },
    }
}

fn answer(
    route: &Route,
    charges: &[Charge<'_>],
    outcome: &Outcome,
    report: &mut Option<RateReport>,
) -> (Result<(), Reason>, Option<u64>) {
    let mut tell = |binding: &Binding| {
        let (limit, charge) = (route.rates.get(binding.index)?, charges.get(binding.index)?);
        *report = Some(RateReport {
            name: Text::truncated(&limit.name),
            quota: charge.rate.quota(),
            window_s: seconds(charge.rate.tolerance_ns()),
            remaining: binding.remaining,
            reset_s: seconds(binding.reset_ns),
        });
        Some(())
    };
    match outcome {
        Outcome::Admitted { binding } => {
            binding.as_ref().and_then(tell);
            (Ok(()), None)
        }
        Outcome::Denied { binding, wait_ns } => {
            tell(binding);
            (Err(Reason::RateLimited), wait_ns.map(|wait| wait.div_ceil(1_000_000).max(1)))
        }
        Outcome::Full { .. } => (Err(Reason::LimitsFull), None),
        Outcome::TooMany => (Err(Reason::Internal), None),
    }
}

const fn seconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}
