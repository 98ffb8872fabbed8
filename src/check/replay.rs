//! Was the message taken before? Asked of messages whose signature is right.

use crate::decision::{CLAIM_PLACES, Claim, Denial, Reason};
use crate::limit::replay::{self, Memory, Message, Outcome};
use crate::policy::{Credential, Replay};
use crate::scheme::Verification;

/// A message that may pass.
pub(crate) struct Claimed {
    /// What was claimed; `None` if there was no room at all.
    pub(crate) claim: Option<Claim>,
    /// Whether there was no room, and the route lets messages pass then.
    pub(crate) full: bool,
}

/// Why a message may not pass.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    /// Whether somebody else has the message and has not confirmed it.
    pub(crate) pending: bool,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, pending: false }
    }
}

impl From<Outcome> for Refusal {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Replayed { pending } => Self { reason: Reason::Replayed, pending },
            Outcome::Forgotten => Self::from(Reason::ReplayUnavailable),
            Outcome::Full => Self::from(Reason::ReplayFull),
            // Not a refusal.
            Outcome::Taken(_) => Self::from(Reason::Internal),
        }
    }
}

impl From<Refusal> for Denial<'_> {
    fn from(refusal: Refusal) -> Self {
        refusal.reason.into()
    }
}

/// The memory, if it remembers for as long as the route needs.
pub(crate) fn available<'a, 'm>(
    memory: Option<&'a Memory<'m>>,
    rule: &Replay,
) -> Result<&'a Memory<'m>, Reason> {
    memory.filter(|memory| memory.window_ms() >= rule.window_ms).ok_or(Reason::ReplayUnavailable)
}

/// A message and the memory that is asked about it.
pub(crate) struct Question<'a> {
    pub(crate) memory: Option<&'a Memory<'a>>,
    pub(crate) rule: &'a Replay,
    pub(crate) credential: &'a Credential,
    pub(crate) signature: &'a Verification,
    pub(crate) unix_ms: u64,
}

impl<'a> Question<'a> {
    /// Refuses a message that somebody has. Nothing is claimed.
    pub(crate) fn peek(&self) -> Result<(), Refusal> {
        let peek = |message| self.memory?.peek(self.unix_ms, &message);
        match self.messages().find_map(peek) {
            Some(outcome) => Err(Refusal::from(outcome)),
            None => Ok(()),
        }
    }

    /// Claims the message under each of its names, in the order of the credential's secrets. So two
    /// requests with one message meet, whichever of its signatures they carry, and also across a
    /// change of the policy that leaves one of the secrets in it.
    pub(crate) fn claim(&self) -> Result<Claimed, Refusal> {
        let memory = available(self.memory, self.rule)?;
        let mut words = [0; 2 * CLAIM_PLACES];
        let mut full = false;
        let (places, _) = words.as_chunks_mut();
        for (place, message) in places.iter_mut().zip(self.messages()) {
            match memory.claim(self.unix_ms, &message, self.rule.lease_ms) {
                Outcome::Taken(claim) => *place = claim.to_words(),
                Outcome::Full if self.rule.pass_when_full => full = true,
                refused => {
                    let _gone = Claim::from_words(words).map(|claim| release(memory, &claim));
                    return Err(Refusal::from(refused));
                }
            }
        }
        match Claim::from_words(words) {
            // A message without a name would pass again and again.
            None if !full => Err(Refusal::from(Reason::Internal)),
            claim => Ok(Claimed { claim, full }),
        }
    }

    /// The message by each of its names.
    fn messages(&self) -> impl Iterator<Item = Message<'a>> + use<'a> {
        let credential = self.credential.id.as_bytes();
        let fresh_from_ms = self.signature.fresh_from_ms();
        self.signature.message_ids().map(move |id| Message { credential, id, fresh_from_ms })
    }
}

/// Whether the claim stood in all its places, and is confirmed now.
pub(crate) fn confirm(memory: &Memory<'_>, claim: &Claim) -> bool {
    places(claim).fold(true, |all, place| all & memory.confirm(&place))
}

/// Whether the claim stood in all its places, and is released now.
pub(crate) fn release(memory: &Memory<'_>, claim: &Claim) -> bool {
    places(claim).fold(true, |all, place| all & memory.release(&place))
}

fn places(claim: &Claim) -> impl Iterator<Item = replay::Claim> {
    let words = claim.to_words();
    let (places, _) = words.as_chunks();
    let all: [[u64; 2]; CLAIM_PLACES] = places.try_into().unwrap_or_default();
    all.into_iter().filter(|place| *place != [0, 0]).map(replay::Claim::from_words)
}
