//! Contenders, called in turn. Every round calls every contender of a group in every mode, in an
//! order that is drawn anew, each for some 50 microseconds. So whatever the machine does in the
//! meantime, it does to all of them alike; what counts is the median over the rounds.

use std::collections::BTreeMap;
use std::hint::black_box;

use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

use crate::clock::{fence, time};
use crate::statistics::{median, median_ratio, quantile};

/// How calls follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// After a fence each: nothing of two calls overlaps. What the fence and the loop take is
    /// measured with a call that does nothing, in the same round, and taken off.
    Iso,
    /// Back to back, independent: the processor may work on several at once.
    Back,
    /// Which input comes next depends on the answer before: the time until an answer is there.
    Chain,
    /// Answers for [`MANY`] inputs that lie side by side, put into an array. Who has a call for many
    /// makes one; all others are compiled into a loop.
    Many,
}

impl Mode {
    /// As it stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iso => "iso",
            Self::Back => "b2b",
            Self::Chain => "latency",
            Self::Many => "many",
        }
    }
}

/// How many inputs lie side by side in [`Mode::Many`].
pub const MANY: usize = 64;

/// The answers for inputs that lie side by side: 1 or 0 each.
pub type Answers = [u8; MANY];

/// In which mode, from which input on, how many, and by which mask the numbers of inputs wrap around.
type Run = Box<dyn FnMut(Mode, usize, usize, usize) -> usize>;

/// One implementation of what a group compares.
pub struct Contender {
    /// Who it is.
    pub name: String,
    run: Run,
}

impl Contender {
    /// `call` is given the number of an input and gives its answer. It is compiled into the loops
    /// here, so that a peer that can be inlined is.
    pub fn new(name: impl Into<String>, mut call: impl FnMut(usize) -> bool + 'static) -> Self {
        let run = move |mode, from: usize, times: usize, mask: usize| {
            let (mut accepted, mut next) = (0, from);
            match mode {
                Mode::Iso => {
                    for input in from..from + times {
                        fence();
                        accepted += usize::from(black_box(call(black_box(input & mask))));
                    }
                    fence();
                }
                Mode::Back => {
                    for input in from..from + times {
                        accepted += usize::from(black_box(call(black_box(input & mask))));
                    }
                }
                Mode::Chain => {
                    for _ in 0..times {
                        let answer = usize::from(call(next & mask));
                        accepted += answer;
                        next = black_box(next + 1 + answer);
                    }
                }
                Mode::Many => {
                    accepted = blocks(from, times, mask, &mut |first, answers| {
                        for (place, answer) in answers.iter_mut().enumerate() {
                            *answer = u8::from(call(first + place));
                        }
                    });
                }
            }
            accepted
        };
        Self { name: name.into(), run: Box::new(run) }
    }

    /// The same with a call for many inputs, which is given the number of the first.
    pub fn with_many(self, mut many: impl FnMut(usize, &mut Answers) + 'static) -> Self {
        let Self { name, mut run } = self;
        let run = move |mode, from, times, mask| match mode {
            Mode::Many => blocks(from, times, mask, &mut many),
            _ => run(mode, from, times, mask),
        };
        Self { name, run: Box::new(run) }
    }

    /// Answers every input, and ends the bench if that is not as it must be.
    pub fn check(&mut self, group: &str, answers: &[bool]) {
        for (input, wanted) in answers.iter().enumerate() {
            let got = (self.run)(Mode::Back, input, 1, usize::MAX) == 1;
            assert_eq!(got, *wanted, "{group}: {} on input {input}", self.name);
        }
    }

    /// The same in [`Mode::Many`], by how many of those that lie side by side are accepted.
    pub fn check_many(&mut self, group: &str, answers: &[bool]) {
        for (block, answers) in answers.chunks_exact(MANY).enumerate() {
            let wanted = answers.iter().filter(|answer| **answer).count();
            let got = (self.run)(Mode::Many, block * MANY, MANY, usize::MAX);
            assert_eq!(got, wanted, "{group}: {} on {MANY} inputs, block {block}", self.name);
        }
    }
}

/// Lets `many` answer for the inputs that lie side by side, from those on that `from` is among.
#[inline]
fn blocks(
    from: usize,
    times: usize,
    mask: usize,
    many: &mut impl FnMut(usize, &mut Answers),
) -> usize {
    let (mut accepted, mut answers) = (0, [0; MANY]);
    for input in (from..from + times).step_by(MANY) {
        many(black_box(input & mask & !(MANY - 1)), &mut answers);
        accepted += black_box(&answers).iter().map(|answer| usize::from(*answer)).sum::<usize>();
    }
    accepted
}

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    /// How many rounds.
    pub rounds: usize,
    /// How long a batch takes, in nanoseconds.
    pub batch_ns: f64,
}

/// Contenders that do the same.
pub struct Group {
    /// What is compared; also the name in the results.
    pub name: String,
    /// How many messages, requests or addresses one call handles: times are for one of them.
    pub per_call: f64,
    /// What everybody must answer for each input, which is checked before anything is measured. Only the first `timed` are measured; the others show
    /// that nobody accepts everything.
    pub answers: Vec<bool>,
    /// How many inputs are measured, a power of two.
    pub timed: usize,
    /// Which modes make sense.
    pub modes: Vec<Mode>,
    /// Who takes part. Tollgate is the first.
    pub contenders: Vec<Contender>,
}

/// What came out for a group.
pub struct Measured {
    /// The group's.
    pub name: String,
    /// By mode, then by contender in the order of the group: nanoseconds of every round.
    times: BTreeMap<Mode, Vec<Vec<f64>>>,
    /// Who took part.
    pub contenders: Vec<String>,
}

/// A contender in one mode.
pub struct Row {
    /// Who.
    pub name: String,
    /// Nanoseconds: the median.
    pub ns: f64,
    /// Below and above which a tenth of the rounds lies.
    pub spread: (f64, f64),
    /// How many times longer it takes than the first contender.
    pub ratio: f64,
}

impl Group {
    /// Checks, and measures.
    pub fn measure(mut self, effort: Effort, seed: u64) -> Measured {
        assert!(self.timed.is_power_of_two());
        for contender in &mut self.contenders {
            contender.check(&self.name, &self.answers);
            if self.modes.contains(&Mode::Many) {
                // Without answers each was checked by itself.
                let answers = self.answers.get(..self.timed).unwrap_or_default();
                contender.check_many(&self.name, answers);
            }
        }
        self.contenders.push(Contender::new("", |_| true));
        let empty = self.contenders.len() - 1;
        let mut random = SmallRng::seed_from_u64(seed);
        let sizes = self.batch_sizes(effort);
        let mut order: Vec<(Mode, usize)> = self
            .modes
            .iter()
            .flat_map(|mode| (0..=empty).map(|contender| (*mode, contender)))
            .collect();
        let mut times: BTreeMap<Mode, Vec<Vec<f64>>> =
            self.modes.iter().map(|mode| (*mode, vec![Vec::new(); empty + 1])).collect();
        for _ in 0..effort.rounds {
            order.shuffle(&mut random);
            for (mode, contender) in &order {
                let from = random.random_range(0..self.timed);
                let ns = self.batch(*mode, *contender, from, sizes[&(*mode, *contender)]);
                times.get_mut(mode).expect("made above")[*contender].push(ns);
            }
        }
        for (mode, all) in &mut times {
            let overhead = all.pop().expect("the one that does nothing");
            if *mode == Mode::Iso {
                take_off(all, &overhead);
            }
            all.iter_mut().flatten().for_each(|ns| *ns /= self.per_call);
        }
        let contenders = self.contenders.iter().take(empty).map(|one| one.name.clone()).collect();
        Measured { name: self.name, times, contenders }
    }

    /// Nanoseconds for one call of a batch. Half as many calls go before, on other inputs: they bring
    /// the code and the common data of the contender back, which those before it have displaced.
    fn batch(&mut self, mode: Mode, contender: usize, from: usize, times: usize) -> f64 {
        let mask = self.timed - 1;
        let run = &mut self.contenders[contender].run;
        let before = times / 2;
        black_box(run(mode, from, before, mask));
        // Of inputs that lie side by side none is left over.
        let asked = if mode == Mode::Many { times.next_multiple_of(MANY) } else { times };
        time(|| {
            black_box(run(mode, from + before, times, mask));
        }) / asked as f64
    }

    /// How many calls fill a batch, by mode and contender.
    fn batch_sizes(&mut self, effort: Effort) -> BTreeMap<(Mode, usize), usize> {
        let mut sizes = BTreeMap::new();
        for contender in 0..self.contenders.len() {
            for mode in self.modes.clone() {
                self.batch(mode, contender, 0, 4);
                let once = self.batch(mode, contender, 0, 16).max(0.5);
                sizes.insert((mode, contender), ((effort.batch_ns / once) as usize).clamp(1, 4096));
            }
        }
        sizes
    }
}

/// Takes what an empty call takes off each time: its median, for a round more or less of it is noise.
fn take_off(all: &mut [Vec<f64>], overhead: &[f64]) {
    let overhead = median(overhead);
    all.iter_mut().flatten().for_each(|ns| *ns = (*ns - overhead).max(0.1));
}

impl Measured {
    /// The modes that were measured.
    pub fn modes(&self) -> impl Iterator<Item = Mode> {
        self.times.keys().copied()
    }

    /// All contenders in `mode`, Tollgate first and the others from fast to slow.
    pub fn rows(&self, mode: Mode) -> Vec<Row> {
        let Some(times) = self.times.get(&mode) else { return Vec::new() };
        let row = |(name, ns): (&String, &Vec<f64>)| Row {
            name: name.clone(),
            ns: median(ns),
            spread: (quantile(ns, 0.1), quantile(ns, 0.9)),
            ratio: median_ratio(ns, &times[0]),
        };
        let mut rows: Vec<Row> = self.contenders.iter().zip(times).map(row).collect();
        rows[1..].sort_by(|a, b| a.ns.total_cmp(&b.ns));
        rows
    }

    /// The fastest of the peers that `wanted` names, in `mode`.
    pub fn best(&self, mode: Mode, wanted: impl Fn(&str) -> bool) -> Option<Row> {
        self.rows(mode).into_iter().skip(1).find(|row| wanted(&row.name))
    }

    /// By how many nanoseconds one takes longer than another: the median over the rounds.
    pub fn difference(&self, mode: Mode, longer: &str, shorter: &str) -> Option<f64> {
        let of = |name: &str| {
            let place = self.contenders.iter().position(|one| one == name)?;
            self.times.get(&mode)?.get(place)
        };
        let pairs = of(longer)?.iter().zip(of(shorter)?);
        Some(median(&pairs.map(|(longer, shorter)| longer - shorter).collect::<Vec<_>>()))
    }

    /// The contender of that name.
    pub fn row(&self, mode: Mode, name: &str) -> Option<Row> {
        self.rows(mode).into_iter().find(|row| row.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFORT: Effort = Effort { rounds: 5, batch_ns: 1000.0 };

    fn group(contenders: Vec<Contender>) -> Group {
        Group {
            name: String::from("test"),
            per_call: 1.0,
            answers: vec![true, true, false, false],
            timed: 2,
            modes: vec![Mode::Iso, Mode::Back, Mode::Chain],
            contenders,
        }
    }

    #[test]
    fn who_answers_right_is_measured() {
        let measured = group(vec![Contender::new("right", |input| input < 2)]).measure(EFFORT, 1);
        assert_eq!(measured.rows(Mode::Iso).len(), 1);
        assert_eq!(measured.rows(Mode::Back)[0].ratio, 1.0);
    }

    #[test]
    #[should_panic(expected = "all on input 2")]
    fn who_accepts_everything_ends_the_bench() {
        group(vec![Contender::new("all", |_| true)]).measure(EFFORT, 1);
    }

    #[test]
    #[should_panic(expected = "none on input 0")]
    fn who_refuses_everything_ends_the_bench() {
        group(vec![Contender::new("none", |_| false)]).measure(EFFORT, 1);
    }

    #[test]
    #[should_panic(expected = "all but one on 64 inputs, block 1")]
    fn who_answers_wrongly_for_many_ends_the_bench() {
        let contender = Contender::new("all but one", |_| true).with_many(|first, answers| {
            *answers = [1; MANY];
            answers[3] = u8::from(first != MANY);
        });
        let answers = vec![true; 2 * MANY];
        let modes = vec![Mode::Many];
        let many = Group { answers, timed: 2 * MANY, modes, ..group(vec![contender]) };
        many.measure(EFFORT, 1);
    }

    #[test]
    fn times_of_many_are_for_one() {
        let spin = || {
            (0..1000).for_each(|n| {
                black_box(n);
            });
        };
        let one_by_one = Contender::new("one by one", move |_| {
            spin();
            true
        });
        let at_once = Contender::new("at once", |_| true).with_many(move |_, answers| {
            spin();
            *answers = [1; MANY];
        });
        let (answers, timed) = (vec![true; MANY], MANY);
        let contenders = vec![at_once, one_by_one];
        let modes = vec![Mode::Many];
        let measured = Group { answers, timed, modes, ..group(contenders) }.measure(EFFORT, 1);
        let rows = measured.rows(Mode::Many);
        assert!(rows[1].ratio > 32.0 && rows[1].ratio < 128.0, "{}", rows[1].ratio);
    }

    #[test]
    fn overhead_is_taken_off_and_nothing_becomes_negative() {
        let mut all = vec![vec![30.0, 40.0], vec![4.0, 5.0]];
        take_off(&mut all, &[10.0, 10.0, 900.0]);
        assert_eq!(all, [[20.0, 30.0], [0.1, 0.1]]);
    }

    #[test]
    fn times_are_for_one_message_of_a_call() {
        let contender = || {
            Contender::new("spins", |input| {
                (0..1000).for_each(|n| {
                    black_box(n);
                });
                input < 2
            })
        };
        let one = group(vec![contender()]).measure(EFFORT, 1);
        let ten = Group { per_call: 1000.0, ..group(vec![contender()]) }.measure(EFFORT, 1);
        let of = |measured: &Measured| measured.rows(Mode::Back)[0].ns;
        assert!(of(&one) > 100.0 * of(&ten));
    }
}
