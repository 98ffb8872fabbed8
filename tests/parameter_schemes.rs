//! Built-in schemes whose signature stands in a parameter: of the query, of a form, of a JSON
//! object. Each request is one of `vectors/schemes.json` with something replaced.
#![cfg(feature = "std")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::std_instead_of_alloc,
    reason = "a test reports by panicking; it has std"
)]

#[path = "vectors/schemes.rs"]
mod schemes;

use schemes::{Vector, vectors};
use tollgate::decision::Reason;
use tollgate::scheme::MAX_FIELD;

/// What is replaced, by what, and what results.
type Change = (&'static str, &'static str, Result<(), Reason>);

const MISMATCH: Result<(), Reason> = Err(Reason::SigMismatch);
const ENCODING: Result<(), Reason> = Err(Reason::SigEncoding);
const ABSENT: Result<(), Reason> = Err(Reason::MissingSignature);
const PART: Result<(), Reason> = Err(Reason::SignedPartMissing);
const CARRIER: Result<(), Reason> = Err(Reason::MalformedSignature);
const FORM: Result<(), Reason> = Err(Reason::MalformedBody);

fn first(scheme: &str) -> Vector {
    let found = vectors().into_iter().find(|vector| &*vector.scheme.name == scheme);
    found.expect("a vector of the scheme")
}

/// Every change, in the target and the body, wherever its text stands.
fn check(scheme: &str, changes: &[Change]) {
    for (from, to, wanted) in changes {
        let mut vector = first(scheme);
        let body = String::from_utf8(vector.body).expect("a text");
        assert!(vector.target.contains(from) || body.contains(from), "{scheme} has no {from}");
        vector.target = vector.target.replace(from, to);
        vector.body = body.replace(from, to).into_bytes();
        assert_eq!(vector.verify(), *wanted, "{scheme}: {from} -> {to}");
    }
}

#[test]
fn the_control_of_a_notification() {
    check(
        "directa24-control",
        &[
            ("cashoutID1234", "cashoutID1235", MISMATCH),
            ("control=D", "control=E", MISMATCH),
            ("control=D", "control=d", ENCODING),
            ("control=D", "control=", ENCODING),
            ("control=", "contro=", ABSENT),
            ("external_id", "external", PART),
            ("date=", "external_id=", PART),
            ("date=", "control=", CARRIER),
            ("%3A33", "%3", FORM),
        ],
    );
}

#[test]
fn checkouts_in_a_form() {
    check(
        "razorpay-checkout",
        &[
            ("&", "&page=1&", Ok(())),
            ("razorpay_order_id", "razorpay%5forder%5fid", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR6%35", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR66", MISMATCH),
            ("pay_IH4NVgf4Dreq1l", "pay_IH4NVgf4Dreq1m", MISMATCH),
            ("order_IEIaMR65&razorpay_payment_id=pay", "&razorpay_payment_id=pay", MISMATCH),
            ("razorpay_order_id=order_IEIaMR65", "x=1", PART),
            ("razorpay_order_id", "razorpay_order_id=1&razorpay_order_id", PART),
            ("razorpay_order_id", "%72azorpay_order_id=1&razorpay_order_id", PART),
            // The bar must not move from between the values into one of them.
            ("order_IEIaMR65&razorpay_payment_id=", "order_IEIaMR65%7C&razorpay_payment_id=", PART),
            ("razorpay_signature", "signature", ABSENT),
            ("razorpay_signature=", "razorpay_signature=&x=", ABSENT),
            ("razorpay_signature=", "razorpay_signature=0&razorpay_signature=", CARRIER),
            ("razorpay_signature=", "razorpay_signature=0", ENCODING),
            ("&", "&&", FORM),
            ("&", "&x=%&", FORM),
        ],
    );
    check(
        "razorpay-subscription",
        &[
            ("sub_ID6MOhgkcoHj9I", "sub_ID6MOhgkcoHj9J", MISMATCH),
            ("razorpay_subscription_id", "razorpay_order_id", PART),
        ],
    );
}

#[test]
fn checkouts_in_json() {
    check(
        "razorpay-checkout-json",
        &[
            ("{", "{\"page\": [1, {}], ", Ok(())),
            ("order_IEIaMR65", "order_\\u0049EIaMR65", Ok(())),
            ("order_IEIaMR65", "order_IEIaMR66", MISMATCH),
            ("\"order_IEIaMR65\"", "null", PART),
            ("\"order_IEIaMR65\"", "[\"order_IEIaMR65\"]", PART),
            ("razorpay_order_id", "order_id", PART),
            ("{", "{\"razorpay_order_id\": \"1\", ", PART),
            ("order_IEIaMR65", "order_IEIaMR65|", PART),
            ("{", "{\"razorpay_signature\": \"00\", ", CARRIER),
            ("razorpay_signature", "signature", ABSENT),
            ("}", "", FORM),
            ("{", "[{", FORM),
        ],
    );
    check(
        "razorpay-subscription-json",
        &[("sub_ID6MOhgkcoHj9I", "", MISMATCH), ("razorpay_payment_id", "payment_id", PART)],
    );
}

#[test]
fn payment_links_in_the_query() {
    check(
        "razorpay-payment-link",
        &[
            ("shoe+7%2F%C3%B6", "%73hoe%207/%c3%b6", Ok(())),
            ("?", "?page=1&", Ok(())),
            ("=paid", "=created", MISMATCH),
            ("shoe+7", "shoe+8", MISMATCH),
            ("shoe+7", "shoe|7", PART),
            ("shoe+7", "shoe%7c7", PART),
            ("razorpay_payment_link_status=paid&", "", PART),
            ("?", "?razorpay_payment_link_status=paid&", PART),
            ("?", "?razorpay_payment_link%5Fstatus=paid&", PART),
            ("?", "?razorpay_signature=00&", CARRIER),
            ("?", "?%72azorpay_signature=00&", CARRIER),
            ("?", "?&", CARRIER),
            ("?", "?x=%4&", CARRIER),
            ("razorpay_signature", "signature", ABSENT),
            ("?", "#", ABSENT),
        ],
    );
}

#[test]
fn a_value_has_a_longest_length() {
    for (length, wanted) in [(MAX_FIELD, MISMATCH), (MAX_FIELD + 1, PART)] {
        let long: &'static str = "a".repeat(length).leak();
        check("razorpay-payment-link", &[("shoe+7%2F%C3%B6", long, wanted)]);
        check("razorpay-checkout", &[("order_IEIaMR65", long, wanted)]);
    }
}
