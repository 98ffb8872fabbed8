//! How cost grows: one input grows, everything else stays. All sizes are contenders of one group, so
//! they are compared within each round.

use crate::groups::networks;
use crate::groups::request::{self, Case, Extra, Shape};
use crate::harness::{Contender, Effort, Group, Measured, Mode};
use crate::peers::networks::{Kind, peers};
use crate::statistics::exponent;

/// One kind of growth.
pub struct Growth {
    /// What grows; also the name of the chart.
    pub name: &'static str,
    /// What the horizontal axis counts.
    pub input: &'static str,
    /// Which modes, and who.
    pub lines: Vec<Line>,
}

/// How the cost of one grows in one mode.
pub struct Line {
    /// Who, and how.
    pub name: String,
    /// Input and nanoseconds.
    pub points: Vec<(usize, f64)>,
}

impl Line {
    /// By which power of the input the cost grows at its upper end, over the last three sizes.
    pub fn exponent(&self) -> f64 {
        let last = &self.points[self.points.len().saturating_sub(3)..];
        exponent(&last.iter().map(|(size, ns)| (*size as f64, *ns)).collect::<Vec<_>>())
    }

    /// How many times as much the largest costs as the smallest.
    pub fn factor(&self) -> f64 {
        self.points.last().map_or(f64::NAN, |last| last.1 / self.points[0].1)
    }

    /// Whether twice the input costs more than twice, beyond what measuring leaves open.
    pub fn superlinear(&self) -> bool {
        self.exponent() > 1.05
    }
}

/// Whole requests whose shapes differ.
pub fn requests(
    name: &'static str,
    input: &'static str,
    sizes: &[usize],
    effort: Effort,
    shape: impl Fn(usize) -> Shape,
) -> Growth {
    let mut contenders = Vec::new();
    let (mut timed, mut answers) = (0, Vec::new());
    for size in sizes {
        let case: &'static Case = Box::leak(Box::new(Case::new(&shape(*size))));
        timed = case.timed();
        answers = case.answers();
        contenders.push(request::tollgate(case, &size.to_string(), Extra::Nothing));
    }
    let modes = vec![Mode::Iso, Mode::Back];
    let group = Group {
        name: String::from(name),
        per_call: 1.0,
        answers,
        timed,
        modes: modes.clone(),
        contenders,
    };
    let measured = group.measure(effort, 2);
    let lines =
        modes.iter().map(|mode| line(&measured, *mode, "Tollgate, request", sizes)).collect();
    Growth { name, input, lines }
}

/// Lists of IPv4 networks whose lengths differ.
pub fn networks(sizes: &[usize], effort: Effort) -> Growth {
    let wanted = ["Tollgate (C ABI)", "iptrie LC-trie"];
    let cases: Vec<&'static networks::Case> = sizes
        .iter()
        .map(|size| &*Box::leak(Box::new(networks::Case::new(Kind::V4, *size))))
        .collect();
    let mut lines = Vec::new();
    for (name, build) in peers(Kind::V4).into_iter().filter(|(name, _)| wanted.contains(name)) {
        let contenders: Vec<Contender> = cases.iter().map(|case| case.contender(build)).collect();
        let group = Group {
            name: String::from("networks"),
            per_call: 1.0,
            // Each list has its own: they were checked above.
            answers: Vec::new(),
            timed: networks::QUERIES,
            modes: vec![Mode::Back, Mode::Chain, Mode::Many],
            contenders,
        };
        let measured = group.measure(effort, 3);
        for mode in [Mode::Back, Mode::Chain, Mode::Many] {
            lines.push(line(&measured, mode, name, sizes));
        }
    }
    Growth { name: "networks", input: "networks in the list (IPv4)", lines }
}

fn line(measured: &Measured, mode: Mode, who: &str, sizes: &[usize]) -> Line {
    let rows = measured.rows(mode);
    let point = |size: &usize| {
        let row = rows.iter().find(|row| row.name == size.to_string());
        (*size, row.map_or(f64::NAN, |row| row.ns))
    };
    Line { name: format!("{who}, {}", mode.name()), points: sizes.iter().map(point).collect() }
}
