//! The policy: what a gate requires of requests and who may make them, as one JSON document.
//!
//! A document is loaded whole or not at all. Every error names its line, its column, the path of
//! the value and what to write instead, and all errors are reported, not the first.

mod compile;
mod compiled;
mod cursor;
mod document;
mod error;
mod fields;
mod generation;
mod index;
mod nearest;
mod octets;
mod outline;
mod path;
mod patterns;
mod problems;
mod read;
mod record;
mod schema;
mod secrets;
mod shape;
mod shapes;
mod tokens;
mod values;
mod wants;

pub use compile::Source;
pub use compiled::Policy;
pub(crate) use compiled::{
    BasicRecord, Credential, MAX_RATES, NetworkRule, PassphraseKind, Per, Replay, Route, RouteRate,
    SecretGeneration, State,
};
pub use error::{PolicyError, PolicyErrors};
pub(crate) use generation::{Generation, MAX_VALUES, Presented};
pub use record::SecretKind;
pub(crate) use record::{Record, Stored, compact};
pub use schema::{JSON_SCHEMA, render_schema};
#[cfg(feature = "std")]
pub use secrets::HostSecrets;
pub use secrets::{MAX_SECRET, NoSecrets, SecretBytes, SecretSource};

use document::Document;
use problems::Problems;

/// Checks the form of the policy document `text`: everything that the JSON Schema says of it, and
/// that no member stands twice. Secrets are not read and names are not resolved.
///
/// # Errors
///
/// All the errors of form, in the order of their positions. A text that is not JSON (RFC 8259) in
/// UTF-8 gives one error.
pub fn check_form(text: &[u8]) -> Result<(), PolicyErrors> {
    let mut problems = Problems::default();
    let document = Document::parse_policy(text, &mut problems)?;
    read::check_policy(&document, &mut problems)?;
    problems.report(&document)
}
