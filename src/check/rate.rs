//! Are the rate limits of the route used up? All are decided before any is charged.

use crate::decision::{RateReport, Reason};
use crate::limit::{Binding, Charge, Outcome, Subject, Table, charge_all, peek_all};
use crate::policy::{Credential, MAX_RATES, Per, Route, RouteRate};
use crate::primitive::text::Text;
use crate::request::Client;

/// What the rate limits say.
pub(crate) struct RateAnswer {
    pub(crate) result: Result<(), Reason>,
    pub(crate) report: Option<RateReport>,
    pub(crate) retry_after_ms: Option<u64>,
}

impl RateAnswer {
    const fn without_report(result: Result<(), Reason>) -> Self {
        Self { result, report: None, retry_after_ms: None }
    }
}

/// Whether a request is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// It is.
    Charge,
    /// It is not: the question is asked before the request is known to pass.
    Peek,
}

pub(crate) fn rates(
    limits: Option<&Table<'_>>,
    route: &Route,
    credential: &Credential,
    client: &Client,
    monotonic_ns: u64,
    count: Count,
) -> RateAnswer {
    let Some(first) = route.rates.first() else { return RateAnswer::without_report(Ok(())) };
    let Some(table) = limits else {
        return RateAnswer::without_report(Err(Reason::LimitsUnavailable));
    };
    let ask = |charges: &[Charge<'_>]| {
        let outcome = match count {
            Count::Charge => charge_all(table, monotonic_ns, charges),
            Count::Peek => peek_all(table, monotonic_ns, charges),
        };
        answer(route, charges, outcome)
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

/// The limit of the route, or the one that the credential has in its place.
fn charge<'a>(limit: &'a RouteRate, credential: &'a Credential, client: &Client) -> Charge<'a> {
    let own = credential.rates.iter().find(|own| own.name == limit.name);
    let (rate, cost) = own.map_or((&limit.rate, limit.cost), |own| (&own.rate, own.cost));
    let name = limit.name.as_bytes();
    let subject = match limit.per {
        Per::Credential => Subject::Credential { id: credential.id.as_bytes(), limit: name },
        Per::Address => Subject::Address { address: client.address, limit: name },
    };
    Charge { subject, rate, cost }
}

fn answer(route: &Route, charges: &[Charge<'_>], outcome: Outcome) -> RateAnswer {
    let report = |binding: Binding| {
        let name = &route.rates.get(binding.index)?.name;
        let rate = charges.get(binding.index)?.rate;
        Some(RateReport {
            name: Text::truncated(name),
            quota: rate.quota(),
            window_s: seconds(rate.tolerance_ns()),
            remaining: binding.remaining,
            reset_s: seconds(binding.reset_ns),
        })
    };
    match outcome {
        Outcome::Admitted { binding } => {
            RateAnswer { result: Ok(()), report: binding.and_then(report), retry_after_ms: None }
        }
        Outcome::Denied { binding, wait_ns } => RateAnswer {
            result: Err(Reason::RateLimited),
            report: report(binding),
            retry_after_ms: wait_ns.map(|wait| wait.div_ceil(1_000_000).max(1)),
        },
        Outcome::Full { .. } => RateAnswer::without_report(Err(Reason::LimitsFull)),
        Outcome::TooMany => RateAnswer::without_report(Err(Reason::Internal)),
    }
}

const fn seconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}
