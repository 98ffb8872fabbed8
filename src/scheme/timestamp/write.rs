//! Times as text: the inverse of reading them.

use core::fmt::{self, Write};

use super::{
    MONTHS, SECONDS_IN_DAY, TimeFormat, WEEKDAYS, days_to_year, month_lengths, weekday_of,
};
use crate::primitive::text::Text;

/// A time as text; the longest is `Sun, 06 Nov 1994 08:49:37 GMT`.
pub type TimeText = Text<29>;

/// The text in `format` that names the Unix time `unix_ms`, in milliseconds. What the format cannot
/// say is cut off, so that the text never names a later time. Of the forms that a format has, it is
/// the one of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// `None` if the time has more digits than [`super::parse_time`] reads, or is beyond the year 9999
/// in a format with years.
pub fn format_time(format: TimeFormat, unix_ms: u64) -> Option<TimeText> {
    let (seconds, ms) = (unix_ms / 1000, unix_ms % 1000);
    let mut text = TimeText::EMPTY;
    match format {
        TimeFormat::UnixSeconds => write!(text, "{}", below(seconds, 1_000_000_000_000)?),
        TimeFormat::UnixMs => write!(text, "{}", below(unix_ms, 1_000_000_000_000_000)?),
        TimeFormat::Rfc3339 => write!(text, "{}T{}Z", Date::of(seconds)?, Clock(seconds)),
        TimeFormat::Rfc3339Ms => {
            write!(text, "{}T{}.{ms:03}Z", Date::of(seconds)?, Clock(seconds))
        }
        TimeFormat::HttpDate | TimeFormat::Rfc1123 => {
            let Date { year, month, day } = Date::of(seconds)?;
            let weekday = WEEKDAYS.get(weekday_of(seconds))?.get(..3)?;
            let month = MONTHS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
            write!(text, "{weekday}, {day:02} {month} {year:04} {} GMT", Clock(seconds))
        }
    }
    .ok()?;
    Some(text)
}

fn below(number: u64, end: u64) -> Option<u64> {
    (number < end).then_some(number)
}

/// A day of the Gregorian calendar.
struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    /// The day in which the Unix time `seconds` lies; `None` beyond the year 9999.
    fn of(seconds: u64) -> Option<Self> {
        let days = (seconds / SECONDS_IN_DAY).checked_add(days_to_year(1970))?;
        // 400 years have 146 097 days, always; no year begins a whole year from where the
        // average says.
        let about = days.checked_mul(400)?.checked_div(146_097)?.checked_add(1)?;
        let begun = |year: &u64| days_to_year(*year) <= days;
        let year = [about.checked_add(1)?, about, about.checked_sub(1)?].into_iter().find(begun)?;
        let mut rest = days.checked_sub(days_to_year(year))?;
        for (length, month) in month_lengths(year).into_iter().zip(1..) {
            match rest.checked_sub(length) {
                Some(later) => rest = later,
                None => {
                    return (year <= 9999).then_some(Self {
                        year,
                        month,
                        day: rest.saturating_add(1),
                    });
                }
            }
        }
        None
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The time of the day in which a Unix time in seconds lies.
struct Clock(u64);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.0 / 3600 % 24, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{hour:02}:{minute:02}:{second:02}")
    }
}
