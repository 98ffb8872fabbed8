//! The phrases of error messages: what to write, from the shape that holds.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::shape::{Array, Integer, Object, Shape, Text};

/// The longest part of a user's text in a message, in characters.
const MAX_QUOTED: usize = 40;

/// `text` in quotes, as it would stand in JSON or Rust: nothing in it ends the line. Long text is
/// cut.
pub(super) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(MAX_QUOTED).collect();
    let more = if cut.len() < text.len() { "..." } else { "" };
    format!("\"{}{more}\"", cut.escape_debug())
}

/// What to write where `shape` holds.
pub(super) fn wants(shape: &Shape) -> String {
    match shape.plain() {
        Shape::Object(object) => object_wants(object),
        Shape::Map(map) => map.wants.to_string(),
        Shape::Array(array) => array_wants(array),
        Shape::Text(text) => text_wants(text),
        Shape::Words(words) => one_of(words),
        Shape::Integer(integer) => integer_wants(integer),
        Shape::Boolean => "true or false".to_string(),
        Shape::Version(number) => number.to_string(),
        Shape::OneOf(options) => options_wants(options),
        Shape::Named(named) => wants(&named.shape),
    }
}

fn object_wants(object: &Object) -> String {
    let required: Vec<_> = required(object).collect();
    if required.is_empty() {
        return "an object".to_string();
    }
    format!("an object with {}", join(required.iter().map(|name| quoted(name)), "and"))
}

/// The names of the members that have to be there.
fn required(object: &Object) -> impl Iterator<Item = &'static str> {
    let required = |member: &&super::shape::Member| member.is_required();
    object.members.iter().filter(required).map(|member| member.name)
}

/// What an array has to be.
pub(super) fn array_wants(array: &Array) -> String {
    match (array.min, array.max) {
        (0, None) => "an array".to_string(),
        (0, Some(max)) => format!("an array of at most {max} items"),
        (min, None) => format!("an array of at least {min} items"),
        (min, Some(max)) => format!("an array of {min} to {max} items"),
    }
}

/// What a text has to be.
pub(super) fn text_wants(text: &Text) -> String {
    let wants = text.pattern.wants;
    if text.min == text.max {
        return format!("{wants} ({})", count(text.max, "character"));
    }
    format!("{wants} ({} to {} characters)", text.min, text.max)
}

/// What a number has to be.
pub(super) fn integer_wants(integer: &Integer) -> String {
    format!("{} from {} to {}", integer.wants, integer.min, integer.max)
}

/// The words in quotes, joined by "or".
pub(super) fn one_of(words: &[&str]) -> String {
    join(words.iter().map(|word| quoted(word)), "or")
}

/// What the options have in common: each of those that are no objects, then the objects by the
/// names that tell them apart.
fn options_wants(options: &[Shape]) -> String {
    let simple = options.iter().filter(|option| !matches!(option.plain(), Shape::Object(_)));
    let mut wanted: Vec<String> = simple.map(wants).collect();
    let keys = object_keys(options);
    if !keys.is_empty() {
        wanted.push(format!("an object with {}", one_of(&keys)));
    }
    join(wanted.into_iter(), "or")
}

/// The names that tell the objects among `options` apart.
pub(super) fn object_keys(options: &[Shape]) -> Vec<&'static str> {
    let key = |option: &Shape| match option.plain() {
        Shape::Object(object) => Some(object.key()),
        _ => None,
    };
    options.iter().filter_map(key).collect()
}

/// `a, b or c`.
pub(super) fn join(items: impl Iterator<Item = String>, word: &str) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// `1 item`, `2 items`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
