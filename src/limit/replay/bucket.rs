//! One bucket of the replay memory: the messages of two periods, shared by threads and processes
//! without a lock.
//!
//! A period is one window long and is numbered by its *tag*, one more than the time divided by the
//! window, so that 0 is no period. A bucket has two *logs*: the period's number is even or odd. A
//! log is one word, three columns of cells: *first* (tag, 32 bits of the identity), *second* (64
//! bits of the identity), *state*. The word of the even log is the *latest* period that the bucket
//! has seen, and only rises. Words change by compare-exchange only (the latest by maximum).
//!
//! Why exactly one claim of a message is taken:
//!
//! 1. *A log is appended to.* For a period, a cell with an older tag is free, and the cells with
//!    its tag are at the front. Whoever looks for a message reads from the front to the first free
//!    cell, and takes that one by exchanging the first word that it read. If somebody else was
//!    faster, it looks at the same cell again. So two claims of one message in one period meet.
//!    Tags in a cell only rise, so an exchange that was meant for an older period fails.
//! 2. *The log of the period before is closed first.* A claim in period `p` looks for the message
//!    in the log of `p - 1`, and puts a *seal* into its first free cell. From then on nobody can
//!    append there: who finds the seal goes on to the latest period, which was raised before the
//!    seal. So two claims in neighbouring periods meet.
//! 3. *Two periods further, freshness keeps them apart.* A claim in `p` is refused if the message
//!    was fresh before `p - 1` began: it may have been claimed then, and forgotten. It is refused as
//!    well if the message is not fresh yet. A message that was claimed in `p - 2` or before was
//!    fresh then, so it is refused. In the ordinary course of time nothing is: what is fresh now
//!    became fresh at most one window ago.
//! 4. *Who claims a message again* (it was released, or its lease is over) exchanges the state. If
//!    it stands in the log before, its state becomes *moved*, for good, and the message is appended
//!    to the present log, so that it is remembered for a window from now on.
//! 5. *The second word and the state* are written by whoever appended, in this order; the state has
//!    the tag. As long as it has not, the first word decides alone: the message counts as taken.
//!    A late writer finds a newer tag in the first word, or loses the exchange.

use super::super::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};
use super::state::{Kind, State};

/// The words of one log.
const LOG_WORDS: usize = 128;
/// The words of a bucket.
pub(super) const BUCKET_WORDS: usize = 256;
/// The cells of one log: three words each.
const CELLS: usize = 42;

const _: () = assert!(BUCKET_WORDS == 2 * LOG_WORDS);
const _: () = assert!(3 * CELLS == LOG_WORDS - 2);

/// How often a claim may be overtaken before the memory counts as full: more than any fair race
/// needs, and an end for memory that somebody scribbled on.
const ATTEMPTS: u32 = 10_000;

/// What became of a claim. Everything but `Taken` denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The message is new, or was released, or its lease is over. It is the caller's now.
    Taken(Claim),
    /// The message was taken before.
    Replayed {
        /// Whether it was neither confirmed nor released yet.
        pending: bool,
    },
    /// The message was fresh at a time of which the memory knows nothing any more, or is not fresh
    /// yet: the clock was set back, or the message can be fresh for longer than the window.
    Forgotten,
    /// The memory has no room for the message.
    Full,
}

/// A message that was taken: what [`Memory::confirm`](super::Memory::confirm) and
/// [`Memory::release`](super::Memory::release) need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    bucket: u32,
    cell: u32,
    state: u64,
}

impl Claim {
    /// The claim as words, to hand it to another process. The second is never zero.
    pub const fn to_words(self) -> [u64; 2] {
        [(self.bucket as u64) << 32 | self.cell as u64, self.state]
    }

    /// The claim that [`to_words`](Self::to_words) gave. Other words are a claim that does not
    /// stand.
    pub const fn from_words([place, state]: [u64; 2]) -> Self {
        Self { bucket: (place >> 32) as u32, cell: place as u32, state }
    }

    pub(super) const fn bucket(&self) -> u32 {
        self.bucket
    }
}

/// What tells a message from the others of its bucket.
#[derive(Clone, Copy)]
pub(super) struct Identity {
    first: u32,
    second: u64,
}

impl Identity {
    /// A first half of 0 is the seal's.
    pub(super) fn new(first: u32, second: u64) -> Self {
        Self { first: first.max(1), second }
    }
}

/// The times of a claim.
pub(super) struct Times {
    pub(super) now_ms: u64,
    /// Not 0.
    pub(super) window_ms: u64,
    pub(super) lease_ms: Option<u64>,
    pub(super) fresh_from_ms: Option<u64>,
}

impl Times {
    /// The tag of the present period.
    fn tag(&self) -> u32 {
        let number = self.now_ms.checked_div(self.window_ms).unwrap_or(0);
        u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// When the period began.
    fn begin_ms(&self, tag: u32) -> u64 {
        u64::from(tag).saturating_sub(1).saturating_mul(self.window_ms)
    }

    /// Whether the message can have been claimed before the period before this one, or cannot be
    /// fresh now (3).
    fn may_be_forgotten(&self, tag: u32) -> bool {
        let remembered_from = self.begin_ms(tag.saturating_sub(1));
        self.fresh_from_ms.is_some_and(|from| from < remembered_from || from > self.now_ms)
    }

    /// Whole seconds from the beginning of the period.
    fn second(&self, tag: u32) -> u64 {
        self.now_ms.saturating_sub(self.begin_ms(tag)) / 1000
    }

    /// The end of a lease that begins now, in seconds from the beginning of the period.
    fn end(&self, tag: u32) -> Option<u64> {
        let begin = self.now_ms.saturating_sub(self.begin_ms(tag));
        self.lease_ms.map(|lease| begin.saturating_add(lease).div_ceil(1000))
    }
}

/// The words of one bucket.
#[derive(Clone, Copy)]
pub(super) struct Bucket<'m> {
    latest: &'m AtomicU64,
    logs: [Log<'m>; 2],
}

/// The cells of the even or the odd periods.
#[derive(Clone, Copy)]
struct Log<'m> {
    first: &'m [AtomicU64],
    second: &'m [AtomicU64],
    state: &'m [AtomicU64],
}

/// One cell of a log.
#[derive(Clone, Copy)]
struct Cell<'m> {
    index: usize,
    first: &'m AtomicU64,
    second: &'m AtomicU64,
    state: &'m AtomicU64,
}

/// What a log says of a message.
enum Found<'m> {
    /// It is here, with this state; `None` if that is not written yet.
    Here(Cell<'m>, Option<State>),
    /// It is not here, and this cell, with this first word, is the next one.
    Free(Cell<'m>, u64),
    /// It is not here, and nobody can append.
    Sealed,
    /// The same, for there is no room.
    Full,
    /// A newer period has begun to use the log.
    Overtaken,
}

impl<'m> Bucket<'m> {
    /// The bucket in these words. Zeroed words are an empty bucket. `None` if they are too few.
    pub(super) fn new(words: &'m [AtomicU64]) -> Option<Self> {
        let (even, odd) = words.split_at_checked(words.len() / 2)?;
        let (latest, even) = even.split_first()?;
        let (_, odd) = odd.split_first()?;
        Some(Self { latest, logs: [Log::new(even)?, Log::new(odd)?] })
    }

    /// Claims the message; `index` is the bucket's own.
    pub(super) fn claim(&self, index: u32, identity: &Identity, times: &Times) -> Outcome {
        for _ in 0..ATTEMPTS {
            let present = times.tag();
            let seen = self.latest.fetch_max(u64::from(present), AcqRel);
            let Ok(seen) = u32::try_from(seen) else { break };
            let tag = present.max(seen);
            if times.may_be_forgotten(tag) {
                return Outcome::Forgotten;
            }
            let outcome = match self.close(tag.wrapping_sub(1), identity, times) {
                Ok(()) => self.append(index, tag, identity, times),
                Err(outcome) => outcome,
            };
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        Outcome::Full
    }

    /// What a claim would be refused with because somebody has the message. Nothing is written.
    pub(super) fn peek(&self, identity: &Identity, times: &Times) -> Option<Outcome> {
        let latest = u32::try_from(self.latest.load(Acquire)).unwrap_or(u32::MAX);
        let tag = latest.max(times.tag());
        [tag, tag.wrapping_sub(1)].into_iter().find_map(|tag| {
            let Found::Here(_, state) = self.log(tag).find(tag, identity) else { return None };
            let is_held = state.is_none_or(|state| !state.is_open(times.second(tag)));
            is_held.then(|| replayed(state))
        })
    }

    /// How many messages the present period has, and the one before.
    pub(super) fn taken(&self, times: &Times) -> [usize; 2] {
        let latest = u32::try_from(self.latest.load(Acquire)).unwrap_or(u32::MAX);
        let tag = latest.max(times.tag());
        [tag, tag.wrapping_sub(1)].map(|tag| self.log(tag).taken(tag))
    }

    /// Whether the claim was still pending, and is confirmed now.
    pub(super) fn confirm(&self, claim: &Claim) -> bool {
        self.settle(claim, Kind::Confirmed)
    }

    /// Whether the claim was still pending, and is released now.
    pub(super) fn release(&self, claim: &Claim) -> bool {
        self.settle(claim, Kind::Released)
    }

    fn settle(&self, claim: &Claim, kind: Kind) -> bool {
        let state = State(claim.state);
        let cell =
            usize::try_from(claim.cell).ok().and_then(|cell| self.log(state.tag()).cell(cell));
        cell.is_some_and(|cell| cell.change(state, state.with(kind)))
    }

    fn log(&self, tag: u32) -> Log<'m> {
        let [even, odd] = self.logs;
        if tag.is_multiple_of(2) { even } else { odd }
    }

    /// Ends the period before (2): `Ok` if the message is not in it and nobody can append any
    /// more, otherwise what became of the claim, or `None` to look again.
    fn close(&self, tag: u32, identity: &Identity, times: &Times) -> Result<(), Option<Outcome>> {
        match self.log(tag).find(tag, identity) {
            Found::Sealed | Found::Full => Ok(()),
            Found::Here(cell, Some(state)) if state.is_free(times.second(tag)) => {
                match cell.change(state, state.with(Kind::Moved)) {
                    true => self.close_behind(tag),
                    false => Err(None),
                }
            }
            Found::Here(_, Some(state)) if state.kind() == Kind::Moved => self.close_behind(tag),
            Found::Here(_, state) => Err(Some(replayed(state))),
            Found::Free(cell, word) => match cell.exchange_first(word, seal(tag)) {
                true => Ok(()),
                false => Err(None),
            },
            Found::Overtaken => Err(None),
        }
    }

    /// Seals the log behind a message that was moved.
    fn close_behind(&self, tag: u32) -> Result<(), Option<Outcome>> {
        let nobody = Identity { first: 0, second: 0 };
        match self.log(tag).find(tag, &nobody) {
            Found::Free(cell, word) if cell.exchange_first(word, seal(tag)) => Ok(()),
            Found::Sealed | Found::Full => Ok(()),
            _ => Err(None),
        }
    }

    /// Claims the message in the present period (1, 4); `None` to look again.
    fn append(&self, bucket: u32, tag: u32, identity: &Identity, times: &Times) -> Option<Outcome> {
        let taken = |cell: Cell<'_>, state: State| {
            Some(Outcome::Taken(Claim { bucket, cell: cell.index as u32, state: state.0 }))
        };
        match self.log(tag).find(tag, identity) {
            Found::Here(cell, Some(state)) if state.is_free(times.second(tag)) => {
                let again = state.again(times.end(tag));
                if cell.change(state, again) { taken(cell, again) } else { None }
            }
            Found::Here(_, Some(state)) if state.kind() == Kind::Moved => None,
            Found::Here(_, state) => Some(replayed(state)),
            Found::Free(cell, word) => {
                let first = word_of(tag, identity.first);
                if !cell.exchange_first(word, first) {
                    return None;
                }
                let state = State::pending(tag, times.end(tag));
                cell.complete(first, identity.second, state);
                taken(cell, state)
            }
            Found::Full => Some(Outcome::Full),
            Found::Sealed | Found::Overtaken => None,
        }
    }
}

impl<'m> Log<'m> {
    fn new(words: &'m [AtomicU64]) -> Option<Self> {
        let (first, rest) = words.split_at_checked(words.len() / 3)?;
        let (second, state) = rest.split_at_checked(first.len())?;
        Some(Self { first, second, state })
    }

    fn cell(&self, index: usize) -> Option<Cell<'m>> {
        let (first, second) = (self.first.get(index)?, self.second.get(index)?);
        Some(Cell { index, first, second, state: self.state.get(index)? })
    }

    /// How many messages of the period stand at the front.
    fn taken(&self, tag: u32) -> usize {
        let is_taken = |word: u64| (word >> 32) as u32 == tag && word != seal(tag);
        self.first.iter().take_while(|first| is_taken(first.load(Acquire))).count()
    }

    /// Looks for the message from the front to the first free cell (1).
    fn find(&self, tag: u32, identity: &Identity) -> Found<'m> {
        for (index, first) in self.first.iter().enumerate() {
            let word = first.load(Acquire);
            let Some(cell) = self.cell(index) else { break };
            match (word >> 32) as u32 {
                older if older < tag => return Found::Free(cell, word),
                newer if newer > tag => return Found::Overtaken,
                _ if word == seal(tag) => return Found::Sealed,
                _ if word as u32 != identity.first => continue,
                _ => {}
            }
            match cell.read(tag, word) {
                None => return Found::Overtaken,
                Some(Some((second, _))) if second != identity.second => {}
                Some(whole) => return Found::Here(cell, whole.map(|(_, state)| state)),
            }
        }
        Found::Full
    }
}

impl Cell<'_> {
    fn exchange_first(&self, before: u64, after: u64) -> bool {
        self.first.compare_exchange(before, after, AcqRel, Acquire).is_ok()
    }

    fn change(&self, before: State, after: State) -> bool {
        self.state.compare_exchange(before.0, after.0, AcqRel, Acquire).is_ok()
    }

    /// The second word and the state, if they are written; `None` if the first word is no longer
    /// `first`.
    fn read(&self, tag: u32, first: u64) -> Option<Option<(u64, State)>> {
        let state = State(self.state.load(Acquire));
        let second = self.second.load(Acquire);
        let whole = (state.tag() == tag).then_some((second, state));
        (self.first.load(Acquire) == first).then_some(whole)
    }

    /// Writes the rest of a cell whose first word is the caller's, unless it is no longer (5).
    fn complete(&self, first: u64, second: u64, state: State) {
        let is_ours = || self.first.load(Acquire) == first;
        replace(self.second, second, |_| is_ours());
        replace(self.state, state.0, |found| State(found).tag() < state.tag() && is_ours());
    }
}

/// Replaces what the word holds, as long as `may` allows it.
fn replace(word: &AtomicU64, value: u64, may: impl Fn(u64) -> bool) {
    for _ in 0..ATTEMPTS {
        let found = word.load(Acquire);
        if !may(found) || word.compare_exchange(found, value, AcqRel, Acquire).is_ok() {
            return;
        }
    }
}

const fn word_of(tag: u32, first: u32) -> u64 {
    (tag as u64) << 32 | first as u64
}

/// The first word of the cell behind which nobody appends.
const fn seal(tag: u32) -> u64 {
    word_of(tag, 0)
}

/// The answer for a message that somebody holds.
fn replayed(state: Option<State>) -> Outcome {
    Outcome::Replayed { pending: state.is_none_or(|state| state.kind() == Kind::Pending) }
}
