//! Rate limits in memory that the program has as it is.

use core::hint::black_box;
use core::sync::atomic::AtomicU64;

use tollgate::limit::{
    Charge, Fill, Outcome, Rate, Step, Subject, Table, Throttle, charge_all, failures_peek,
    failures_record, init, peek_all, size_words, step,
};

use crate::Answers;

const WORDS: usize = 4096;
static MEMORY: Aligned = Aligned([const { AtomicU64::new(0) }; WORDS]);

#[repr(align(64))]
struct Aligned([AtomicU64; WORDS]);

const SECOND: u64 = 1_000_000_000;

pub fn ask(answers: &mut Answers) {
    answers.expect(size_words(black_box(8), black_box(8)).is_some_and(|words| words <= WORDS));
    let made = init(&MEMORY.0, black_box(8), black_box(8), black_box([7; 16]));
    answers.expect(made.is_ok());
    let Ok(table) = Table::attach(&MEMORY.0) else { return answers.expect(false) };
    let Ok(rate) = Rate::new(black_box(60), black_box(60 * SECOND), black_box(2)) else {
        return answers.expect(false);
    };
    charges(answers, &table, &rate);
    failures(answers, &table, &rate);
    arithmetic(answers, &rate);
}

fn charges(answers: &mut Answers, table: &Table<'_>, rate: &Rate) {
    let subject = Subject::Credential { id: black_box(b"merchant"), limit: black_box(b"cashout") };
    let charge = [Charge { subject, rate, cost: black_box(1) }];
    let now = black_box(SECOND);
    answers.expect(matches!(peek_all(table, now, &charge), Outcome::Admitted { .. }));
    answers.expect(matches!(charge_all(table, now, &charge), Outcome::Admitted { .. }));
    answers.expect(matches!(charge_all(table, now, &charge), Outcome::Admitted { .. }));
    answers.expect(!matches!(charge_all(table, now, &charge), Outcome::Admitted { .. }));
    let (credentials, addresses) = table.fill(now);
    answers.expect(credentials == Fill { used: 1, room: 8 } && addresses.used == 0);
}

fn failures(answers: &mut Answers, table: &Table<'_>, rate: &Rate) {
    let address = Some(black_box(core::net::IpAddr::from([203, 0, 113, 7])));
    let now = black_box(SECOND);
    answers.expect(matches!(failures_peek(table, now, address, rate), Throttle::Clear));
    failures_record(table, now, address, rate);
    failures_record(table, now, address, rate);
    answers.expect(!matches!(failures_peek(table, now, address, rate), Throttle::Clear));
}

fn arithmetic(answers: &mut Answers, rate: &Rate) {
    answers.expect(rate.emission_ns() == SECOND && rate.quota() == 2);
    let (tat, now) = (black_box(3 * SECOND), black_box(SECOND));
    answers.expect(rate.tolerance_ns() > 0 && rate.remaining(tat, now) == 0);
    answers.expect(rate.reset_ns(tat, now) > 0);
    answers.expect(!matches!(step(tat, now, rate, black_box(1)), Step::Admit { .. }));
    let _ = black_box((rate.mend(tat, now), rate.penalised(tat, now)));
}
