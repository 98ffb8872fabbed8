//! Links only if nothing in the core allocates and no panic in it can be reached: the handler
//! below calls a function that nobody has. Then it runs, and exits with the number of the first
//! answer that is wrong, or 0.

#![no_std]
#![no_main]

mod counters;
mod decisions;
mod keys;
mod limits;
mod machine;
mod memory;
mod primitives;
mod replay;
mod requests;
mod tokens;

use core::panic::PanicInfo;

unsafe extern "C" {
    safe fn tollgate_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    tollgate_panic_is_reachable()
}

/// Each part gives the number of its first wrong answer, or 0.
fn work() -> u8 {
    let mut answers = Answers { asked: 0, wrong: 0 };
    primitives::ask(&mut answers);
    decisions::ask(&mut answers);
    requests::ask(&mut answers);
    limits::ask(&mut answers);
    replay::ask(&mut answers);
    counters::ask(&mut answers);
    tokens::ask(&mut answers);
    keys::ask(&mut answers);
    plant(&mut answers);
    answers.wrong
}

/// Counts what was asked and keeps the first wrong answer.
struct Answers {
    asked: u8,
    wrong: u8,
}

impl Answers {
    fn expect(&mut self, right: bool) {
        self.asked = self.asked.wrapping_add(1);
        if !right && self.wrong == 0 {
            self.wrong = self.asked;
        }
    }
}

#[cfg(feature = "plant")]
fn plant(answers: &mut Answers) {
    let table = core::hint::black_box([1_u8; 4]);
    answers.expect(table[core::hint::black_box(2_usize)] == 1);
}

#[cfg(not(feature = "plant"))]
fn plant(_: &mut Answers) {}
