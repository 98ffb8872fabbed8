//! The hold that an allowed request has on its message.

use core::fmt;

/// How many places in the replay memory one message may take: one for each secret that it could be
/// signed with.
pub const CLAIM_PLACES: usize = 4;

/// The hold that an allowed request has on its message, on a route that takes each message only
/// once. It is good in every process that shares the replay memory: whoever processes the message
/// confirms or releases it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    words: [u64; 2 * CLAIM_PLACES],
}

impl Claim {
    /// The claim as words, to hand it to another process; never all zero.
    pub const fn to_words(self) -> [u64; 2 * CLAIM_PLACES] {
        self.words
    }

    /// The claim that [`to_words`](Self::to_words) gave. Other words are a claim that does not
    /// stand; `None` if all are zero.
    pub fn from_words(words: [u64; 2 * CLAIM_PLACES]) -> Option<Self> {
        words.iter().any(|word| *word != 0).then_some(Self { words })
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim")
    }
}
