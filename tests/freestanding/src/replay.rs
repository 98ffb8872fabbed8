//! Replay memory in memory that the program has as it is.

use core::hint::black_box;
use core::sync::atomic::AtomicU64;

use tollgate::limit::Fill;
use tollgate::limit::replay::{Claim, Memory, Message, Outcome, init, size_words};

use crate::Answers;

const WORDS: usize = 2048;
static WORDS_OF_MEMORY: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];

const NOW_MS: u64 = 1_700_000_000_000;

pub fn ask(answers: &mut Answers) {
    answers.expect(size_words(black_box(50)).is_some_and(|words| words <= WORDS));
    let made = init(&WORDS_OF_MEMORY, black_box(50), black_box(600_000), black_box([7; 16]));
    answers.expect(made.is_ok());
    let Ok(memory) = Memory::attach(&WORDS_OF_MEMORY) else { return answers.expect(false) };
    answers.expect(memory.window_ms() == 600_000);
    let message = Message {
        credential: black_box(b"merchant"),
        id: black_box(&[0x5a; 32]),
        fresh_from_ms: black_box(Some(NOW_MS - 1000)),
    };
    let claim = || memory.claim(black_box(NOW_MS), &message, black_box(Some(60_000)));
    let Outcome::Taken(first) = claim() else { return answers.expect(false) };
    answers.expect(claim() == Outcome::Replayed { pending: true });
    answers.expect(memory.peek(black_box(NOW_MS), &message) == Some(claim()));
    answers.expect(Claim::from_words(black_box(first.to_words())) == first);
    answers.expect(memory.release(black_box(&first)));
    let Outcome::Taken(second) = claim() else { return answers.expect(false) };
    answers.expect(!memory.confirm(black_box(&first)) && memory.confirm(black_box(&second)));
    answers.expect(claim() == Outcome::Replayed { pending: false });
    answers.expect(memory.fill(black_box(NOW_MS)) == Fill { used: 1, room: 56 });
}
