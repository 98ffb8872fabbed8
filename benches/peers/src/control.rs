//! Does the harness measure what it says? One piece of work against the same done several times:
//! what comes out is known. It runs before everything else, and the bench ends if it is wrong.

use std::hint::black_box;

use crate::harness::{Contender, Effort, Group, Measured, Mode};

/// A chain of multiplications: each waits for the one before, so the time is proportional to the length.
fn work(steps: u64) -> bool {
    let mut value = 1_u64;
    for step in 0..steps {
        value = (value ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(7);
    }
    black_box(value) != 0
}

/// So many that what two calls overlap at their ends is little beside them.
const STEPS: u64 = 2000;

/// Measures work and the same three times over, in every mode.
pub fn measure(effort: Effort) -> Measured {
    let group = Group {
        name: String::from("control: the same work once, once more, and three times"),
        per_call: 1.0,
        answers: vec![true; 64],
        timed: 64,
        modes: vec![Mode::Iso, Mode::Back, Mode::Chain],
        contenders: vec![
            Contender::new("work", |_| work(black_box(STEPS))),
            Contender::new("the same", |_| work(black_box(STEPS))),
            Contender::new("three times", |_| work(black_box(3 * STEPS))),
        ],
    };
    group.measure(effort, 1)
}

/// What is wrong with a measured control, if anything is.
pub fn fault(measured: &Measured) -> Option<String> {
    for mode in measured.modes() {
        for (name, wanted) in [("the same", 1.0), ("three times", 3.0)] {
            let ratio = measured.row(mode, name).map_or(0.0, |row| row.ratio);
            if (ratio / wanted - 1.0_f64).abs() > 0.05 {
                return Some(format!("{}: {name} came out as {ratio:.2}", mode.name()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harness_that_is_wrong_is_noticed() {
        let lie = Group {
            name: String::from("lie"),
            per_call: 1.0,
            answers: vec![true],
            timed: 1,
            modes: vec![Mode::Iso],
            contenders: vec![
                Contender::new("work", |_| work(black_box(STEPS))),
                Contender::new("the same", |_| work(black_box(STEPS))),
                Contender::new("three times", |_| work(black_box(2 * STEPS))),
            ],
        };
        let measured = lie.measure(Effort { rounds: 50, batch_ns: 20_000.0 }, 1);
        assert!(fault(&measured).is_some_and(|fault| fault.contains("three times")));
    }
}
