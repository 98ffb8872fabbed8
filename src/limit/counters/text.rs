//! The counts as text: sample lines of the Prometheus text exposition format, version 0.0.4.

use core::fmt::{self, Write};

use super::Counters;
use super::name::{MAX_NAME, name};
use super::row::Row;
use crate::decision::{Group, Reason};
use crate::primitive::BufferTooSmall;
use crate::primitive::cursor::Cursor;

/// The value of a label as it stands between its quotes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                '"' => f.write_str("\\\"")?,
                '\n' => f.write_str("\\n")?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

impl Counters<'_> {
    /// Writes a line for every count that is not zero into `buffer`, and gives the text: row by
    /// row, in the order of the reasons, what had no row of its own last.
    ///
    /// ```text
    /// tollgate_checks_total{LABELS,route="cashout",outcome="denied",reason="stale"} 7
    /// ```
    ///
    /// `labels` goes in front of the others as it is: pairs such as `zone="main"`, joined by
    /// commas, or nothing. The lines that say what the counter is are not written, for they stand
    /// once before the lines of all memories:
    ///
    /// ```text
    /// # HELP tollgate_checks_total Decisions, by route, outcome and reason.
    /// # TYPE tollgate_checks_total counter
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the size that was needed; the content of the buffer is then
    /// unspecified. Counts may grow, and lines come, before the next call.
    pub fn text<'b>(&self, labels: &str, buffer: &'b mut [u8]) -> Result<&'b str, BufferTooSmall> {
        let mut out = Cursor::new(buffer);
        // It never fails: what does not fit is counted.
        let _ = self.write(labels, &mut out);
        Ok(core::str::from_utf8(out.finish()?).unwrap_or(""))
    }

    fn write(&self, labels: &str, out: &mut impl Write) -> fmt::Result {
        for row in self.rows.iter().filter_map(|words| Row::new(words)) {
            let mut room = [0; MAX_NAME];
            if let Some(route) = name(&row.name(), &mut room) {
                write_row(out, labels, route, &row)?;
            }
        }
        Row::new(self.unnamed).map_or(Ok(()), |row| write_row(out, labels, "", &row))
    }
}

fn write_row(out: &mut impl Write, labels: &str, route: &str, row: &Row<'_>) -> fmt::Result {
    let comma = if labels.is_empty() { "" } else { "," };
    let route = Escaped(route);
    let kinds = Reason::ALL.iter().flat_map(|reason| [(reason, false), (reason, true)]);
    for (count, (reason, dry_run)) in row.counts().zip(kinds).filter(|(count, _)| *count > 0) {
        let (outcome, reason) = (outcome(*reason, dry_run), reason.name());
        writeln!(
            out,
            "tollgate_checks_total{{{labels}{comma}route=\"{route}\",outcome=\"{outcome}\",\
             reason=\"{reason}\"}} {count}"
        )?;
    }
    Ok(())
}

fn outcome(reason: Reason, dry_run: bool) -> &'static str {
    match (reason.group(), dry_run) {
        (Group::Pass, _) => "allowed",
        (_, false) => "denied",
        (_, true) => "dry_run",
    }
}
