//! Counters of decisions in memory that the program has as it is.

use core::hint::black_box;
use core::sync::atomic::AtomicU64;

use tollgate::decision::{Reason, Verdict};
use tollgate::limit::counters::{Counters, init, size_words};

use crate::Answers;

const WORDS: usize = 1024;
static MEMORY: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];

const TEXT: &str = "tollgate_checks_total{zone=\"main\",route=\"cashout\",outcome=\"denied\",\
                    reason=\"stale\"} 1\n\
                    tollgate_checks_total{zone=\"main\",route=\"cashout\",outcome=\"dry_run\",\
                    reason=\"stale\"} 1\n\
                    tollgate_checks_total{zone=\"main\",route=\"\",outcome=\"allowed\",\
                    reason=\"ok\"} 1\n";

pub fn ask(answers: &mut Answers) {
    answers.expect(size_words(black_box(4)).is_some_and(|words| words <= WORDS));
    answers.expect(init(&MEMORY, black_box(4)).is_ok());
    let Ok(counters) = Counters::attach(&MEMORY) else { return answers.expect(false) };
    let count = |route, verdict, reason, dry_run| {
        counters.count(black_box(route), black_box(verdict), black_box(reason), black_box(dry_run))
    };
    answers.expect(count("cashout", Verdict::Deny, Reason::Stale, false).is_ok());
    answers.expect(count("cashout", Verdict::Deny, Reason::Stale, true).is_ok());
    answers.expect(count("", Verdict::Allow, Reason::Ok, false).is_ok());
    answers.expect(count("cashout", Verdict::Deny, Reason::Ok, false).is_err());
    let mut buffer = [0; 512];
    let text = counters.text(black_box("zone=\"main\""), black_box(&mut buffer));
    answers.expect(text.is_ok_and(|text| text == TEXT));
    let mut short = [0; 40];
    let needed = counters.text(black_box("zone=\"main\""), black_box(&mut short)).err();
    answers.expect(needed.is_some_and(|short| short.needed == TEXT.len()));
}
