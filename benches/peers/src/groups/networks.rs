//! Whether an address is in a list of networks.

use rand::Rng;
use rand::rngs::StdRng;

use crate::clock::time;
use crate::harness::{Contender, Group, Mode};
use crate::inputs;
use crate::memory;
use crate::peers::networks::{Addresses, Build, Kind, peers};

/// A list, and addresses of which it is known whether they are in it.
pub struct Case {
    kind: Kind,
    networks: Vec<(u128, u32)>,
    text: String,
    addresses: Addresses,
    answers: Vec<bool>,
}

/// How many addresses are asked for.
pub const QUERIES: usize = 1 << 16;

impl Case {
    /// A list of `count` networks of `kind`. Half of the addresses are in one of them, as far as
    /// chance goes; the others are anywhere.
    pub fn new(kind: Kind, count: usize) -> Self {
        let mut random = inputs::random(&format!("{} {count}", kind.name()));
        let networks = draw(&mut random, kind, count);
        let text = text(kind, &networks);
        let queries: Vec<u128> = (0..QUERIES)
            .map(|_| {
                let (network, length) = networks[random.random_range(0..count)];
                let any = kind.random(&mut random);
                if random.random() { network | (any & !kind.mask(length)) } else { any }
            })
            .collect();
        let ranges = Ranges::new(kind, &networks);
        let answers = queries.iter().map(|address| ranges.contain(*address)).collect();
        Self { kind, networks, text, addresses: Addresses::new(kind, &queries), answers }
    }

    /// A contender under the name of its size, which answers as it must.
    pub fn contender(&self, build: Build) -> Contender {
        let mut built = build(&self.text, &self.addresses);
        built.check(&self.name(), &self.answers);
        built.check_many(&self.name(), &self.answers);
        built.name = self.networks.len().to_string();
        built
    }

    /// As it stands in tables.
    pub fn name(&self) -> String {
        let count = self.networks.len();
        let short = match count {
            1_000_000 => String::from("1M"),
            1000.. => format!("{}k", count / 1000),
            _ => count.to_string(),
        };
        format!("networks, {short} {}", self.kind.name())
    }
}

/// Different networks, of the lengths that allow-lists have.
fn draw(random: &mut StdRng, kind: Kind, count: usize) -> Vec<(u128, u32)> {
    let mut drawn = hashbrown::HashSet::new();
    let mut networks = Vec::with_capacity(count);
    while networks.len() < count {
        let length = kind.random_length(random);
        let network = (kind.random(random) & kind.mask(length), length);
        if drawn.insert(network) {
            networks.push(network);
        }
    }
    networks
}

/// The list as an operator writes it.
fn text(kind: Kind, networks: &[(u128, u32)]) -> String {
    let items: Vec<String> =
        networks.iter().map(|(network, length)| kind.text(*network, *length)).collect();
    items.join(",")
}

/// The oracle: the networks as ranges, sorted and merged, and a binary search.
struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    fn new(kind: Kind, networks: &[(u128, u32)]) -> Self {
        let range = |(network, length): &(u128, u32)| (*network, *network | kind.rest(*length));
        let mut all: Vec<(u128, u128)> = networks.iter().map(range).collect();
        all.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::new();
        for (first, last) in all {
            match merged.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    fn contain(&self, address: u128) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= address);
        after > 0 && self.0[after - 1].1 >= address
    }
}

/// What it cost to make a list ready.
pub struct Built {
    /// Who.
    pub name: String,
    /// Nanoseconds for each network, from the text.
    pub ns: f64,
    /// Bytes for each network; of a short list they say nothing.
    pub bytes: Option<f64>,
}

/// Builds the list with everybody, one after the other, and gives what that cost.
pub fn group(case: &'static Case, scan: bool) -> (Group, Vec<Built>) {
    let (mut contenders, mut costs) = (Vec::<Contender>::new(), Vec::new());
    for (name, build) in peers(case.kind) {
        if name == "ipnet scan" && !scan {
            continue;
        }
        let before = memory::in_use();
        let mut built = None;
        let ns = time(|| built = Some(build(&case.text, &case.addresses)));
        let bytes = memory::in_use().saturating_sub(before);
        contenders.extend(built);
        let count = case.networks.len() as f64;
        costs.push(Built {
            name: String::from(name),
            ns: ns / count,
            bytes: (count >= 1000.0).then_some(bytes as f64 / count),
        });
    }
    let group = Group {
        name: case.name(),
        per_call: 1.0,
        answers: case.answers.clone(),
        timed: QUERIES,
        modes: vec![Mode::Back, Mode::Chain, Mode::Many],
        contenders,
    };
    (group, costs)
}
