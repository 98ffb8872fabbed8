//! The generations of a secret: its values, of which several count while one replaces another.

use super::fields::Fields;
use super::problems::Problems;
use crate::decision::Reason;
use crate::scheme::{TimeFormat, parse_time};

/// The most values of an API key or a passphrase at a time.
pub(crate) const MAX_VALUES: usize = 8;

/// The number of one value of a secret, and the time in which the value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation {
    /// Its number, at least 1; 0 if it was written without one.
    pub(crate) number: u32,
    /// It counts from this Unix time in milliseconds on.
    pub(crate) not_before_ms: u64,
    /// It counts strictly before this Unix time in milliseconds.
    pub(crate) not_after_ms: u64,
}

impl Generation {
    /// That of a value that is the only one.
    pub(crate) const ONLY: Self = Self { number: 0, not_before_ms: 0, not_after_ms: u64::MAX };

    /// Whether the value counts now.
    pub(crate) const fn counts(&self, unix_ms: u64) -> bool {
        self.not_before_ms <= unix_ms && unix_ms < self.not_after_ms
    }

    /// Why the value does not count now, if it does not. `all` are the generations of the same
    /// secret: one of them may have taken its place.
    pub(crate) fn judge<'g>(
        &self,
        mut all: impl Iterator<Item = &'g Generation>,
        unix_ms: u64,
    ) -> Result<(), Reason> {
        match () {
            () if self.counts(unix_ms) => Ok(()),
            () if unix_ms < self.not_before_ms => Err(Reason::NotYetActive),
            () if all.any(|other| other.counts(unix_ms)) => Err(Reason::RotatedOut),
            () => Err(Reason::ExpiredKey),
        }
    }
}

/// Which value of which secret a request presented, by its place in the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presented {
    /// None that is right.
    Nothing,
    /// An API key.
    ApiKey(usize),
    /// A passphrase.
    Passphrase(usize),
}

/// The time that the member `name` is, in Unix milliseconds. That there is none, although it has
/// the form of one, is added to `problems`.
pub(super) fn time(fields: &Fields<'_, '_>, name: &str, problems: &mut Problems) -> Option<u64> {
    let text = fields.optional_text(name)?;
    let time = parse_time(TimeFormat::Rfc3339, text.as_bytes());
    if time.is_none() {
        let message =
            "there is no such time from 1970 to 9999; write one such as \"2026-01-31T00:00:00Z\"";
        problems.add(fields.at(name), message);
    }
    time
}
