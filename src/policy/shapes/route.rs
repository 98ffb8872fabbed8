//! Routes in the document.

use super::super::patterns;
use super::super::shape::{Array, Integer, Member, Named, Object, Presence, Shape, Text};
use super::{HEADER, ID, NAME, SCHEME_NAME_VALUE, SCOPE, rate};

/// What is required of the requests on a route.
pub(super) const ROUTE: Shape = Shape::Named(&Named {
    name: "route",
    doc: "What is required of a request on this route.",
    shape: Shape::Object(&Object { members: MEMBERS }),
});

const MEMBERS: &[Member] = &[
    Member::flag(
        "token_endpoint",
        false,
        "Whether it gives out tokens (RFC 6749 section 4.4): it takes POST with a form whose \
         \"grant_type\" is \"client_credentials\".",
    ),
    Member::flag("https", true, "Whether the connection must be HTTPS."),
    Member::optional(
        "methods",
        Shape::Array(&Array { min: 1, max: Some(32), unique: true, items: METHOD }),
        "The methods that are allowed, compared with regard to case. Without it, any.",
    ),
    Member::optional(
        "required_headers",
        Shape::Array(&Array { min: 0, max: Some(32), unique: true, items: HEADER }),
        "Headers that must be there.",
    ),
    Member::optional(
        "media_type",
        Shape::Text(Text { min: 3, max: 127, pattern: &patterns::MEDIA_TYPE }),
        "The media type that a body must have. Without it, any.",
    ),
    Member::optional(
        "content_encodings",
        Shape::Array(&Array { min: 0, max: Some(8), unique: true, items: CODING }),
        "The content codings that a body may have; the signature covers the bytes as they come. \
         Without it, none.",
    ),
    Member::required(
        "max_body",
        Shape::Integer(Integer { min: 0, max: 1_073_741_824, wants: "a number of bytes" }),
        "The longest body, in bytes.",
    ),
    Member::flag("utf8_body", false, "Whether the body must be UTF-8."),
    Member::required(
        "credentials",
        Shape::Array(&Array { min: 1, max: Some(8), unique: true, items: KIND }),
        "How a client may say who it is.",
    ),
    Member::optional(
        "signature",
        SCHEME_NAME_VALUE,
        "The scheme that requests are signed by: a built-in one or one of \"schemes\". Without \
         it, requests need no signature.",
    ),
    Member::optional(
        "signed_url",
        Shape::Text(Text { min: 9, max: 2048, pattern: &patterns::URL }),
        "The URL that the sender calls, where the scheme covers it: as the sender knows it, which \
         is not what arrives behind a proxy.",
    ),
    Member::flag(
        "allow_empty_body",
        false,
        "Whether a request without a body may pass where the signature covers nothing else. Its \
         signature is a constant that anyone who has seen it can send again.",
    ),
    Member::optional(
        "replay",
        REPLAY,
        "Each signed message passes only once, and not again as long as it is fresh; the gate needs \
         replay memory for it. Without it, a message may come again.",
    ),
    Member {
        name: "network",
        presence: Presence::Flag(true),
        shape: Shape::OneOf(&[Shape::Boolean, Shape::Words(&["required"])]),
        doc: "Whether the client address must be in the networks of the credential: true where \
              it has some, \"required\" also where it has none, false never.",
    },
    Member::optional("scope", SCOPE, "The scope that the credential must have."),
    Member::optional("rates", rate::RATES, "How many requests may come."),
    Member::optional(
        "dry_run",
        Shape::Array(&Array { min: 0, max: Some(10), unique: true, items: CHECK }),
        "The checks that deny nothing and only report that they would have.",
    ),
    Member::optional(
        "quirks",
        Shape::Array(&Array { min: 0, max: Some(3), unique: true, items: QUIRK }),
        "Known faults of clients that are tolerated and reported.",
    ),
];

const METHOD: Shape = Shape::Text(Text { min: 1, max: 32, pattern: &patterns::METHOD });

const CODING: Shape = Shape::Text(Text { min: 1, max: 32, pattern: &patterns::CODING });

const KIND: Shape = Shape::OneOf(&[
    Shape::Words(&["basic", "bearer", "token", "form", "signature_key"]),
    Shape::Object(&Object {
        members: &[Member::required("api_key", HEADER, "The header that carries the API key.")],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "body",
            Shape::Object(&Object {
                members: &[
                    Member::word("login", "login", Shape::Text(NAME), "The member of the user."),
                    Member::word(
                        "pass",
                        "pass",
                        Shape::Text(NAME),
                        "The member of the passphrase.",
                    ),
                ],
            }),
            "User and passphrase stand in members of the JSON body.",
        )],
    }),
    Shape::Object(&Object {
        members: &[Member::required(
            "fixed",
            ID,
            "Every request comes from the credential with this id and proves it by its \
             signature. It stands alone.",
        )],
    }),
]);

const CHECK: Shape = Shape::Words(&[
    "host",
    "https",
    "required_headers",
    "media_type",
    "throttle",
    "signature",
    "network",
    "scope",
    "rate",
    "replay",
]);

const REPLAY: Shape = Shape::Object(&Object {
    members: &[
        Member::optional(
            "window_s",
            rate::PERIOD,
            "How long a message is remembered at least, in seconds; the memory decides how much \
             longer. Without it, as long as the timestamp of the scheme lets the message be fresh; \
             a scheme without a timestamp needs it. The wall clock counts: set forward by more \
             than twice this time, it makes the memory forget messages without a timestamp.",
        ),
        Member::optional(
            "lease_s",
            Shape::Integer(Integer { min: 1, max: 86_400, wants: "a number of seconds" }),
            "After how many seconds a message may pass again that the host has not confirmed: for \
             webhooks, which must not get lost. Without it, a message that passed is taken unless \
             the host releases it.",
        ),
        Member::word(
            "on_full",
            "deny",
            Shape::Words(&["deny", "allow"]),
            "What becomes of a message that the memory has no room for. With \"allow\" it passes, \
             and may pass again.",
        ),
    ],
});

const QUIRK: Shape = Shape::Words(&["basic_trailing_newline", "basic_unpadded", "basic_raw"]);
