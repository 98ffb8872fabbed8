//! One row of the counters: the name of a route and a number for each kind of decision, shared by
//! threads and processes without a lock.
//!
//! A row is one *tag* word, one word for the length of the name, eight for its bytes, and the
//! cells. The tag is a hash of the name, and not 0. The words of a name are not 0 either: the
//! length is at least 1, and bytes are kept inverted, which makes 0 of no eight bytes of UTF-8.
//! The words of tag and name are written once, by a compare-exchange from 0; 0 is what is not
//! written yet. Cells are added to.
//!
//! Why every name has one row, and every row one name, whoever is killed when:
//!
//! 1. *A row is a name's* once its tag, its length and its bytes are the name's. What was written
//!    stays, so two names never have the same row, and a row that is a name's remains it.
//! 2. *A row is not a name's* once one of its words is another than the name's, for good too.
//! 3. *Everybody looks for a name in the same order*, and goes past a row by 2 alone. A word that
//!    is not written is written first. So whoever looks for a name ends at the first row that is
//!    its by 1, and everybody else goes past the same rows to the same one.
//! 4. *Nobody waits.* A worker that was killed in the middle left the beginning of a name, for a
//!    word is written behind words that are the writer's own. Who has the same name writes the
//!    others. Who has another name has another tag, or, once in 2^64 pairs of names, the same: then
//!    the row becomes that of whoever writes the first word in which they differ, and the other
//!    goes past it by 2.
//! 5. *Nothing is counted in a row before all of its name is there*, and a reader needs no order
//!    between words: one that sees a part of a name passes over the row, and sees it next time.

use super::super::atomic::{AtomicU64, Ordering::Relaxed};

/// The words of a name: its length, and 64 bytes.
pub(super) const NAME_WORDS: usize = 9;
/// The words before the cells.
pub(super) const HEAD_WORDS: usize = 1 + NAME_WORDS;

/// A name as it stands in a row.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// Not 0.
    pub(super) tag: u64,
    /// None of those that count is 0.
    pub(super) words: [u64; NAME_WORDS],
    /// How many of them count.
    pub(super) count: usize,
}

/// The words of one row.
#[derive(Clone, Copy)]
pub(super) struct Row<'m> {
    tag: &'m AtomicU64,
    name: &'m [AtomicU64],
    cells: &'m [AtomicU64],
}

impl<'m> Row<'m> {
    /// The row in these words. Zeroed words are a free row. `None` if they are too few.
    #[inline]
    pub(super) fn new(words: &'m [AtomicU64]) -> Option<Self> {
        let (head, cells) = words.split_at_checked(HEAD_WORDS)?;
        let (tag, name) = head.split_first()?;
        Some(Self { tag, name, cells })
    }

    /// Whether the row is the name's. A free one becomes it.
    #[inline]
    pub(super) fn is_of(&self, name: &Name) -> bool {
        let mut words = self.name.iter().zip(&name.words).take(name.count);
        is_or_becomes(self.tag, name.tag) && words.all(|(word, own)| is_or_becomes(word, *own))
    }

    /// Counts one in the cell.
    #[inline]
    pub(super) fn add(&self, cell: usize) {
        if let Some(cell) = self.cells.get(cell) {
            cell.fetch_add(1, Relaxed);
        }
    }

    /// The numbers in the cells.
    pub(super) fn counts(&self) -> impl Iterator<Item = u64> {
        self.cells.iter().map(|cell| cell.load(Relaxed))
    }

    /// The words of the name, as far as they are written; the others are 0.
    pub(super) fn name(&self) -> [u64; NAME_WORDS] {
        let mut words = [0; NAME_WORDS];
        for (to, word) in words.iter_mut().zip(self.name) {
            *to = word.load(Relaxed);
        }
        words
    }
}

/// Whether the word is `own`. One that is not written yet becomes it.
#[inline]
fn is_or_becomes(word: &AtomicU64, own: u64) -> bool {
    match word.load(Relaxed) {
        0 => match word.compare_exchange(0, own, Relaxed, Relaxed) {
            Ok(_) => true,
            Err(found) => found == own,
        },
        found => found == own,
    }
}
