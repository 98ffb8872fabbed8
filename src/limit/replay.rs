//! Replay memory: a verified message passes once.
//!
//! The host finds out the size ([`size_words`]), prepares the memory once ([`init`]), and every
//! worker, thread or process, attaches to it ([`Memory::attach`]). Of any number of claims of one
//! message exactly one is taken. Nothing that is remembered is ever given up for something new:
//! memory that is full says so.
//!
//! A claim is of a message that was verified; a forged one would take the place of the true one.
//! Whoever processes the message then says [`Memory::confirm`], or [`Memory::release`] to let the
//! sender try again. An API request needs neither: its claim stands.
//!
//! ```
//! use core::sync::atomic::AtomicU64;
//! use tollgate::limit::replay::{Memory, Message, Outcome, init, size_words};
//!
//! let words = size_words(1000).ok_or("too many messages")?;
//! let words: Vec<AtomicU64> = (0..words).map(|_| AtomicU64::new(0)).collect();
//! // A message is fresh for five minutes on either side of its timestamp.
//! let (past_ms, future_ms) = (300_000, 300_000);
//! init(&words, 1000, past_ms + future_ms, *b"sixteen random b")?;
//! let memory = Memory::attach(&words)?;
//!
//! let (timestamp_ms, now_ms) = (1_700_000_000_000, 1_700_000_001_000);
//! let message = Message {
//!     credential: b"merchant-1",
//!     id: &[0x5a; 32],
//!     fresh_from_ms: Some(timestamp_ms - future_ms),
//! };
//! let first = memory.claim(now_ms, &message, None);
//! let Outcome::Taken(claim) = first else { return Err("it is new".into()) };
//! assert!(matches!(memory.claim(now_ms, &message, None), Outcome::Replayed { .. }));
//! assert!(memory.release(&claim));
//! assert!(matches!(memory.claim(now_ms, &message, None), Outcome::Taken(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use super::atomic::AtomicU64;
use super::fill::Fill;
pub use super::header::{AttachError, InitError};
use super::header::{Header, buckets, table_buckets, table_words};
use crate::primitive::siphash::SipHash;

mod bucket;
mod state;

use bucket::{BUCKET_WORDS, Bucket, Identity, Times};
pub use bucket::{Claim, Outcome};

const MAGIC: u64 = u64::from_be_bytes(*b"TollRep\x00");

/// How many messages of one window a bucket is meant for. They are spread by chance, so there has
/// to be slack: with 14 on average, one bucket in 10^9 gets more than its 42.
const MESSAGES_PER_BUCKET: usize = 14;

/// The shortest window: periods are numbered with 32 bits, which lasts until 2106 then.
const MIN_WINDOW_MS: u64 = 1000;

/// A verified message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The id of the credential that it was verified with.
    pub credential: &'a [u8],
    /// What tells it from the other messages of the credential: its **decoded** MAC (of text there
    /// may be several spellings), or the id that the scheme gives it, if the MAC covers that.
    pub id: &'a [u8],
    /// The first moment at which the message is fresh: its timestamp less what the scheme allows
    /// it to be ahead, in Unix milliseconds. `None` if the scheme has no timestamp.
    pub fresh_from_ms: Option<u64>,
}

/// The size of a memory for so many messages, in words of 8 bytes; `None` if no memory is that
/// large.
///
/// Count the messages that may be taken within one window: the rate times the window of [`init`].
/// A message takes about 146 bytes, in which there is room for those of the window before.
/// Messages are spread by chance; the memory takes about twice as many before the first one finds
/// no room.
pub const fn size_words(messages: usize) -> Option<usize> {
    table_words::<BUCKET_WORDS>(buckets(messages, MESSAGES_PER_BUCKET))
}

/// Makes an empty memory for so many messages a window (see [`size_words`]) of the beginning of
/// `words`. Nobody may use the memory meanwhile. `seed` are 16 random bytes, new for each memory.
///
/// `window_ms` is how long a message is remembered at least: as long as it can be fresh, that is
/// what the scheme allows it to be old and to be ahead, together, and the longest of all schemes
/// that use this memory. At most twice that is remembered. A window below one second is one
/// second.
///
/// An empty memory knows nothing of what was taken before: what was taken in the last window
/// passes once more.
///
/// # Errors
///
/// The memory is too short, or no memory were long enough.
pub fn init(
    words: &[AtomicU64],
    messages: usize,
    window_ms: u64,
    seed: [u8; 16],
) -> Result<(), InitError> {
    let needed = size_words(messages).ok_or(InitError::TooMany)?;
    let memory = words.get(..needed).ok_or(InitError::TooShort { needed })?;
    let counts = [buckets(messages, MESSAGES_PER_BUCKET) as u64, window_ms.max(MIN_WINDOW_MS)];
    Header { counts, key: seed }.write(MAGIC, memory);
    Ok(())
}

/// A replay memory that the host keeps. It may be copied freely, and any number of threads and
/// processes may use the same memory at once.
#[derive(Clone, Copy)]
pub struct Memory<'m> {
    key: [u8; 16],
    window_ms: u64,
    buckets: &'m [[AtomicU64; BUCKET_WORDS]],
}

impl fmt::Debug for Memory<'_> {
    /// The key stays out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (buckets, window_ms) = (self.buckets.len(), self.window_ms);
        write!(f, "Memory {{ buckets: {buckets}, window_ms: {window_ms}, key: .. }}")
    }
}

impl<'m> Memory<'m> {
    /// The memory in `words`, as [`init`] left it. What is behind it is not touched.
    ///
    /// # Errors
    ///
    /// The memory is too short, was never initialised, or its header is not what [`init`] wrote.
    pub fn attach(words: &'m [AtomicU64]) -> Result<Self, AttachError> {
        let Header { counts: [count, window_ms], key } = Header::read(MAGIC, words)?;
        let count = usize::try_from(count).map_err(|_| AttachError::Corrupt)?;
        let buckets = table_buckets(words, count)?;
        Ok(Self { key, window_ms: window_ms.max(MIN_WINDOW_MS), buckets })
    }

    /// How long a message is remembered at least, in milliseconds.
    pub const fn window_ms(&self) -> u64 {
        self.window_ms
    }

    /// Claims the message. Exactly one of any number of claims of it is [`Outcome::Taken`], as long
    /// as it is remembered.
    ///
    /// `now_ms` is the time by which the message was found fresh, in Unix milliseconds. If that
    /// clock is set back, nothing is forgotten; if it was far ahead before, messages from the time
    /// that was skipped are refused ([`Outcome::Forgotten`]), for they may have been taken, and
    /// room comes back only when the clock has caught up. A
    /// message without a timestamp has no such protection: for those a monotonic clock is better,
    /// with a memory of their own.
    ///
    /// With `lease_ms`, rounded up to seconds, a claim that is neither confirmed nor released lapses
    /// after that time and the message may be claimed again: a crashed worker loses nothing, but
    /// a slow one may be overtaken, which [`confirm`](Self::confirm) then says. Without, it stands
    /// until it is released or forgotten: nothing runs twice, but what a crashed worker had claimed
    /// is refused.
    ///
    /// A worker that is killed leaves nothing locked. In the few instructions between the first
    /// and the last write of a claim it leaves a claim that no lease ends.
    pub fn claim(&self, now_ms: u64, message: &Message<'_>, lease_ms: Option<u64>) -> Outcome {
        let times = self.times(now_ms, message, lease_ms);
        let (index, identity) = self.place(message);
        match self.bucket(index) {
            Some(bucket) => bucket.claim(index, &identity, &times),
            None => Outcome::Full,
        }
    }

    /// [`Outcome::Replayed`] if somebody has the message, as [`claim`](Self::claim) would say at
    /// `now_ms`. Nothing is claimed, and the answer may be old at once: what decides is a claim.
    pub fn peek(&self, now_ms: u64, message: &Message<'_>) -> Option<Outcome> {
        let times = self.times(now_ms, message, None);
        let (index, identity) = self.place(message);
        self.bucket(index)?.peek(&identity, &times)
    }

    /// Keeps the message until it is forgotten: it was processed. False if the claim is no longer
    /// the caller's: it lapsed and somebody else claimed the message, or it was released,
    /// confirmed or forgotten.
    pub fn confirm(&self, claim: &Claim) -> bool {
        self.bucket(claim.bucket()).is_some_and(|bucket| bucket.confirm(claim))
    }

    /// Gives the message back: it was not processed, and may be claimed again. False as for
    /// [`confirm`](Self::confirm).
    pub fn release(&self, claim: &Claim) -> bool {
        self.bucket(claim.bucket()).is_some_and(|bucket| bucket.release(claim))
    }

    /// How full the memory is at `now_ms`, the time that claims go by: the messages of one window,
    /// which is the present one or the one before, whichever has more. Each of them takes its room
    /// until both are over, also if it was released. Others may use the memory meanwhile. Up to a
    /// third of it is looked at.
    pub fn fill(&self, now_ms: u64) -> Fill {
        let times =
            Times { now_ms, window_ms: self.window_ms, lease_ms: None, fresh_from_ms: None };
        let buckets = self.buckets.iter().filter_map(|words| Bucket::new(words));
        let both = buckets.fold([0_usize; 2], |[present, before], bucket| {
            let [more, earlier] = bucket.taken(&times);
            [present.saturating_add(more), before.saturating_add(earlier)]
        });
        let used = both.into_iter().fold(0, usize::max);
        Fill::new(used, self.buckets.len(), MESSAGES_PER_BUCKET)
    }

    fn times(&self, now_ms: u64, message: &Message<'_>, lease_ms: Option<u64>) -> Times {
        let (window_ms, fresh_from_ms) = (self.window_ms, message.fresh_from_ms);
        Times { now_ms, window_ms, lease_ms, fresh_from_ms }
    }

    fn bucket(&self, index: u32) -> Option<Bucket<'m>> {
        Bucket::new(self.buckets.get(usize::try_from(index).ok()?)?)
    }

    /// The bucket of the message, and what it is called there. 128 bits of hash: 32 pick the
    /// bucket, 96 tell the message from the others there, 28 on average. Two that agree in all are
    /// taken for one, which denies the second: once in 3 * 10^27 messages, or, at a million messages
    /// a second, once in 10^14 years. The key of the memory is secret, so nobody can look for them.
    fn place(&self, message: &Message<'_>) -> (u32, Identity) {
        let hash = |domain: u64| {
            let mut hash = SipHash::<2, 4>::new(&self.key);
            for word in [domain, message.credential.len() as u64, message.id.len() as u64] {
                hash.word(word);
            }
            hash.filled(message.credential);
            hash.filled(message.id);
            hash.finish(0, 0)
        };
        let (first, second) = (hash(1), hash(2));
        let scaled = (first >> 32).wrapping_mul(self.buckets.len() as u64) >> 32;
        (scaled as u32, Identity::new(first as u32, second))
    }
}
