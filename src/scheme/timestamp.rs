//! Where a timestamp stands, and the forms in which it is written, read strictly.
//!
//! A signature covers the text, so every text but the one form is refused: otherwise two texts
//! could mean one time, or a longer text could swallow what follows it in the signed string.

mod write;

use crate::primitive::data::Data;
use crate::primitive::decimal;
pub use write::{TimeText, format_time};

/// Where the timestamp stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// In a header.
    Header(Data<str>),
    /// In one of two headers. If both are there, they have to be the same octets: nobody could
    /// tell which of two times was signed.
    EitherHeader(Data<str>, Data<str>),
    /// Under a label of [`Locator::Pairs`](super::Locator::Pairs).
    Label(Data<str>),
    /// In a parameter of the query, or with [`Carrier::Parameter`](super::Carrier::Parameter) in a field of the body instead.
    /// [`Part::Parameters`](super::Part::Parameters) covers it.
    Parameter {
        /// Its name.
        name: Data<str>,
        /// How old the message may be by the word of its sender; `None` if senders have no say.
        window: Option<SenderWindow>,
    },
    /// In a top-level member of a body that is a JSON object. [`Part::Body`](super::Part::Body) covers it, or a digest
    /// of the body.
    Json(Data<str>),
    /// In the parameter `created` of `Signature-Input`. [`Part::SignatureParams`](super::Part::SignatureParams) covers it.
    Created,
}

/// How old a message may be, as its sender says: in milliseconds, 1 to 9 digits. Where it says
/// nothing, [`Timestamp::past_s`] counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderWindow {
    /// The parameter that says it, in the same place as the timestamp.
    pub parameter: Data<str>,
    /// The most that it may say; a message that says more is refused.
    pub most_ms: u32,
}

/// When the message was signed, and how far that may lie from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Where it stands.
    pub source: TimeSource,
    /// How it is written.
    pub format: TimeFormat,
    /// How far it may lie in the past, in seconds, if the sender says nothing else.
    pub past_s: u32,
    /// How far it may lie in the future, in seconds.
    pub future_s: u32,
}

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// Seconds since 1970: 1 to 12 digits.
    UnixSeconds,
    /// Milliseconds since 1970: 1 to 15 digits.
    UnixMs,
    /// `2020-06-21T12:33:20Z`: RFC 3339, UTC, without a fraction.
    Rfc3339,
    /// `2020-06-21T12:33:20.001Z`: RFC 3339, UTC, with milliseconds.
    Rfc3339Ms,
    /// The three forms of RFC 9110 section 5.6.7.
    HttpDate,
    /// `Sun, 6 Nov 1994 08:49:37 GMT`: RFC 1123 section 5.2.14, a day of one or two digits, in the
    /// zone `GMT` or, as PHP calls it, `UTC`.
    Rfc1123,
}

/// The Unix time in milliseconds that `text` names; `None` if it has not the form, or names a
/// time that is not from 1970 to 9999.
pub fn parse_time(format: TimeFormat, text: &[u8]) -> Option<u64> {
    match format {
        TimeFormat::UnixSeconds => digits_up_to(text, 12).map(to_ms),
        TimeFormat::UnixMs => digits_up_to(text, 15),
        TimeFormat::Rfc3339 => rfc3339_seconds(text.strip_suffix(b"Z")?).map(to_ms),
        TimeFormat::Rfc3339Ms => {
            let (seconds, fraction) = text.strip_suffix(b"Z")?.split_at_checked(19)?;
            let ms = number(fraction.strip_prefix(b".")?, 3)?;
            Some(to_ms(rfc3339_seconds(seconds)?).saturating_add(ms))
        }
        TimeFormat::HttpDate => {
            let seconds = imf_fixdate(text).or_else(|| rfc850(text)).or_else(|| asctime(text))?;
            Some(to_ms(seconds))
        }
        TimeFormat::Rfc1123 => {
            let local = text.strip_suffix(b" GMT").or_else(|| text.strip_suffix(b" UTC"))?;
            mail_date(local, 2).or_else(|| mail_date(local, 1)).map(to_ms)
        }
    }
}

const fn to_ms(seconds: u64) -> u64 {
    seconds.saturating_mul(1000)
}

fn digits_up_to(text: &[u8], most: usize) -> Option<u64> {
    if text.len() > most { None } else { decimal::parse(text) }
}

/// The number that `text` writes with exactly `length` digits.
fn number(text: &[u8], length: usize) -> Option<u64> {
    if text.len() == length { decimal::parse(text) } else { None }
}

/// Takes `length` digits off the front.
fn take_number(text: &[u8], length: usize) -> Option<(u64, &[u8])> {
    let (digits, rest) = text.split_at_checked(length)?;
    Some((number(digits, length)?, rest))
}

/// `2020-06-21T12:33:20`
fn rfc3339_seconds(text: &[u8]) -> Option<u64> {
    let (year, rest) = take_number(text, 4)?;
    let (month, rest) = take_number(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = take_number(rest.strip_prefix(b"-")?, 2)?;
    unix_seconds(year, month, day, time_of_day(rest.strip_prefix(b"T")?)?)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
fn imf_fixdate(text: &[u8]) -> Option<u64> {
    mail_date(text.strip_suffix(b" GMT")?, 2)
}

/// `Sun, 06 Nov 1994 08:49:37`, with a day of `digits` digits.
fn mail_date(text: &[u8], digits: usize) -> Option<u64> {
    let (weekday, rest) = text.split_at_checked(3)?;
    let (day, rest) = take_number(rest.strip_prefix(b", ")?, digits)?;
    let (month, rest) = take_month(rest.strip_prefix(b" ")?)?;
    let (year, rest) = take_number(rest.strip_prefix(b" ")?, 4)?;
    let seconds = unix_seconds(year, month, day, time_of_day(rest.strip_prefix(b" ")?)?)?;
    (WEEKDAYS.get(weekday_of(seconds))?.get(..3)?.as_bytes() == weekday).then_some(seconds)
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`; the year is of this century up to 68, as POSIX reads it.
fn rfc850(text: &[u8]) -> Option<u64> {
    let comma = text.iter().position(|byte| *byte == b',')?;
    let (weekday, rest) = text.split_at_checked(comma)?;
    let rest = rest.strip_prefix(b", ")?.strip_suffix(b" GMT")?;
    let (day, rest) = take_number(rest, 2)?;
    let (month, rest) = take_month(rest.strip_prefix(b"-")?)?;
    let (short_year, rest) = take_number(rest.strip_prefix(b"-")?, 2)?;
    let century = if short_year < 69 { 2000 } else { 1900 };
    let year = short_year.saturating_add(century);
    let seconds = unix_seconds(year, month, day, time_of_day(rest.strip_prefix(b" ")?)?)?;
    (WEEKDAYS.get(weekday_of(seconds))?.as_bytes() == weekday).then_some(seconds)
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &[u8]) -> Option<u64> {
    let (weekday, rest) = text.split_at_checked(3)?;
    let (month, rest) = take_month(rest.strip_prefix(b" ")?)?;
    let rest = rest.strip_prefix(b" ")?;
    let (day, rest) = match rest.strip_prefix(b" ") {
        Some(padded) => take_number(padded, 1)?,
        None => take_number(rest, 2)?,
    };
    let (clock, rest) = rest.strip_prefix(b" ")?.split_at_checked(8)?;
    let (year, rest) = take_number(rest.strip_prefix(b" ")?, 4)?;
    let seconds = unix_seconds(year, month, day, time_of_day(clock)?)?;
    let named = WEEKDAYS.get(weekday_of(seconds))?.get(..3)?.as_bytes() == weekday;
    (rest.is_empty() && named).then_some(seconds)
}

const WEEKDAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const SECONDS_IN_DAY: u64 = 86_400;

/// The place in [`WEEKDAYS`]: 1970 began on a Thursday.
fn weekday_of(seconds: u64) -> usize {
    usize::try_from((seconds / SECONDS_IN_DAY) % 7).unwrap_or(0)
}

fn take_month(text: &[u8]) -> Option<(u64, &[u8])> {
    let (name, rest) = text.split_at_checked(3)?;
    let at = MONTHS.iter().position(|month| month.as_bytes() == name)?;
    Some((u64::try_from(at).ok()?.saturating_add(1), rest))
}

/// The seconds of the day that `12:33:20` names. A leap second is not a time that can be named:
/// Unix time has none.
fn time_of_day(text: &[u8]) -> Option<u64> {
    let (hour, rest) = take_number(text, 2)?;
    let (minute, rest) = take_number(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = take_number(rest.strip_prefix(b":")?, 2)?;
    let valid = hour < 24 && minute < 60 && second < 60 && rest.is_empty();
    valid.then(|| {
        hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second)
    })
}

fn unix_seconds(year: u64, month: u64, day: u64, second_of_day: u64) -> Option<u64> {
    let lengths = month_lengths(year);
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let valid_day = (1..=*lengths.get(before)?).contains(&day);
    if !(1970..=9999).contains(&year) || !valid_day {
        return None;
    }
    let day_of_year =
        lengths.iter().take(before).sum::<u64>().saturating_add(day.saturating_sub(1));
    let days = days_to_year(year).saturating_sub(days_to_year(1970)).saturating_add(day_of_year);
    Some(days.saturating_mul(SECONDS_IN_DAY).saturating_add(second_of_day))
}

/// The days in each month of `year`.
const fn month_lengths(year: u64) -> [u64; 12] {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

/// Days from the year 1 of the Gregorian calendar to the beginning of `year`.
const fn days_to_year(year: u64) -> u64 {
    let past = year.saturating_sub(1);
    past.saturating_mul(365)
        .saturating_add(past / 4)
        .saturating_sub(past / 100)
        .saturating_add(past / 400)
}
