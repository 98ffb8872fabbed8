//! Rate limits.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::compiled::{OwnRate, Per, RouteRate};
use super::super::fields::Fields;
use super::Work;
use super::names::{Names, unknown};
use crate::limit::Rate;

/// Nanoseconds in a second.
const SECOND_NS: u64 = 1_000_000_000;

/// The limit that `fields` write. A request must not cost more than may come at once: it would
/// never pass.
pub(super) fn rate(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<Rate> {
    let limit = fields.number("limit");
    let burst = fields.optional_number("burst").unwrap_or(limit);
    let cost = fields.number("cost");
    if cost > burst {
        let message =
            format!("a cost of {cost} never fits into a burst of {burst}; write at most {burst}");
        work.problems.add(fields.at("cost"), message);
    }
    let period_ns = fields.number("period_s").saturating_mul(SECOND_NS);
    let rate = Rate::new(limit, period_ns, burst);
    rate.map_err(|error| work.problems.add(fields.start, error.to_string())).ok()
}

/// The limits of a route.
pub(super) fn route_rates<'d>(
    route: &Fields<'d, '_>,
    names: &mut Names<'d>,
    work: &mut Work<'_>,
) -> Box<[RouteRate]> {
    let mut rates: Vec<RouteRate> = Vec::new();
    for fields in route.objects("rates") {
        let Some(limit) = route_rate(&fields, work) else { continue };
        if rates.iter().any(|other| other.name == limit.name) {
            let message = "the route has a rate of this name; write another name";
            work.problems.add(fields.at("name"), message);
        } else {
            define(&fields, &limit, names, work);
        }
        rates.push(limit);
    }
    rates.into_boxed_slice()
}

fn route_rate(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<RouteRate> {
    let per = if fields.text("per") == "address" { Per::Address } else { Per::Credential };
    let rate = rate(fields, work)?;
    Some(RouteRate { name: Box::from(fields.text("name")), per, rate, cost: fields.number("cost") })
}

/// Limits with one name share their count, so they must agree on what is counted.
fn define<'d>(
    fields: &Fields<'d, '_>,
    limit: &RouteRate,
    names: &mut Names<'d>,
    work: &mut Work<'_>,
) {
    let name = fields.text("name");
    match names.rates.iter().find(|(known, ..)| *known == name) {
        None => names.rates.push((name, limit.per, limit.rate)),
        Some((_, per, rate)) if *per == limit.per && *rate == limit.rate => {}
        Some(_) => {
            let message = "a rate of this name has other numbers on another route, with which it \
                           would share its count; write the same numbers or another name";
            work.problems.add(fields.at("name"), message);
        }
    }
}

/// The limits that a credential has in place of those of the routes.
pub(super) fn own_rates(
    credential: &Fields<'_, '_>,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Box<[OwnRate]> {
    let mut rates: Vec<OwnRate> = Vec::new();
    for fields in credential.objects("rates") {
        let name = fields.text("name");
        check_own(name, fields.at("name"), names, work);
        if rates.iter().any(|other| &*other.name == name) {
            let message = "the credential has a rate of this name; keep one of them";
            work.problems.add(fields.at("name"), message);
        }
        if let Some(rate) = rate(&fields, work) {
            rates.push(OwnRate { name: Box::from(name), rate, cost: fields.number("cost") });
        }
    }
    rates.into_boxed_slice()
}

fn check_own(name: &str, offset: usize, names: &Names<'_>, work: &mut Work<'_>) {
    match names.rates.iter().find(|(known, ..)| *known == name) {
        Some((_, Per::Credential, _)) => {}
        Some((_, Per::Address, _)) => {
            let message = "the rate counts addresses, no credential can have its own; remove it";
            work.problems.add(offset, message);
        }
        None => {
            let known = names.rates.iter().filter(|(_, per, _)| *per == Per::Credential);
            let known: Vec<_> = known.map(|(name, ..)| *name).collect();
            work.problems.add(offset, unknown("no route has the rate", name, &known));
        }
    }
}
