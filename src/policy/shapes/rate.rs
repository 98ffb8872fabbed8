//! Rate limits in the document.

use super::super::shape::{Array, Integer, Member, Object, Shape};
use super::LOWER_NAME;

/// The rates of a route.
pub(super) const RATES: Shape =
    Shape::Array(&Array { min: 0, max: Some(4), unique: false, items: RATE });

/// The rates that a credential has of its own.
pub(super) const OWN_RATES: Shape =
    Shape::Array(&Array { min: 0, max: Some(16), unique: false, items: OWN_RATE });

const RATE: Shape = Shape::Object(&Object {
    members: &[
        Member::required("name", LOWER_NAME, "The name: answers carry it."),
        Member::required(
            "per",
            Shape::Words(&["credential", "address"]),
            "Whether each credential or each client address (/64 for IPv6) is counted by itself.",
        ),
        LIMIT,
        PERIOD_S,
        BURST,
        COST,
    ],
});

const OWN_RATE: Shape = Shape::Object(&Object {
    members: &[
        Member::required("name", LOWER_NAME, "The rate of the routes that these numbers replace."),
        Member::word(
            "per",
            "credential",
            Shape::Words(&["credential"]),
            "Only a rate that is counted for each credential can be replaced.",
        ),
        LIMIT,
        PERIOD_S,
        BURST,
        COST,
    ],
});

const LIMIT: Member = Member::required("limit", REQUESTS, "The requests in a period.");

const PERIOD_S: Member = Member::required("period_s", PERIOD, "The period, in seconds.");

const BURST: Member = Member::optional(
    "burst",
    REQUESTS,
    "The requests that may come at once. Without it, as many as in a period.",
);

const COST: Member =
    Member::number("cost", 1, REQUESTS, "How many requests one request counts for.");

/// A number of requests.
pub(super) const REQUESTS: Shape =
    Shape::Integer(Integer { min: 1, max: 1_000_000, wants: "a number of requests" });

/// A period: at most 31 days.
pub(super) const PERIOD: Shape =
    Shape::Integer(Integer { min: 1, max: 2_678_400, wants: "a number of seconds" });
