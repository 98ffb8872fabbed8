//! What a run measures, and for how long.

use crate::groups::request::Shape;
use crate::groups::{batch, encoding, growth, hmac, limiter, networks, request, threads};
use crate::harness::{Effort, Group, Mode};
use crate::peers::networks::Kind;
use crate::results::{self, Results};

/// How much is measured.
pub struct Plan {
    /// For how long.
    pub effort: Effort,
    /// Up to how many credentials and networks.
    largest: usize,
    /// The part that is measured; `None` for all of them.
    only: Option<&'static str>,
}

type Measure = fn(&Plan, &mut Results, &[usize]);

/// What can be measured by itself.
const PARTS: [(&str, Measure); 8] = [
    ("HMAC", |plan, run, _| plan.messages(run)),
    ("batch", |plan, run, _| plan.batches(run)),
    ("encoding", |plan, run, _| plan.encodings(run)),
    ("networks", |plan, run, _| plan.lists(run)),
    ("rate limit", |plan, run, _| plan.limits(run)),
    ("request", |plan, run, _| plan.requests(run)),
    ("growth", |plan, run, _| plan.growth(run)),
    ("threads", |plan, run, processors| plan.threads(run, processors)),
];

/// How the bench is called.
pub fn usage() -> String {
    let parts: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
    format!("tollgate-bench short|full FOLDER [PART], where PART is one of: {}", parts.join(", "))
}

impl Plan {
    /// `full` is the one whose results are kept; `short` takes half a minute. Without a part it is
    /// everything.
    pub fn of(length: &str, part: Option<&str>) -> Option<Self> {
        let effort = |rounds| Effort { rounds, batch_ns: 50_000.0 };
        let only = match part {
            Some(part) => Some(PARTS.iter().find(|(known, _)| *known == part)?.0),
            None => None,
        };
        match length {
            "short" => Some(Self { effort: effort(101), largest: 100_000, only }),
            "full" => Some(Self { effort: effort(251), largest: 1_000_000, only }),
            _ => None,
        }
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    /// Everything, with tables as they come.
    pub fn measure(&self, processors: &[usize]) -> Results {
        let mut run = Results::default();
        for (_, measure) in PARTS.iter().filter(|(part, _)| self.wants(part)) {
            measure(self, &mut run, processors);
        }
        run
    }

    fn group(&self, run: &mut Results, group: Group) {
        let measured = group.measure(self.effort, run.groups.len() as u64);
        results::print(&measured);
        run.groups.push(measured);
    }

    fn messages(&self, run: &mut Results) {
        for length in [32, 256, 1024, 4096, 16384] {
            self.group(run, hmac::group(length));
        }
    }

    fn batches(&self, run: &mut Results) {
        for (title, lengths) in [
            ("64 x 256 B", vec![256; 64]),
            ("64 x 1 KiB", vec![1024; 64]),
            ("8 x 256 B", vec![256; 8]),
            ("4 x 256 B", vec![256; 4]),
            ("2 x 256 B", vec![256; 2]),
        ] {
            self.group(run, batch::group(title, &lengths));
        }
        self.group(run, batch::mixed());
    }

    fn encodings(&self, run: &mut Results) {
        for symbols in [44, 1024] {
            self.group(run, encoding::base64(symbols));
        }
        self.group(run, encoding::hex(64));
    }

    fn lists(&self, run: &mut Results) {
        let sizes = [
            (Kind::V4, 1),
            (Kind::V4, 8),
            (Kind::V4, 1000),
            (Kind::V4, 1_000_000),
            (Kind::V6, 1_000_000),
        ];
        for (kind, size) in sizes {
            if size > self.largest {
                println!("\nnetworks, {size} {}: only in the full run", kind.name());
                continue;
            }
            let case: &'static networks::Case =
                Box::leak(Box::new(networks::Case::new(kind, size)));
            let (group, built) = networks::group(case, size <= 1000);
            let name = group.name.clone();
            self.group(run, group);
            results::print_built(&built);
            run.built.push((name, built));
        }
    }

    fn limits(&self, run: &mut Results) {
        self.group(run, limiter::group());
        differs(run, "a rate limit takes", request::NO_RATE);
    }

    fn requests(&self, run: &mut Results) {
        for credentials in [10, 10_000] {
            self.group(run, request::group(&Shape::cashout(credentials)));
            differs(run, "everything but the HMAC takes", request::BARE);
        }
    }

    fn growth(&self, run: &mut Results) {
        let to = |largest: usize| -> Vec<usize> {
            std::iter::successors(Some(1), |size| Some(size * 10))
                .take_while(|size| *size <= largest)
                .collect()
        };
        let cashout = || Shape { requests: 64, ..Shape::cashout(10) };
        // The signature of an empty body covers nothing of the request, so Tollgate refuses it.
        let bodies = [1, 16, 64, 256, 1024, 4096, 16384, 65536, 262_144, 1 << 20];
        let grown = [
            growth::requests(
                "credentials",
                "credentials in the policy",
                &to(self.largest),
                self.effort,
                |size| Shape { requests: 4096, ..Shape::cashout(size) },
            ),
            growth::networks(&to(self.largest), self.effort),
            growth::requests("body", "bytes of the body", &bodies, self.effort, |size| Shape {
                body: size,
                requests: 8,
                ..cashout()
            }),
            growth::requests(
                "headers",
                "header lines of the request",
                &[5, 10, 20, 50, 100],
                self.effort,
                |size| Shape { headers: size, ..cashout() },
            ),
            growth::requests("routes", "routes of the policy", &to(1000), self.effort, |size| {
                Shape { routes: size, ..cashout() }
            }),
        ];
        grown.iter().for_each(results::print_growth);
        run.growth.extend(grown);
    }

    fn threads(&self, run: &mut Results, processors: &[usize]) {
        if processors.len() < 2 {
            println!("\nthreads: not measured, for this process may use one processor only");
            return;
        }
        run.threads = threads::measure(&processors[..2], self.effort.rounds / 10);
        println!("\nhow throughput grows: threads");
        for (threads, rate) in &run.threads {
            println!("  {threads}: {rate:.0} requests a second, x{:.2}", rate / run.threads[0].1);
        }
    }
}

/// Prints by how much Tollgate takes longer than `shorter` in the last group.
fn differs(run: &Results, what: &str, shorter: &str) {
    let group = run.groups.last();
    let ns = group.and_then(|group| group.difference(Mode::Iso, &group.contenders[0], shorter));
    println!("  {what} {:.1} ns (iso)", ns.unwrap_or(f64::NAN));
}
