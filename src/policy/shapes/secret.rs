//! References to secrets in the document.

use super::super::patterns;
use super::super::shape::{Member, Named, Object, Shape, Text};

/// A secret that Tollgate reads when it loads the policy.
pub(super) const SECRET: Shape = Shape::Named(&Named {
    name: "secret",
    doc: "Where a secret is: in an environment variable, in a file, or, for tests, here.",
    shape: Shape::OneOf(&[ENV, FILE, TEXT]),
});

/// The environment variable that holds the secret.
pub(super) const ENV: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "env",
        Shape::Text(Text { min: 1, max: 128, pattern: &patterns::VARIABLE }),
        "The environment variable that holds the secret.",
    )],
});

/// The file that holds the secret.
pub(super) const FILE: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "file",
        Shape::Text(Text { min: 1, max: 4096, pattern: &patterns::FILE }),
        "The file that holds the secret. One line end at its end does not belong to the secret.",
    )],
});

/// The secret itself.
pub(super) const TEXT: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "text",
        Shape::Text(Text { min: 1, max: 65536, pattern: &patterns::ANY }),
        "The secret itself. Only for tests: who may read the policy may read the secret.",
    )],
});

/// A SHA-256 value in place of the secret.
pub(super) const SHA256_OF_SECRET: Shape = Shape::Object(&Object {
    members: &[Member::required(
        "sha256",
        SHA256,
        "The SHA-256 value of the secret, so that the secret itself is nowhere.",
    )],
});

/// A SHA-256 or HMAC-SHA256 value.
pub(super) const SHA256: Shape = Shape::Text(Text { min: 64, max: 64, pattern: &patterns::SHA256 });
