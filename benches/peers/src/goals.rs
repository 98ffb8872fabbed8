//! The goals, and whether a run reached them. A goal that was not measured says so.

use serde_json::{Value, json};

use crate::groups::{limiter, request};
use crate::harness::{Measured, Mode};
use crate::results::Results;

/// What is to be reached.
enum Wanted {
    /// At least so many times as fast.
    Times(f64),
    /// At most so much, in this unit.
    AtMost(f64, &'static str),
}

/// One goal.
struct Goal {
    /// What of.
    what: &'static str,
    /// What is wanted.
    wanted: Wanted,
    /// What was measured, and against whom.
    measured: fn(&Results) -> Option<(f64, String)>,
}

const fn times(
    what: &'static str,
    factor: f64,
    measured: fn(&Results) -> Option<(f64, String)>,
) -> Goal {
    Goal { what, wanted: Wanted::Times(factor), measured }
}

const fn at_most(
    what: &'static str,
    most: f64,
    unit: &'static str,
    measured: fn(&Results) -> Option<(f64, String)>,
) -> Goal {
    Goal { what, wanted: Wanted::AtMost(most, unit), measured }
}

const GOALS: &[Goal] = &[
    times("HMAC verify, 32 B", 1.35, |run| best(run, "HMAC-SHA256 verify, 32 B", Mode::Iso)),
    times("HMAC verify, 256 B", 1.22, |run| best(run, "HMAC-SHA256 verify, 256 B", Mode::Iso)),
    times("HMAC verify, 1 KiB", 1.07, |run| best(run, "HMAC-SHA256 verify, 1024 B", Mode::Iso)),
    times("HMAC verify, 4 KiB", 0.98, |run| best(run, "HMAC-SHA256 verify, 4096 B", Mode::Iso)),
    times("HMAC verify, 16 KiB", 0.98, |run| best(run, "HMAC-SHA256 verify, 16384 B", Mode::Iso)),
    times("batch 64 x 256 B, against ipsec-mb", 2.0, |run| {
        of(run, "batch, 64 x 256 B", Mode::Iso, many)
    }),
    times("batch 64 x 256 B, against one by one", 2.9, |run| {
        of(run, "batch, 64 x 256 B", Mode::Iso, |name| !many(name))
    }),
    times("batch 64 x 1 KiB, against ipsec-mb", 1.45, |run| {
        of(run, "batch, 64 x 1 KiB", Mode::Iso, many)
    }),
    times("batch 8 x 256 B", 2.2, |run| best(run, "batch, 8 x 256 B", Mode::Iso)),
    times("batch 4 x 256 B", 2.2, |run| best(run, "batch, 4 x 256 B", Mode::Iso)),
    times("batch 2 x 256 B", 2.2, |run| best(run, "batch, 2 x 256 B", Mode::Iso)),
    at_most("batch of mixed lengths, by equal lengths", 1.15, "x", mixed),
    times("networks, 1 v4, throughput", 4.0, |run| best(run, "networks, 1 v4", Mode::Many)),
    times("networks, 1 v4, latency", 2.5, |run| best(run, "networks, 1 v4", Mode::Chain)),
    times("networks, 8 v4, throughput", 4.0, |run| best(run, "networks, 8 v4", Mode::Many)),
    times("networks, 8 v4, latency", 2.5, |run| best(run, "networks, 8 v4", Mode::Chain)),
    times("networks, 1k v4, throughput", 5.0, |run| best(run, "networks, 1k v4", Mode::Many)),
    times("networks, 1k v4, latency", 1.7, |run| best(run, "networks, 1k v4", Mode::Chain)),
    times("networks, 1M v4, throughput", 6.0, |run| best(run, "networks, 1M v4", Mode::Many)),
    times("networks, 1M v4, latency", 1.3, |run| best(run, "networks, 1M v4", Mode::Chain)),
    times("networks, 1M v6, throughput", 6.0, |run| best(run, "networks, 1M v6", Mode::Many)),
    times("networks, 1M v6, latency", 1.3, |run| best(run, "networks, 1M v6", Mode::Chain)),
    at_most("networks, 1M v4, memory a prefix", 16.0, "B", |run| memory(run, "networks, 1M v4")),
    at_most("networks, 1M v6, memory a prefix", 72.0, "B", |run| memory(run, "networks, 1M v6")),
    times("networks, 1M v4, building", 5.0, |run| building(run, "networks, 1M v4")),
    times("networks, 1M v6, building", 5.0, |run| building(run, "networks, 1M v6")),
    times("rate limit, against governor direct", 3.0, |run| limit(run, limiter::DIRECT)),
    times("rate limit, against governor keyed", 15.0, |run| limit(run, limiter::KEYED)),
    at_most("request, more than its bare HMAC", 250.0, "ns", above_hmac),
    times("request, 10 credentials", 1.4, |run| composed(run, "request, 10 credentials")),
    times("request, 10000 credentials", 2.0, |run| composed(run, "request, 10000 credentials")),
    at_most("request, 1000 routes by 1", 1.1, "x", |run| grown(run, "routes")),
];

/// Who takes many messages at once.
fn many(name: &str) -> bool {
    name.starts_with("ipsec-mb")
}

fn best(run: &Results, group: &str, mode: Mode) -> Option<(f64, String)> {
    of(run, group, mode, |_| true)
}

/// How many times as fast as the fastest peer that is wanted.
fn of(run: &Results, group: &str, mode: Mode, wanted: fn(&str) -> bool) -> Option<(f64, String)> {
    let peer =
        run.group(group)?.best(mode, |name| wanted(name) && !name.starts_with("Tollgate"))?;
    Some((peer.ratio, peer.name))
}

fn mixed(run: &Results) -> Option<(f64, String)> {
    let equal = run.group("batch, 64 mixed")?.row(Mode::Iso, crate::EQUAL)?;
    Some((1.0 / equal.ratio, String::from("64 x 256 B")))
}

fn composed(run: &Results, group: &str) -> Option<(f64, String)> {
    of(run, group, Mode::Iso, |name| name.starts_with("composition"))
}

fn above_hmac(run: &Results) -> Option<(f64, String)> {
    let group = run.group("request, 10 credentials")?;
    Some((
        group.difference(Mode::Iso, &group.contenders[0], request::BARE)?,
        String::from("the HMAC of its 512 B"),
    ))
}

fn limit(run: &Results, peer: &str) -> Option<(f64, String)> {
    let group: &Measured = run.group("rate limit")?;
    let own = group.difference(Mode::Iso, &group.contenders[0], request::NO_RATE)?.max(0.1);
    Some((group.row(Mode::Iso, peer)?.ns / own, String::from(peer)))
}

fn memory(run: &Results, group: &str) -> Option<(f64, String)> {
    let built = run.built(group)?.first()?;
    Some((built.bytes?, String::from("-")))
}

fn building(run: &Results, group: &str) -> Option<(f64, String)> {
    let (own, peers) = run.built(group)?.split_first()?;
    let peers = peers.iter().filter(|peer| peer.name != "ipnet scan");
    let peer = peers.min_by(|a, b| a.ns.total_cmp(&b.ns))?;
    Some((peer.ns / own.ns, peer.name.clone()))
}

fn grown(run: &Results, name: &str) -> Option<(f64, String)> {
    let line = run.growth(name)?.lines.first()?;
    Some((line.factor(), String::from("the smallest")))
}

/// Prints the table, and gives it as data.
pub fn report(run: &Results) -> Value {
    println!("\ngoals\n  {:<42} {:>9} {:>9}  {:<10} against", "", "goal", "measured", "");
    let mut table = Vec::new();
    for goal in GOALS {
        let measured = (goal.measured)(run);
        let (text, reached): (String, Box<dyn Fn(f64) -> bool>) = match goal.wanted {
            Wanted::Times(least) => (format!("{least:.2}x"), Box::new(move |got| got >= least)),
            Wanted::AtMost(most, unit) => {
                (format!("<= {most} {unit}"), Box::new(move |got| got <= most))
            }
        };
        let verdict = match &measured {
            Some((got, _)) if reached(*got) => "reached",
            Some(_) => "MISSED",
            None => "not run",
        };
        let (got, who) = measured
            .as_ref()
            .map_or((String::from("-"), "-"), |(got, who)| (format!("{got:.2}"), who));
        println!("  {:<42} {text:>9} {got:>9}  {verdict:<10} {who}", goal.what);
        table.push(json!({
            "what": goal.what, "goal": text, "verdict": verdict, "against": who,
            "measured": measured.as_ref().map(|(got, _)| (got * 100.0).round() / 100.0),
        }));
    }
    Value::Array(table)
}
