//! A JSON document with the position of every value and every member name.
//!
//! serde_json does the parsing. Each container is taken apart into the raw texts of its items,
//! which are slices of the document, so their distance from its start is their position. A
//! container is scanned once for each container around it, which the depth cap bounds.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::PolicyErrors;
use super::problems::{Problems, fatal};

/// How many containers may stand inside each other.
const MAX_DEPTH: usize = 32;

/// The longest document, in bytes.
const MAX_LENGTH: usize = 64 << 20;

/// A parsed document.
pub(super) struct Document<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// The outermost value.
    pub(super) root: Node<'t>,
}

/// A value and where it stands.
pub(super) struct Node<'t> {
    /// The offset of its first byte.
    pub(super) start: usize,
    /// What it is.
    pub(super) value: Value<'t>,
}

/// A JSON value.
pub(super) enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as it is written.
    Number(&'t str),
    /// A string without its quotes and escapes.
    Text(Cow<'t, str>),
    /// An array.
    Array(Vec<Node<'t>>),
    /// An object: its members in the order in which they stand.
    Object(Vec<Member<'t>>),
}

/// A member of an object.
pub(super) struct Member<'t> {
    /// The name without its quotes and escapes.
    pub(super) name: Cow<'t, str>,
    /// The offset of the quote that opens the name.
    pub(super) name_start: usize,
    /// The value.
    pub(super) value: Node<'t>,
}

impl Node<'_> {
    /// The offset of what stands `at` bytes into the text that the value is; of the value itself
    /// if it is written with escapes or is no text.
    pub(super) fn inside(&self, at: usize) -> usize {
        match &self.value {
            Value::Text(Cow::Borrowed(_)) => self.start.saturating_add(at).saturating_add(1),
            _ => self.start,
        }
    }
}

/// What keeps a text from being a document, and the offset where it shows.
struct Refusal {
    offset: usize,
    message: String,
}

impl<'t> Document<'t> {
    /// Parses `bytes`. Member names that stand twice in an object are added to `problems`.
    ///
    /// # Errors
    ///
    /// One error if `bytes` are no JSON (RFC 8259) in UTF-8 without a byte order mark, are longer
    /// than 64 MiB, or hold more than 32 containers inside each other.
    pub(super) fn parse(bytes: &'t [u8], problems: &mut Problems) -> Result<Self, PolicyErrors> {
        let text = decode(bytes)?;
        let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| syntax(text, 0, &error));
        let mut reader = Reader { text, problems };
        let root = raw.and_then(|raw| reader.node(raw, 0));
        root.map(|root| Self { text, root })
            .map_err(|refusal| fatal(text, refusal.offset, refusal.message))
    }
}

/// The text in `bytes`.
fn decode(bytes: &[u8]) -> Result<&str, PolicyErrors> {
    if bytes.len() > MAX_LENGTH {
        let message = format!("the document is longer than {MAX_LENGTH} bytes; write less");
        return Err(fatal("", 0, message));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        let message = "a byte order mark stands first; save the file as UTF-8 without it";
        return Err(fatal("", 0, String::from(message)));
    }
    core::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
        let before = core::str::from_utf8(valid).unwrap_or("");
        let message = "not UTF-8; save the file in UTF-8";
        fatal(before, before.len(), String::from(message))
    })
}

/// The refusal for what serde_json says about `part`, which begins at `start`.
fn syntax(part: &str, start: usize, error: &serde_json::Error) -> Refusal {
    let said = format!("{error}");
    let what = said.split(" at line ").next().unwrap_or("");
    let offset = offset_in(part, error.line(), error.column());
    let advice = match part.as_bytes().get(offset) {
        _ if what.starts_with("EOF") => "complete the document",
        _ if what == "trailing characters" => "remove what follows the document",
        Some(b'\'') => "put text into double quotes",
        Some(b'/' | b'#') => "remove the comment, JSON has none",
        Some(b',' | b'}' | b']') => "remove the comma that stands there or before",
        _ => "write JSON as RFC 8259 has it",
    };
    let message = format!("not JSON: {what}; {advice}");
    Refusal { offset: start.saturating_add(offset), message }
}

/// The offset in `part` of what serde_json calls `line` and `column` (in bytes, from 1; 0 stands
/// for the end of the line before).
fn offset_in(part: &str, line: usize, column: usize) -> usize {
    let before = part.split_inclusive('\n').take(line.saturating_sub(1));
    let line_start = before.fold(0usize, |sum, line| sum.saturating_add(line.len()));
    let mut offset = line_start.saturating_add(column.saturating_sub(1)).min(part.len());
    while !part.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

/// Takes raw texts apart.
struct Reader<'t, 'p> {
    text: &'t str,
    problems: &'p mut Problems,
}

impl<'t> Reader<'t, '_> {
    /// The value that `raw` is, inside `depth` containers.
    fn node(&mut self, raw: &'t RawValue, depth: usize) -> Result<Node<'t>, Refusal> {
        let start = self.offset(raw);
        let text = raw.get();
        let value = match text.as_bytes().first() {
            Some(b'{') => self.object(text, start, depth)?,
            Some(b'[') => self.array(text, start, depth)?,
            Some(b'"') => Value::Text(unescape(text, start)?),
            Some(b't') => Value::Boolean(true),
            Some(b'f') => Value::Boolean(false),
            Some(b'n') => Value::Null,
            _ => Value::Number(text),
        };
        Ok(Node { start, value })
    }

    /// How far `raw`, a part of the document, is from its start.
    fn offset(&self, raw: &RawValue) -> usize {
        raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn array(&mut self, text: &'t str, start: usize, depth: usize) -> Result<Value<'t>, Refusal> {
        let depth = deeper(depth, start)?;
        let items = serde_json::from_str::<Vec<&'t RawValue>>(text);
        let items = items.map_err(|error| syntax(text, start, &error))?;
        let nodes = items.into_iter().map(|raw| self.node(raw, depth));
        Ok(Value::Array(nodes.collect::<Result<_, _>>()?))
    }

    fn object(&mut self, text: &'t str, start: usize, depth: usize) -> Result<Value<'t>, Refusal> {
        let depth = deeper(depth, start)?;
        let mut parser = serde_json::Deserializer::from_str(text);
        let pairs = parser.deserialize_map(Pairs).map_err(|error| syntax(text, start, &error))?;
        let members = pairs.into_iter().map(|(name, value)| self.member(name, value, depth));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        self.report_repeated(&members);
        Ok(Value::Object(members))
    }

    fn member(
        &mut self,
        name: &'t RawValue,
        value: &'t RawValue,
        depth: usize,
    ) -> Result<Member<'t>, Refusal> {
        let name_start = self.offset(name);
        let name = unescape(name.get(), name_start)?;
        Ok(Member { name, name_start, value: self.node(value, depth)? })
    }

    /// Reports the members whose name stood before.
    fn report_repeated(&mut self, members: &[Member<'t>]) {
        let mut names = BTreeSet::new();
        for member in members.iter().filter(|member| !names.insert(&member.name)) {
            let message = "the member stands twice in this object; keep one of them";
            self.problems.add(member.name_start, message);
        }
    }
}

/// One more than `depth`, if a container may begin there.
fn deeper(depth: usize, start: usize) -> Result<usize, Refusal> {
    if depth >= MAX_DEPTH {
        let message = format!("more than {MAX_DEPTH} levels of objects and arrays; write fewer");
        return Err(Refusal { offset: start, message });
    }
    Ok(depth.saturating_add(1))
}

/// The string that `raw` writes, which has its quotes.
fn unescape(raw: &str, start: usize) -> Result<Cow<'_, str>, Refusal> {
    if raw.contains('\\') {
        let text = serde_json::from_str::<String>(raw);
        return text.map(Cow::Owned).map_err(|error| syntax(raw, start, &error));
    }
    let inside = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    Ok(Cow::Borrowed(inside.unwrap_or("")))
}

/// Reads an object as its names and values, raw and in order.
struct Pairs;

impl<'t> Visitor<'t> for Pairs {
    type Value = Vec<(&'t RawValue, &'t RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
