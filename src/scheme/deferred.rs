//! Signatures whose MACs are computed together with those of other messages.

use super::mac::Mac;
use super::{Algorithm, MAX_GENERATIONS, Part, Scheme, Verification};
use crate::primitive::hmac::HmacSha256;

impl Scheme {
    /// Whether its MAC is an HMAC-SHA256 of something that the head tells, and of nothing but the
    /// body behind that.
    pub(crate) fn is_deferrable(&self) -> bool {
        let before_body = |part: &&Part| {
            !matches!(part, Part::Body | Part::BodyDigest { .. } | Part::NonceDigest { .. })
        };
        let mut behind = self.parts.iter().skip_while(before_body);
        let ends = matches!((behind.next(), behind.next()), (None | Some(Part::Body), None));
        ends && self.algorithm == Algorithm::HmacSha256
    }
}

/// With a scheme that is [deferrable](Scheme::is_deferrable), instead of
/// [`update`](Verification::update).
impl Verification {
    /// Takes the whole body, but leaves the MACs alone.
    pub(crate) fn defer(&mut self, body: &[u8]) {
        if let Some(check) = &mut self.body_check {
            check.update(body);
        }
    }

    /// The MACs to be computed: each by the place of its key, as far as it got, and the rest of its
    /// message.
    pub(crate) fn due<'a>(
        &'a self,
        body: &'a [u8],
    ) -> impl Iterator<Item = (usize, (&'a HmacSha256, &'a [u8]))> {
        let computation = &self.computation;
        let rest = if computation.covers_body { body } else { &[] };
        // Something behind the body is for nobody but `Computation::finish`.
        let macs = computation.macs.iter().enumerate().filter(|_| computation.tail.is_none());
        macs.filter_map(move |(place, mac)| match mac {
            Some(Mac::Sha256(begun)) => Some((place, (begun, rest))),
            _ => None,
        })
    }

    /// Takes the tags of those that were due, at the places of their keys.
    pub(crate) fn settle(&mut self, tags: &[[u8; 32]; MAX_GENERATIONS]) {
        for (mac, tag) in self.computation.macs.iter_mut().zip(tags) {
            if matches!(mac, Some(Mac::Sha256(_))) {
                *mac = Some(Mac::Made(*tag));
            }
        }
    }
}
