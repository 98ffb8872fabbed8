//! The memory that outlives a policy.

use crate::check::replay as claims;
use crate::decision::Claim;
use crate::limit::{Table, replay};

/// What a host keeps while policies come and go. It may be copied freely, and shared by threads
/// and, where its parts are, by processes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory<'m> {
    /// For rate limits and failed attempts. A policy that has either denies without it.
    pub limits: Option<Table<'m>>,
    /// For messages that were taken. A route that takes each only once denies without it.
    pub replay: Option<replay::Memory<'m>>,
}

impl Memory<'_> {
    /// Keeps the message that a decision claimed ([`Decision::claim`]) until it is forgotten: it
    /// was processed. On a route with a lease this has to be said before the lease is over, or the
    /// message may pass once more.
    ///
    /// False if the claim does not stand any more: the lease is over and somebody else has the
    /// message, or it was confirmed, released or forgotten.
    ///
    /// [`Decision::claim`]: crate::decision::Decision::claim
    pub fn confirm(&self, claim: &Claim) -> bool {
        self.replay.is_some_and(|memory| claims::confirm(&memory, claim))
    }

    /// Gives the message that a decision claimed back: it was not processed, and may come again.
    /// False as for [`confirm`](Self::confirm).
    pub fn release(&self, claim: &Claim) -> bool {
        self.replay.is_some_and(|memory| claims::release(&memory, claim))
    }
}
