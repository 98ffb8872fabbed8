//! Credentials in the document.

use super::super::generation::MAX_VALUES;
use super::super::patterns;
use super::super::shape::{Array, Integer, Member, Named, Object, Shape, Text};
use super::secret::{ENV, FILE, SECRET, SHA256, SHA256_OF_SECRET, TEXT};
use super::{ID, LOWER_NAME, NETWORKS, SCHEME_NAME_VALUE, SCOPE, rate};

/// A record of one client.
pub(in super::super) const CREDENTIAL: Shape = Shape::Named(&Named {
    name: "credential",
    doc: "One client: how it authenticates, what signs its requests, and what it may do.",
    shape: Shape::Object(&Object { members: MEMBERS }),
});

const MEMBERS: &[Member] = &[
    Member::required("id", ID, "The id: decisions and logs carry it, so it must not be secret."),
    Member::optional(
        "environment",
        LOWER_NAME,
        "The environment that it was issued for. Without it, that of the policy. In any other it \
         is denied.",
    ),
    Member::word(
        "state",
        "active",
        Shape::Words(&["active", "suspended", "revoked"]),
        "Whether it may be used.",
    ),
    Member::number(
        "generation",
        1,
        Shape::Integer(Integer { min: 1, max: 4_294_967_295, wants: "a number" }),
        "Its generation. A higher number, when its secrets are reset, ends all tokens that were \
         issued to it.",
    ),
    Member::optional(
        "api_key",
        API_KEY,
        "The API key: one value, or several while one replaces another. It is held as a hash.",
    ),
    Member::flag(
        "key_is_public",
        false,
        "Whether the API key is no secret, as a login is. Then it says who a client is only where \
         a signature proves it, and is unknown on other routes.",
    ),
    Member::optional("basic", BASIC, "User and passphrase, for Basic and for \"body\"."),
    Member::optional(
        "secrets",
        Shape::Array(&Array { min: 0, max: Some(64), unique: false, items: GENERATION }),
        "The secrets that sign requests: several while one replaces another.",
    ),
    Member::optional(
        "networks",
        NETWORKS,
        "The networks that requests may come from. Without it, any; an empty list allows nobody.",
    ),
    Member::optional(
        "scopes",
        Shape::Array(&Array { min: 0, max: Some(64), unique: true, items: SCOPE }),
        "The scopes that it has. Without it, none.",
    ),
    Member::optional(
        "rates",
        rate::OWN_RATES,
        "Rates of this credential in place of those of the routes.",
    ),
];

const API_KEY: Shape = Shape::OneOf(&[
    SHA256_OF_SECRET,
    HMAC_OF_SECRET,
    ENV,
    FILE,
    TEXT,
    Shape::Array(&Array { min: 1, max: Some(MAX_VALUES), unique: false, items: KEY_GENERATION }),
]);

const KEY_GENERATION: Shape = Shape::Object(&Object {
    members: &[
        NUMBER,
        Member::required(
            "key",
            Shape::OneOf(&[SHA256_OF_SECRET, HMAC_OF_SECRET, ENV, FILE, TEXT]),
            "The value, or what is kept in its place.",
        ),
        NOT_BEFORE,
        NOT_AFTER,
    ],
});

const BASIC: Shape = Shape::Object(&Object {
    members: &[
        Member::required(
            "user",
            Shape::Text(Text { min: 0, max: 128, pattern: &patterns::USER }),
            "The user name.",
        ),
        Member::required(
            "passphrase",
            PASSPHRASE,
            "The passphrase, or what is kept in its place: one value, or several while one replaces \
             another.",
        ),
        Member::optional(
            "charset",
            Shape::Words(&["utf-8"]),
            "The encoding that user and passphrase must be in. Without it, any bytes.",
        ),
    ],
});

const PASSPHRASE: Shape = Shape::OneOf(&[
    SHA256_OF_SECRET,
    HMAC_OF_SECRET,
    PASSWORD_HASH,
    ENV,
    FILE,
    TEXT,
    Shape::Array(&Array {
        min: 1,
        max: Some(MAX_VALUES),
        unique: false,
        items: PASSPHRASE_GENERATION,
    }),
]);

const PASSPHRASE_GENERATION: Shape = Shape::Object(&Object {
    members: &[
        NUMBER,
        Member::required(
            "passphrase",
            Shape::OneOf(&[SHA256_OF_SECRET, HMAC_OF_SECRET, PASSWORD_HASH, ENV, FILE, TEXT]),
            "The value, or what is kept in its place.",
        ),
        NOT_BEFORE,
        NOT_AFTER,
    ],
});

const HMAC_OF_SECRET: Shape = Shape::Object(&Object {
    members: &[
        Member::required(
            "hmac_sha256",
            SHA256,
            "The HMAC-SHA256 value of the secret under the pepper.",
        ),
        Member::required("pepper", SECRET, "The key of the HMAC, kept apart from the policy."),
    ],
});

const PASSWORD_HASH: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "password_hash",
        Shape::Text(Text { min: 1, max: 256, pattern: &patterns::PASSWORD_HASH }),
        "The slow hash of a passphrase that a person chose: argon2id, bcrypt (as `htpasswd -B` \
         makes it) or PBKDF2. Only a library that was built with the feature `password` loads it.",
    )],
});

const GENERATION: Shape = Shape::Object(&Object {
    members: &[
        NUMBER,
        Member::required("key", SECRET, "The value."),
        Member::optional(
            "schemes",
            Shape::Array(&Array { min: 1, max: Some(32), unique: true, items: SCHEME_NAME_VALUE }),
            "The schemes that it signs. Without it, all of them.",
        ),
        NOT_BEFORE,
        NOT_AFTER,
    ],
});

const NUMBER: Member = Member::required(
    "generation",
    Shape::Integer(Integer { min: 1, max: 4_294_967_295, wants: "a number" }),
    "The number of this value: decisions carry it, so that one sees when the old one is no longer \
     used.",
);

const NOT_BEFORE: Member =
    Member::optional("not_before", TIME, "The first second in which it counts.");

const NOT_AFTER: Member =
    Member::optional("not_after", TIME, "The second from which on it no longer counts.");

/// A moment, to the second.
pub(super) const TIME: Shape = Shape::Text(Text { min: 20, max: 20, pattern: &patterns::TIME });
