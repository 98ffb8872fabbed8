//! One bucket of the table: a few subjects and their TATs, shared by threads and processes
//! without a lock.
//!
//! A bucket is one *claim* word, one *owner* word a cell, one *floor* word, and one *TAT* word a
//! cell. Words change by compare-exchange only (the floor by maximum). An owner word is the
//! claim that gave the cell away: counter, cell, fingerprint of the subject; the counter makes
//! each claim of a bucket unique. A TAT word is a time below 2^63, or a *mark*: bit 63 and an
//! owner word. With `o` the owner word of the same cell it means:
//!
//! - `mark(o)`: *vacant*. `o` has lost the cell.
//! - `mark(p)`, `p != o`: *fresh*. `o` holds the cell and was not yet charged.
//! - a time: `o` holds the cell, and this is its TAT.
//!
//! Why no subject is ever admitted more often than its rate says:
//!
//! 1. *A cell changes hands in one order*: time -> `mark(o)` -> the claim word names the cell ->
//!    the owner word becomes that claim, which makes the cell fresh -> time. A vacant cell can
//!    only be revived through the claim word, and each mark is written for one tenure only.
//! 2. *One claim at a time.* Whoever wants a cell reads the claim word, finishes the claim that
//!    it names if its owner word was not written yet, looks whether the subject has a cell, picks
//!    a vacant one, and exchanges the claim word for its own claim. If that succeeds, no claim
//!    came in between (claims are unique), so what it saw still holds: cells come to life by
//!    claims only. Hence a subject holds at most one cell, and the cell was vacant.
//! 3. *Anybody finishes a claim.* The owner word is exchanged from what it was while the claim
//!    word named the claim (read, then the claim word read again) to the claim. A late helper
//!    finds another owner word and fails. So a worker that dies at any instruction leaves nothing
//!    to wait for: a decided claim is finished by the next visitor, an undecided one never was.
//! 4. *A charge cannot hit somebody else's cell.* Owner, TAT, owner again are read; if the owner
//!    is the same, the TAT is of its tenure. The exchange of the TAT fails if the cell was given
//!    up meanwhile (it is a mark then) or charged. After the exchange the owner is read once
//!    more; if it changed, the charge does not count and is tried again. That can only happen if
//!    the same nanosecond value returned in a later tenure, which 5 allows only after a clock was
//!    set back; the later owner is then charged too much, never too little.
//! 5. *Giving up a cell loses nothing.* Only a cell whose TAT has passed, or that is fresh, is
//!    given up; before that, the floor is raised to the TAT. A fresh cell starts from the floor.
//!    So a late call with an older time gets what it would have got from the old cell or less,
//!    and times in a cell only rise from tenure to tenure.
//! 6. *Taking back* exchanges the new TAT for the old one, and only if nobody charged the cell in
//!    between; otherwise the charge stands. Subtracting would be wrong: once the cell had been
//!    idle, the charge has drained away already, and the subtraction would take it from others.
//!    The error is on the side of denial, and at most the cost of the call.
//!
//! By 2 and 4 the admitted charges of a subject form one sequence of exchanges of one TAT, each
//! decided by [`step`](super::gcra::step) on the TAT that it replaced: the bound of the GCRA.
//!
//! A counter has 26 bits. To be fooled by its wrap, a worker would have to stand still during
//! exactly 2^26 claims of its bucket, or a multiple, and find the same subject in the same cell.

use super::atomic::{
    AtomicU64,
    Ordering::{AcqRel, Acquire},
};

/// Marks a TAT word that is not a time.
const MARK: u64 = 1 << 63;
const INDEX_SHIFT: u32 = 32;
const INDEX_MASK: u64 = 0x1f;
const COUNTER_SHIFT: u32 = 37;
const COUNTER_MASK: u64 = (1 << 26) - 1;

/// The most cells that a claim word can name.
pub(super) const MAX_CELLS: usize = 32;

/// How often a race may be lost before the bucket counts as full: more than any fair race needs,
/// and an end for memory that somebody scribbled on.
const ATTEMPTS: u32 = 100_000;

/// A subject within its bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Tells subjects apart; not 0.
    pub(super) fingerprint: u32,
    /// The cell at which to begin to look.
    pub(super) start: usize,
}

/// The words of one bucket.
#[derive(Clone, Copy)]
pub(super) struct Bucket<'m> {
    claim: &'m AtomicU64,
    owners: &'m [AtomicU64],
    floor: &'m AtomicU64,
    tats: &'m [AtomicU64],
}

/// A cell, as it was when its owner was read.
#[derive(Clone, Copy)]
struct Cell<'m> {
    index: u64,
    owner: &'m AtomicU64,
    tat: &'m AtomicU64,
    word: u64,
}

/// What the TAT word of a cell says about the owner that was read.
#[derive(Clone, Copy)]
enum State {
    Vacant,
    Fresh(u64),
    Owes(u64),
}

/// Where a subject is.
enum Place<'m> {
    /// It holds this cell.
    Held(Cell<'m>, State),
    /// It holds none, and may claim this one for as long as the claim word stays.
    Free { claim: u64, cell: Cell<'m>, state: State },
    /// It holds none, and whoever holds one owes.
    NoRoom,
}

/// What became of an update.
pub(super) enum Update<'m> {
    /// The new TAT is stored.
    Done(Receipt<'m>),
    /// The caller refused to change this TAT.
    Refused(u64),
    /// The subject has no cell, and there is none to have.
    NoRoom,
}

/// A stored charge, and how to take it back.
#[derive(Clone, Copy)]
pub(super) struct Receipt<'m> {
    cell: Cell<'m>,
    before: u64,
    after: u64,
}

impl Receipt<'_> {
    /// The TAT that was stored.
    pub(super) fn tat(&self) -> u64 {
        self.after
    }

    /// Takes the charge back, if nobody changed the cell since (6).
    pub(super) fn take_back(&self) {
        if self.cell.is_held() {
            let _ = self.cell.tat.compare_exchange(self.after, self.before, AcqRel, Acquire);
        }
    }
}

impl<'m> Cell<'m> {
    /// The cell and its state, if it is the subject's.
    #[inline]
    fn held_by(self, key: Key) -> Option<(Cell<'m>, State)> {
        if fingerprint(self.word) != key.fingerprint {
            return None;
        }
        match self.state() {
            None | Some(State::Vacant) => None,
            Some(state) => Some((self, state)),
        }
    }

    fn is_held(&self) -> bool {
        self.owner.load(Acquire) == self.word
    }

    /// The state, or `None` if the cell has another owner meanwhile (4).
    fn state(&self) -> Option<State> {
        let raw = self.tat.load(Acquire);
        if !self.is_held() {
            return None;
        }
        Some(match raw {
            _ if raw & MARK == 0 => State::Owes(raw),
            _ if raw == MARK | self.word => State::Vacant,
            _ => State::Fresh(raw),
        })
    }

    fn exchange(&self, before: u64, after: u64) -> bool {
        self.tat.compare_exchange(before, after, AcqRel, Acquire).is_ok()
    }
}

impl<'m> Bucket<'m> {
    /// The bucket in these words: the claim and the owners in the first half, the floor and the
    /// TATs in the second. Zeroed words are an empty bucket. `None` for less than two words.
    pub(super) fn new(words: &'m [AtomicU64]) -> Option<Self> {
        let (front, back) = words.split_at_checked(words.len() / 2)?;
        let (claim, owners) = front.split_first()?;
        let (floor, tats) = back.split_first()?;
        Some(Self { claim, owners, floor, tats })
    }

    /// The TAT of the subject: its own, or the floor if it has none; `None` if it has none and
    /// there is no room for one.
    pub(super) fn tat(&self, key: Key, now: u64) -> Option<u64> {
        // Most addresses are of a bucket in which nobody ever had a cell.
        if self.claim.load(Acquire) == 0 {
            return Some(self.floor.load(Acquire));
        }
        let free = |state| !matches!(state, State::Owes(tat) if tat > now);
        // Only to find no room takes the look that cannot be deceived.
        let place = match self.find(key) {
            Some((cell, state)) => Place::Held(cell, state),
            None if self.cells(0).any(|cell| cell.state().is_some_and(free)) => {
                return Some(self.floor.load(Acquire));
            }
            None => self.look(key, now),
        };
        match place {
            Place::Held(_, State::Owes(tat)) => Some(tat),
            Place::Held(..) | Place::Free { .. } => Some(self.floor.load(Acquire)),
            Place::NoRoom => None,
        }
    }

    /// How many cells owe something at `now`: their TAT words are times that have not passed.
    pub(super) fn owing(&self, now: u64) -> usize {
        let owes = |tat: u64| tat & MARK == 0 && tat > now;
        self.tats.iter().filter(|tat| owes(tat.load(Acquire))).count()
    }

    /// Replaces the TAT of the subject by what `change` makes of it, unless it makes nothing.
    pub(super) fn update(
        &self,
        key: Key,
        now: u64,
        change: impl Fn(u64) -> Option<u64>,
    ) -> Update<'m> {
        for _ in 0..ATTEMPTS {
            let (cell, state) = match self.look(key, now) {
                Place::Held(cell, state) => (cell, state),
                Place::Free { claim, cell, state } => {
                    self.take(key, claim, &cell, state);
                    continue;
                }
                Place::NoRoom => return Update::NoRoom,
            };
            let (before, tat) = match state {
                State::Owes(tat) => (tat, tat),
                State::Fresh(raw) => (raw, self.floor.load(Acquire)),
                State::Vacant => continue,
            };
            let Some(after) = change(tat) else { return Update::Refused(tat) };
            let after = after & !MARK;
            if cell.exchange(before, after) && cell.is_held() {
                return Update::Done(Receipt { cell, before, after });
            }
        }
        Update::NoRoom
    }

    /// Where the subject is, or could be (2).
    fn look(&self, key: Key, now: u64) -> Place<'m> {
        if let Some((cell, state)) = self.find(key) {
            return Place::Held(cell, state);
        }
        for _ in 0..ATTEMPTS {
            let Some(claim) = self.settle() else { break };
            if let Some((cell, state)) = self.find(key) {
                return Place::Held(cell, state);
            }
            if let Some((cell, state)) = self.room(key, now) {
                return Place::Free { claim, cell, state };
            }
            // If somebody took the last cell meanwhile, it may have been for this subject.
            if self.claim.load(Acquire) == claim {
                break;
            }
        }
        Place::NoRoom
    }

    /// One attempt to claim a free cell, which another worker may win; looking again tells.
    fn take(&self, key: Key, claim: u64, cell: &Cell<'m>, state: State) {
        if !self.vacate(cell, state) {
            return;
        }
        let next = claim_word(claim, cell.index, key.fingerprint);
        if self.claim.compare_exchange(claim, next, AcqRel, Acquire).is_ok() {
            self.settle();
        }
    }

    fn cell(&self, index: usize) -> Option<Cell<'m>> {
        let (owner, tat) = (self.owners.get(index)?, self.tats.get(index)?);
        Some(Cell { index: index as u64, owner, tat, word: owner.load(Acquire) })
    }

    /// The cells, from `start` round to it.
    fn cells(&self, start: usize) -> impl Iterator<Item = Cell<'m>> {
        (start..self.owners.len()).chain(0..start).filter_map(|index| self.cell(index))
    }

    /// The cell that the subject holds; most often the one at which to begin.
    #[inline]
    fn find(&self, key: Key) -> Option<(Cell<'m>, State)> {
        self.cell(key.start)?.held_by(key).or_else(|| self.search(key))
    }

    fn search(&self, key: Key) -> Option<(Cell<'m>, State)> {
        let owners = self.owners.iter().map(|owner| fingerprint(owner.load(Acquire)));
        let alike = owners.enumerate().filter(|(_, found)| *found == key.fingerprint);
        alike.filter_map(|(index, _)| self.cell(index)).find_map(|cell| cell.held_by(key))
    }

    /// The best cell to take: vacant, else one whose TAT has passed, else a fresh one.
    fn room(&self, key: Key, now: u64) -> Option<(Cell<'m>, State)> {
        let mut best = None;
        for cell in self.cells(key.start) {
            let Some(state) = cell.state() else { continue };
            match (state, &best) {
                (State::Vacant, _) => return Some((cell, state)),
                (State::Owes(tat), None | Some((_, State::Fresh(_)))) if tat <= now => {
                    best = Some((cell, state));
                }
                (State::Fresh(_), None) => best = Some((cell, state)),
                _ => {}
            }
        }
        best
    }

    /// Gives up a cell that owes nothing (5).
    fn vacate(&self, cell: &Cell<'_>, state: State) -> bool {
        match state {
            State::Vacant => true,
            State::Fresh(raw) => cell.exchange(raw, MARK | cell.word),
            State::Owes(tat) => {
                self.floor.fetch_max(tat, AcqRel);
                cell.exchange(tat, MARK | cell.word)
            }
        }
    }

    /// Finishes the claim that the claim word names, and gives it (3). `None` if it names no
    /// cell, which no claim of ours does.
    fn settle(&self) -> Option<u64> {
        for _ in 0..ATTEMPTS {
            let claim = self.claim.load(Acquire);
            let index = usize::try_from(claim >> INDEX_SHIFT & INDEX_MASK).ok()?;
            let owner = self.owners.get(index)?;
            let word = owner.load(Acquire);
            if word == claim {
                return Some(claim);
            }
            if self.claim.load(Acquire) == claim {
                let _ = owner.compare_exchange(word, claim, AcqRel, Acquire);
            }
        }
        None
    }
}

/// The fingerprint in a claim or owner word.
const fn fingerprint(word: u64) -> u32 {
    word as u32
}

/// The claim of cell `index` that follows `current`.
fn claim_word(current: u64, index: u64, fingerprint: u32) -> u64 {
    let counter = (current >> COUNTER_SHIFT).wrapping_add(1) & COUNTER_MASK;
    counter << COUNTER_SHIFT | index << INDEX_SHIFT | u64::from(fingerprint)
}
