//! Putting a configured URL into a scheme.

use super::{Part, Scheme};
use crate::primitive::data::Data;

impl Scheme {
    /// The same scheme for a receiver that the sender knows under `url`, which takes the place of
    /// every [`Part::Url`]. Without an allocator, write the parts with a [`Part::Literal`] there.
    #[must_use]
    pub fn with_url(&self, url: &str) -> Self {
        let put_in = |part: &Part| match part {
            Part::Url => Part::Literal(Data::Owned(url.into())),
            other => other.clone(),
        };
        Self { parts: Data::Owned(self.parts.iter().map(put_in).collect()), ..self.clone() }
    }
}
