//! Checks a document against a shape and reports everything that does not fit.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::document::{Document, Member, Node, Value};
use super::error::PolicyErrors;
use super::nearest::nearest;
use super::problems::Problems;
use super::shape::{Array, Integer, Map, Object, Shape, Text};
use super::shapes;
use super::wants::{
    array_wants, integer_wants, join, object_keys, one_of, quoted, text_wants, wants,
};

/// The longest part of a number in a message.
const MAX_DIGITS: usize = 24;

/// Adds to `problems` whatever in the policy `document` does not fit its shape.
pub(super) fn check_policy(
    document: &Document<'_>,
    problems: &mut Problems,
) -> Result<(), PolicyErrors> {
    check(&document.root, &shapes::POLICY, problems);
    for raw in document.credentials() {
        check(&document.read(raw, problems)?, &shapes::CREDENTIAL, problems);
    }
    Ok(())
}

/// Adds to `problems` whatever in `node` does not fit `shape`. The credentials of a policy are left
/// out.
pub(super) fn check(node: &Node<'_>, shape: &Shape, problems: &mut Problems) {
    match (shape.plain(), &node.value) {
        (Shape::Object(object), Value::Object(members)) => fields(node, object, members, problems),
        (Shape::Map(map), Value::Object(members)) => entries(node, map, members, problems),
        (Shape::Array(array), Value::Array(items)) => elements(node, array, items, problems),
        // Each of them is checked when it is read.
        (Shape::Array(_), Value::Credentials(_)) => {}
        (Shape::Text(text), Value::Text(value)) => note(node, text_fault(text, value), problems),
        (whole @ Shape::Words(words), Value::Text(word)) => {
            note(node, word_fault(words, word, whole), problems);
        }
        (Shape::Integer(integer), Value::Number(number)) => {
            note(node, integer_fault(integer, number), problems);
        }
        (Shape::Version(version), Value::Number(number)) => {
            note(node, version_fault(*version, number), problems);
        }
        (Shape::Boolean, Value::Boolean(_)) => {}
        (whole @ Shape::OneOf(options), _) => alternatives(node, whole, options, problems),
        (other, _) => misplaced(node, other, problems),
    }
}

/// Adds `fault`, if there is one.
fn note(node: &Node<'_>, fault: Option<String>, problems: &mut Problems) {
    if let Some(message) = fault {
        problems.add(node.start, message);
    }
}

/// The value has the wrong JSON type.
fn misplaced(node: &Node<'_>, shape: &Shape, problems: &mut Problems) {
    let found = match &node.value {
        Value::Null => "null",
        Value::Boolean(true) => "true",
        Value::Boolean(false) => "false",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Array(_) | Value::Credentials(_) => "an array",
        Value::Object(_) => "an object",
    };
    problems.add(node.start, format!("{found} cannot stand here; write {}", wants(shape)));
}

fn fields(node: &Node<'_>, object: &Object, members: &[Member<'_>], problems: &mut Problems) {
    for member in members {
        match object.member(&member.name) {
            Some(known) => check(&member.value, &known.shape, problems),
            None => problems.add(member.name_start, unknown(&member.name, object)),
        }
    }
    for known in object.members.iter().filter(|known| known.is_required()) {
        if !members.iter().any(|member| member.name == known.name) {
            let wanted = wants(&known.shape);
            let message = format!("{} is missing; write {wanted}", quoted(known.name));
            problems.add(node.start, message);
        }
    }
}

/// What to say of a member that the object does not know.
fn unknown(name: &str, object: &Object) -> String {
    let known = || object.members.iter().map(|member| member.name);
    let advice = match nearest(name, known()) {
        Some(near) => format!("write {}", quoted(near)),
        None => format!("remove it, the members are {}", known().collect::<Vec<_>>().join(", ")),
    };
    format!("{} is no member of this object; {advice}", quoted(name))
}

fn entries(node: &Node<'_>, map: &Map, members: &[Member<'_>], problems: &mut Problems) {
    if members.len() < map.min {
        let message = format!("too few members; write at least {}", map.min);
        problems.add(node.start, message);
    }
    for member in members {
        if text_fault(&map.names, &member.name).is_some() {
            let wanted = text_wants(&map.names);
            let message = format!("{} cannot be a name; write {wanted}", quoted(&member.name));
            problems.add(member.name_start, message);
        }
        check(&member.value, &map.values, problems);
    }
}

fn elements(node: &Node<'_>, array: &Array, items: &[Node<'_>], problems: &mut Problems) {
    if items.len() < array.min || array.max.is_some_and(|max| items.len() > max) {
        let message = format!("{} items; write {}", items.len(), array_wants(array));
        problems.add(node.start, message);
    }
    for (index, item) in items.iter().enumerate() {
        check(item, &array.items, problems);
        let before = items.get(..index).unwrap_or(&[]);
        if array.unique && before.iter().any(|other| same(other, item)) {
            problems.add(item.start, "the item stands twice in this array; keep one of them");
        }
    }
}

/// Whether two values are equal; the order of members does not count.
fn same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Text(one), Value::Text(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => one == other,
        (Value::Boolean(one), Value::Boolean(other)) => one == other,
        (Value::Null, Value::Null) => true,
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|member| has(other, member))
        }
        _ => false,
    }
}

/// Whether an equal member is among `members`.
fn has(members: &[Member<'_>], wanted: &Member<'_>) -> bool {
    members.iter().any(|member| member.name == wanted.name && same(&member.value, &wanted.value))
}

/// What is wrong with a text; its own words are not repeated, for they could be a secret.
fn text_fault(text: &Text, value: &str) -> Option<String> {
    let length = value.chars().count();
    let fits = (text.min..=text.max).contains(&length);
    if fits && (text.pattern.accepts)(value) {
        return None;
    }
    let what = match length {
        0 => "the text is empty".to_string(),
        _ if fits => "the text has the wrong form".to_string(),
        _ => format!("the text has {length} characters"),
    };
    Some(format!("{what}; write {}", text_wants(text)))
}

/// What is wrong with a word at a place that takes `words` and whatever else `shape` says.
fn word_fault(words: &[&str], word: &str, shape: &Shape) -> Option<String> {
    if words.contains(&word) {
        return None;
    }
    let near = nearest(word, words.iter().copied());
    let wanted = near.map_or_else(|| wants(shape), quoted);
    Some(format!("{} means nothing here; write {wanted}", quoted(word)))
}

fn integer_fault(integer: &Integer, number: &str) -> Option<String> {
    let what = match number.parse::<u64>() {
        Ok(value) if (integer.min..=integer.max).contains(&value) => return None,
        Err(_) if number.contains(['.', 'e', 'E']) => "is not written as a whole number",
        _ => "is out of range",
    };
    let number = number.chars().take(MAX_DIGITS).collect::<String>();
    Some(format!("{number} {what}; write {}", integer_wants(integer)))
}

fn version_fault(version: u64, number: &str) -> Option<String> {
    let known = number.parse() == Ok(version);
    (!known).then(|| format!("the version of the format is unknown; write {version}"))
}

/// Finds out which of `options` the value is meant to be, and checks it against that.
fn alternatives(node: &Node<'_>, shape: &Shape, options: &[Shape], problems: &mut Problems) {
    match &node.value {
        Value::Object(members) if options.iter().any(|option| object(option).is_some()) => {
            let meant = |option: &&Shape| {
                let key = object(option).map(Object::key);
                key.is_some_and(|key| members.iter().any(|member| member.name == key))
            };
            let mut meant = options.iter().filter(meant);
            match (meant.next(), meant.next()) {
                (Some(option), None) => check(node, option, problems),
                (None, _) => unrecognised(node, options, members, problems),
                (Some(first), Some(second)) => {
                    let all = [first, second].into_iter().chain(meant);
                    let keys = all.filter_map(object).map(|object| quoted(object.key()));
                    let message =
                        format!("{} exclude each other; keep one of them", join(keys, "and"));
                    problems.add(node.start, message);
                }
            }
        }
        value => match (options.iter().find(|option| takes(option, value)), value) {
            (Some(Shape::Words(words)), Value::Text(word)) => {
                note(node, word_fault(words, word, shape), problems);
            }
            (Some(option), _) => check(node, option, problems),
            (None, _) => misplaced(node, shape, problems),
        },
    }
}

/// The object that `option` takes.
fn object(option: &Shape) -> Option<&'static Object> {
    match option.plain() {
        Shape::Object(object) => Some(object),
        _ => None,
    }
}

/// None of the objects among `options` has its key in the value: the key is misspelt or missing.
fn unrecognised(
    node: &Node<'_>,
    options: &[Shape],
    members: &[Member<'_>],
    problems: &mut Problems,
) {
    let keys = object_keys(options);
    let known =
        |name: &str| options.iter().filter_map(object).any(|object| object.member(name).is_some());
    match members.iter().find(|member| !known(&member.name)) {
        Some(member) => {
            let near = nearest(&member.name, keys.iter().copied());
            let advice = near.map_or_else(|| one_of(&keys), quoted);
            let name = quoted(&member.name);
            let message = format!("{name} is no member of this object; write {advice}");
            problems.add(member.name_start, message);
        }
        None => problems.add(node.start, format!("a member is missing; write {}", one_of(&keys))),
    }
}

/// Whether `shape` is of the JSON type that `value` has.
fn takes(shape: &Shape, value: &Value<'_>) -> bool {
    match shape.plain() {
        Shape::Object(_) | Shape::Map(_) => matches!(value, Value::Object(_)),
        Shape::Array(_) => matches!(value, Value::Array(_)),
        Shape::Text(_) | Shape::Words(_) => matches!(value, Value::Text(_)),
        Shape::Integer(_) | Shape::Version(_) => matches!(value, Value::Number(_)),
        Shape::Boolean => matches!(value, Value::Boolean(_)),
        Shape::OneOf(_) | Shape::Named(_) => false,
    }
}
