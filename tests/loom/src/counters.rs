//! The rows of the counters: what several workers do that count for one name or for two, in two
//! rows of one cell.

use loom::sync::Arc;
use loom::thread;

use crate::atomic::AtomicU64;
use row::{HEAD_WORDS, NAME_WORDS, Name, Row};

#[path = "../../../src/limit/counters/row.rs"]
mod row;

/// The words of a name that count: its length, and two of its bytes.
const WORDS: usize = 3;

/// The words of a row with one cell.
const ROW_WORDS: usize = HEAD_WORDS + 1;

const fn name(tag: u64, [length, first, second]: [u64; WORDS]) -> Name {
    Name { tag, words: [length, first, second, 0, 0, 0, 0, 0, 0], count: WORDS }
}

const A: Name = name(1, [16, 10, 11]);
const B: Name = name(2, [16, 20, 21]);
/// It begins as A does, and has the same tag.
const TWIN: Name = name(1, [16, 10, 12]);

/// The memory of two rows.
#[derive(Clone)]
struct Memory(Arc<Vec<AtomicU64>>);

impl Memory {
    fn new() -> Self {
        Self::left(&A, 0)
    }

    /// The first row as a worker left it that was killed behind so many of its writes of the name.
    fn left(name: &Name, writes: usize) -> Self {
        let mut words = [0; 2 * ROW_WORDS];
        let written = [name.tag].into_iter().chain(name.words).take(writes);
        words.iter_mut().zip(written).for_each(|(word, own)| *word = own);
        Self(Arc::new(words.map(AtomicU64::new).into_iter().collect()))
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.0.chunks(ROW_WORDS).map(|words| Row::new(words).unwrap())
    }

    /// Counts one for the name, in the first row that is its; false if none is.
    fn count(&self, name: &Name) -> bool {
        let row = self.rows().find(|row| row.is_of(name));
        row.inspect(|row| row.add(0)).is_some()
    }

    /// The same with a new thread.
    fn spawn(&self, name: &'static Name) -> thread::JoinHandle<bool> {
        let memory = self.clone();
        thread::spawn(move || memory.count(name))
    }

    /// The rows that can be read: their names, and what was counted for them.
    fn read(&self) -> Vec<([u64; NAME_WORDS], u64)> {
        let rows = self.rows().map(|row| (row.name(), row.counts().sum()));
        rows.filter(|(words, _)| words[..WORDS].iter().all(|word| *word != 0)).collect()
    }

    /// What was counted for the name, which has one row; 0 if it has none.
    fn counted(&self, name: &Name) -> u64 {
        let rows: Vec<_> = self.read().into_iter().filter(|row| row.0 == name.words).collect();
        assert!(rows.len() <= 1, "{rows:?}");
        rows.first().map_or(0, |row| row.1)
    }
}

/// At most `preemptions`, or as many as `LOOM_MAX_PREEMPTIONS` says.
fn check(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.check(model);
}

#[test]
fn two_workers_count_for_one_name() {
    check(4, || {
        let memory = Memory::new();
        let other = memory.spawn(&A);
        assert!(memory.count(&A) && other.join().unwrap());
        assert_eq!(memory.read(), [(A.words, 2)]);
    });
}

#[test]
fn three_workers_count_for_one_name() {
    check(2, || {
        let memory = Memory::new();
        let others = [memory.spawn(&A), memory.spawn(&A)];
        assert!(memory.count(&A) && others.into_iter().all(|other| other.join().unwrap()));
        assert_eq!(memory.read(), [(A.words, 3)]);
    });
}

/// Each gets a row, and finds it again.
#[test]
fn two_workers_count_for_two_names() {
    check(4, || {
        let memory = Memory::new();
        let other = memory.spawn(&B);
        assert!(memory.count(&A) && memory.count(&A) && other.join().unwrap());
        assert!(memory.count(&B));
        assert_eq!((memory.counted(&A), memory.counted(&B)), (2, 2));
    });
}

#[test]
fn three_workers_count_for_two_names() {
    check(2, || {
        let memory = Memory::new();
        let others = [memory.spawn(&A), memory.spawn(&B)];
        assert!(memory.count(&A) && others.into_iter().all(|other| other.join().unwrap()));
        assert_eq!((memory.counted(&A), memory.counted(&B)), (2, 1));
    });
}

/// A name that was left half done is finished by whoever has it, and holds up nobody else.
#[test]
fn what_a_killed_worker_left() {
    for writes in 0..=WORDS + 1 {
        check(3, move || {
            let memory = Memory::left(&A, writes);
            let others = [memory.spawn(&A), memory.spawn(&B)];
            assert!(memory.count(&A) && others.into_iter().all(|other| other.join().unwrap()));
            assert_eq!((memory.counted(&A), memory.counted(&B)), (2, 1));
        });
    }
}

/// Two names that agree in their tags and in the words that were written: the row becomes one's,
/// and the other one goes past it.
#[test]
fn two_names_with_one_tag() {
    for writes in 0..=WORDS + 1 {
        check(4, move || {
            let memory = Memory::left(&A, writes);
            let other = memory.spawn(&A);
            assert!(memory.count(&TWIN) && other.join().unwrap() && memory.count(&TWIN));
            assert_eq!((memory.counted(&A), memory.counted(&TWIN)), (1, 2));
        });
    }
}

/// The same with three workers, behind the words in which the names agree.
#[test]
fn three_workers_and_one_tag() {
    check(3, || {
        let memory = Memory::left(&A, WORDS);
        let others = [memory.spawn(&A), memory.spawn(&TWIN)];
        assert!(memory.count(&TWIN) && others.into_iter().all(|other| other.join().unwrap()));
        assert_eq!((memory.counted(&A), memory.counted(&TWIN)), (1, 2));
    });
}

/// There is room for two names: whose is the third finds none, and no other loses its row.
#[test]
fn three_names_in_two_rows() {
    check(2, || {
        let memory = Memory::new();
        let others = [memory.spawn(&B), memory.spawn(&TWIN)];
        let counted = [memory.count(&A)].into_iter();
        let counted: Vec<_> = counted.chain(others.map(|other| other.join().unwrap())).collect();
        assert_eq!(counted.iter().filter(|counted| **counted).count(), 2);
        for (name, counted) in [&A, &B, &TWIN].into_iter().zip(counted) {
            assert_eq!(memory.counted(name), u64::from(counted));
        }
    });
}

/// A reader sees names as they are or not at all, and no more than was counted.
#[test]
fn a_reader_beside_two_workers() {
    check(3, || {
        let memory = Memory::new();
        let others = [memory.spawn(&A), memory.spawn(&B)];
        for (words, count) in memory.read() {
            assert!(words == A.words || words == B.words, "{words:?}");
            assert!(count <= 1);
        }
        assert!(others.into_iter().all(|other| other.join().unwrap()));
        assert_eq!(memory.read().len(), 2);
    });
}
