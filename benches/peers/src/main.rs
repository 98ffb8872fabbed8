//! `tollgate-bench short|full FOLDER [PART]`: measures Tollgate beside its peers, prints tables, and
//! writes data and charts into FOLDER. With PART it measures only that and writes
//! nothing. "Speed" in README.md says how to read the tables.

mod chart;
mod clock;
mod control;
mod gate;
mod goals;
mod groups;
mod harness;
mod inputs;
mod machine;
mod memory;
mod peers;
mod plan;
mod results;
mod statistics;
mod tollgate;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use harness::Mode;
use results::Results;
use serde_json::json;

pub use groups::batch::EQUAL;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (length, folder, part) = match arguments.as_slice() {
        [length, folder] => (length, folder, None),
        [length, folder, part] => (length, folder, Some(part.as_str())),
        _ => return Err(plan::usage().into()),
    };
    let plan = plan::Plan::of(length, part).ok_or_else(plan::usage)?;
    let allowed = clock::allowed();
    let machine = machine::machine(clock::pin(&allowed));
    let versions = machine::versions();
    println!("{machine:#}");
    for (name, version) in &versions {
        println!("  {name:<18} {version}");
    }
    control(&plan)?;
    let run = plan.measure(&allowed);
    let goals = goals::report(&run);
    if part.is_some() {
        return Ok(());
    }
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let versions: serde_json::Map<_, _> =
        versions.into_iter().map(|(name, version)| (name, json!(version))).collect();
    let data = json!({
        "run": length, "machine": machine, "versions": versions, "goals": goals, "measured": run.json(),
    });
    fs::write(folder.join("results.json"), format!("{data:#}\n"))?;
    charts(folder, &run)?;
    println!("\n{}: results.json and charts", folder.display());
    Ok(())
}

/// Nothing is measured by a harness that measures wrongly.
fn control(plan: &plan::Plan) -> Result<(), Box<dyn Error>> {
    let measured = control::measure(plan.effort);
    results::print(&measured);
    match control::fault(&measured) {
        Some(fault) => Err(format!("the control failed, so nothing is measured: {fault}").into()),
        None => Ok(()),
    }
}

fn charts(folder: &Path, run: &Results) -> Result<(), Box<dyn Error>> {
    let subjects = [
        ("hmac", "HMAC-SHA256 ", "Verifying one message", Mode::Iso),
        ("batch", "batch, ", "Verifying many messages, each under its own key", Mode::Iso),
        ("encoding", "base64 ", "Decoding", Mode::Iso),
        ("networks", "networks, ", "Are 64 addresses in the list? For each", Mode::Many),
        (
            "networks-latency",
            "networks, ",
            "Is an address in the list? Until the answer is there",
            Mode::Chain,
        ),
        ("rate-limit", "rate limit", "A rate limit", Mode::Iso),
        ("request", "request, ", "A whole cashout request", Mode::Iso),
    ];
    for (file, start, title, mode) in subjects {
        let fits =
            |name: &str| name.starts_with(start) || file == "encoding" && name.starts_with("hex ");
        let groups: Vec<_> = run.groups.iter().filter(|group| fits(&group.name)).collect();
        chart::bars(&folder.join(format!("{file}.svg")), title, &groups, mode)?;
    }
    for growth in &run.growth {
        chart::growth(&folder.join(format!("growth-{}.svg", growth.name)), growth)?;
    }
    if !run.threads.is_empty() {
        chart::threads(&folder.join("growth-threads.svg"), &run.threads)?;
    }
    Ok(())
}
