//! What a run gives: tables on standard output, and the same as data.

use serde_json::{Value, json};

use crate::groups::growth::Growth;
use crate::groups::networks::Built;
use crate::harness::{Measured, Mode};

/// Everything that was measured.
#[derive(Default)]
pub struct Results {
    /// The groups.
    pub groups: Vec<Measured>,
    /// What building lists cost, by the name of the group.
    pub built: Vec<(String, Vec<Built>)>,
    /// What grows.
    pub growth: Vec<Growth>,
    /// Requests a second by number of threads.
    pub threads: Vec<(usize, f64)>,
}

impl Results {
    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&Measured> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// What building the list of that group cost.
    pub fn built(&self, name: &str) -> Option<&[Built]> {
        self.built.iter().find(|(group, _)| group == name).map(|(_, built)| built.as_slice())
    }

    /// The growth of that name.
    pub fn growth(&self, name: &str) -> Option<&Growth> {
        self.growth.iter().find(|growth| growth.name == name)
    }

    /// All of it as data.
    pub fn json(&self) -> Value {
        json!({
            "groups": self.groups.iter().map(group).collect::<Vec<_>>(),
            "built": self.built.iter().map(|(name, built)| json!({
                "name": name, "lists": built.iter().map(list).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "growth": self.growth.iter().map(growth).collect::<Vec<_>>(),
            "requests_a_second_by_threads": self.threads.iter().map(|(threads, rate)|
                json!({"threads": threads, "rate": rate.round()})).collect::<Vec<_>>(),
        })
    }
}

fn group(measured: &Measured) -> Value {
    let mode = |mode: Mode| {
        let rows = measured.rows(mode);
        let row = |row: &crate::harness::Row| {
            json!({
                "name": row.name, "ratio": round(row.ratio), "ns": round(row.ns),
                "ns_p10": round(row.spread.0), "ns_p90": round(row.spread.1),
            })
        };
        json!({ "mode": mode.name(), "rows": rows.iter().map(row).collect::<Vec<_>>() })
    };
    json!({ "name": measured.name, "modes": measured.modes().map(mode).collect::<Vec<_>>() })
}

fn list(built: &Built) -> Value {
    json!({
        "name": built.name, "ns_a_network": round(built.ns), "bytes_a_network": built.bytes.map(round),
    })
}

fn growth(growth: &Growth) -> Value {
    let line = |line: &crate::groups::growth::Line| {
        let point = |(size, ns): &(usize, f64)| json!([size, round(*ns)]);
        json!({
            "name": line.name,
            "points": line.points.iter().map(point).collect::<Vec<_>>(),
            "power_at_the_end": round(line.exponent()),
            "faster_than_its_input": line.superlinear(),
        })
    };
    json!({
        "name": growth.name, "input": growth.input,
        "lines": growth.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

/// Three digits behind the point.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Prints a group: how many times longer each takes than Tollgate, then nanoseconds.
pub fn print(measured: &Measured) {
    println!("\n{}", measured.name);
    println!("  {:<8} {:>8} {:>10}   {:<21}", "", "ratio", "ns", "ns, 10 % .. 90 %");
    for mode in measured.modes() {
        for row in measured.rows(mode) {
            let spread = format!("{:.1} .. {:.1}", row.spread.0, row.spread.1);
            println!(
                "  {:<8} {:>7.2}x {:>10.1}   {spread:<21} {}",
                mode.name(),
                row.ratio,
                row.ns,
                row.name
            );
        }
    }
}

/// Prints what building a list cost.
pub fn print_built(built: &[Built]) {
    for list in built {
        let bytes = list.bytes.map_or(String::new(), |bytes| format!(", {bytes:.1} B"));
        println!("  building {:>6.0} ns a network{bytes:<9}  {}", list.ns, list.name);
    }
}

/// Prints how a cost grows.
pub fn print_growth(growth: &Growth) {
    println!("\nhow cost grows: {}", growth.input);
    for line in &growth.lines {
        let points: Vec<String> =
            line.points.iter().map(|(size, ns)| format!("{size}: {ns:.0} ns")).collect();
        println!("  {}: {}", line.name, points.join(", "));
        println!(
            "    x{:.2} from the smallest to the largest; power {:.2} at the end: {} faster than its input",
            line.factor(),
            line.exponent(),
            if line.superlinear() { "it grows" } else { "it does not grow" },
        );
    }
}
