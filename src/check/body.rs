//! Is the body as long as it may and should be, and in UTF-8?

use crate::decision::{Denial, Reason};
use crate::policy::Route;
use crate::primitive::utf8::Utf8Check;

/// What is known of a body while it comes in.
#[derive(Clone, Default)]
pub(crate) struct BodyProgress {
    received: u64,
    declared: Option<u64>,
    utf8: Option<Utf8Check>,
    /// Whether there must be no body, because nothing says of what type it is.
    unexpected: bool,
}

impl BodyProgress {
    pub(crate) fn new(route: &Route, declared: Option<u64>, unexpected: bool) -> Self {
        Self { received: 0, declared, utf8: route.utf8_body.then(Utf8Check::new), unexpected }
    }

    /// Takes note of the next piece.
    pub(crate) fn update(&mut self, route: &Route, bytes: &[u8]) -> Result<(), Denial<'static>> {
        self.received =
            self.received.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.unexpected && !bytes.is_empty() {
            return Err(Denial::about(Reason::BadContentType, "Content-Type"));
        }
        if self.received > route.max_body {
            return Err(Reason::BodyTooLarge.into());
        }
        if self.declared.is_some_and(|declared| self.received > declared) {
            return Err(Reason::LengthMismatch.into());
        }
        let sound = self.utf8.as_mut().is_none_or(|check| check.update(bytes));
        if sound { Ok(()) } else { Err(Reason::BodyNotUtf8.into()) }
    }

    /// Whether the body is all there.
    pub(crate) fn finish(&self) -> Result<(), Reason> {
        if self.declared.is_some_and(|declared| self.received != declared) {
            return Err(Reason::LengthMismatch);
        }
        match &self.utf8 {
            Some(check) if !check.finish() => Err(Reason::BodyNotUtf8),
            _ => Ok(()),
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.received == 0
    }
}
