//! The policy document, as a table: every member, what may stand there, and what it means.

mod credential;
mod rate;
mod route;
mod scheme;
mod secret;
mod tokens;

use super::patterns;
use super::shape::{Array, Integer, Map, Member, Object, Shape, Text};
pub(super) use credential::CREDENTIAL;

/// The whole document.
pub(super) const POLICY: Shape = Shape::Object(&Object {
    members: &[
        Member::required("tollgate", Shape::Version(1), "The version of the format: 1."),
        Member::optional("$schema", ANY, "Where editors find the schema. Tollgate ignores it."),
        Member::required(
            "environment",
            LOWER_NAME,
            "The environment that the policy serves, such as \"production\". A credential of \
             another environment is denied.",
        ),
        Member::optional(
            "realm",
            Shape::Text(Text { min: 1, max: 64, pattern: &patterns::PRINTABLE }),
            "The realm of the challenges that go with 401. Without it, the environment.",
        ),
        Member::optional(
            "hosts",
            Shape::Array(&Array { min: 0, max: Some(256), unique: true, items: HOST }),
            "The hosts that the policy serves, compared without regard to case. Without it, every \
             host; an empty list denies every request.",
        ),
        Member::optional(
            "trusted_hops",
            NETWORKS,
            "The networks of the proxies in front of the gateway. X-Forwarded-For and \
             X-Forwarded-Proto count only from them. Without it, from nobody.",
        ),
        Member::optional("limits", LIMITS, "Limits on what a request may look like."),
        Member::optional(
            "failures",
            FAILURES,
            "How many failed attempts an address may make. Without it, any number.",
        ),
        Member::optional("passwords", PASSWORDS, "How passphrases with slow hashes are verified."),
        Member::optional(
            "schemes",
            Shape::Map(&Map {
                wants: "an object with schemes by name",
                names: SCHEME_NAME,
                min: 0,
                values: scheme::SCHEME,
            }),
            "Signature schemes beside the built-in ones, by name. A built-in name cannot be \
             given a new meaning.",
        ),
        Member::optional(
            "tokens",
            tokens::TOKENS,
            "How access tokens are issued and verified. Without it, there are none.",
        ),
        Member::required(
            "routes",
            Shape::Map(&Map {
                wants: "an object with routes by name",
                names: NAME,
                min: 1,
                values: route::ROUTE,
            }),
            "What is required of requests, by the name of the route that the gateway passes.",
        ),
        Member::required(
            "credentials",
            Shape::Array(&Array { min: 0, max: None, unique: false, items: CREDENTIAL }),
            "Who may make requests.",
        ),
    ],
});

const LIMITS: Shape = Shape::Object(&Object {
    members: &[
        Member::number("headers", 64, lines(128), "The most header lines."),
        Member::number("header_name", 128, bytes(1024), "The longest header name, in bytes."),
        Member::number("header_value", 8192, bytes(65536), "The longest header value, in bytes."),
        Member::number(
            "header_total",
            16384,
            bytes(262_144),
            "All header names and values together, in bytes.",
        ),
        Member::number("target", 8192, bytes(65536), "The longest request target, in bytes."),
        Member::number(
            "hops",
            16,
            Shape::Integer(Integer { min: 1, max: 64, wants: "a number of addresses" }),
            "The most addresses in X-Forwarded-For.",
        ),
    ],
});

const FAILURES: Shape = Shape::Object(&Object {
    members: &[
        Member::required("limit", rate::REQUESTS, "The failed attempts in a period."),
        Member::required("period_s", rate::PERIOD, "The period, in seconds."),
        Member::optional(
            "burst",
            rate::REQUESTS,
            "The failed attempts that may come at once. Without it, as many as in a period.",
        ),
    ],
});

const PASSWORDS: Shape = Shape::Object(&Object {
    members: &[Member::number(
        "at_once",
        2,
        Shape::Integer(Integer { min: 1, max: 32, wants: "a number" }),
        "How many are verified at once; others are told to come again. Each has the memory that \
         the largest hash asks for, from the time that the policy is loaded on.",
    )],
});

/// Networks, as one text or as a list.
pub(super) const NETWORKS: Shape = Shape::Named(&super::shape::Named {
    name: "networks",
    doc: "IPv4 and IPv6 addresses and networks (10.0.0.0/28). The words \"any\", \"any-ipv4\" and \
          \"any-ipv6\" stand for all of them. An empty list allows nobody.",
    shape: Shape::OneOf(&[
        Shape::Text(Text { min: 1, max: 65536, pattern: &patterns::NETWORK_LIST }),
        Shape::Array(&Array { min: 0, max: Some(4096), unique: false, items: NETWORK }),
    ]),
});

const NETWORK: Shape = Shape::Text(Text { min: 1, max: 64, pattern: &patterns::NETWORK });

const ANY: Shape = Shape::Text(Text { min: 0, max: 2048, pattern: &patterns::ANY });

const HOST: Shape = Shape::Text(Text { min: 1, max: 259, pattern: &patterns::HOST });

/// An environment, or the name of a rate.
const LOWER_NAME: Shape = Shape::Text(Text { min: 1, max: 32, pattern: &patterns::LOWER_NAME });

const SCHEME_NAME: Text = Text { min: 1, max: 48, pattern: &patterns::SCHEME_NAME };

const SCHEME_NAME_VALUE: Shape = Shape::Text(SCHEME_NAME);

const NAME: Text = Text { min: 1, max: 64, pattern: &patterns::NAME };

const ID: Shape = Shape::Text(Text { min: 1, max: 64, pattern: &patterns::ID });

const HEADER: Shape = Shape::Text(Text { min: 1, max: 128, pattern: &patterns::HEADER });

const SCOPE: Shape = Shape::Text(Text { min: 1, max: 64, pattern: &patterns::SCOPE });

/// A number of bytes from 1 to `max`.
const fn bytes(max: u64) -> Shape {
    Shape::Integer(Integer { min: 1, max, wants: "a number of bytes" })
}

/// A number of lines from 1 to `max`.
const fn lines(max: u64) -> Shape {
    Shape::Integer(Integer { min: 1, max, wants: "a number of lines" })
}
