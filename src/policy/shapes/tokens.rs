//! Access tokens in the document.

use super::super::patterns;
use super::super::shape::{Array, Integer, Member, Named, Object, Shape, Text};
use super::ID;
use super::credential::TIME;
use super::secret::SECRET;

/// How access tokens are issued and verified.
pub(super) const TOKENS: Shape = Shape::Named(&Named {
    name: "tokens",
    doc: "Access tokens: HS256 JSON Web Tokens (RFC 7519) for one environment and one generation \
          of a credential.",
    shape: Shape::Object(&Object { members: MEMBERS }),
});

const MEMBERS: &[Member] = &[
    Member::required(
        "issuer",
        Shape::Text(Text { min: 1, max: 128, pattern: &patterns::PRINTABLE }),
        "Who issues the tokens: their claim \"iss\".",
    ),
    Member::number(
        "lifetime_s",
        600,
        Shape::Integer(Integer { min: 1, max: 86_400, wants: "a number of seconds" }),
        "How long a token lives, in seconds. One that would live longer is refused.",
    ),
    Member::number(
        "leeway_s",
        5,
        Shape::Integer(Integer { min: 0, max: 300, wants: "a number of seconds" }),
        "How far the clocks of the gateways may differ, in seconds: a token is taken so much \
         before it begins and after it ends.",
    ),
    Member::word(
        "token_type",
        "JWT",
        Shape::Words(&["JWT", "at+jwt"]),
        "The header member \"typ\" of the tokens. A token with another one is refused.",
    ),
    Member::required(
        "keys",
        Shape::Array(&Array { min: 1, max: Some(16), unique: false, items: KEY }),
        "The keys: several while one replaces another. Of those that have begun and not ended, \
         each verifies the tokens that name it, and the one that began last signs.",
    ),
];

const KEY: Shape = Shape::Object(&Object {
    members: &[
        Member::required("kid", ID, "The id of the key, which tokens name."),
        Member::required("key", SECRET, "The key: at least 32 bytes."),
        Member::optional("not_before", TIME, "The first second in which it counts."),
        Member::optional(
            "not_after",
            TIME,
            "The second from which on it no longer counts, nor do the tokens that it signed.",
        ),
    ],
});
