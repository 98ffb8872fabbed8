//! A JSON document with the position of every value and every member name.
//!
//! serde_json, which keeps no positions, says whether the text is JSON and what is wrong if it is
//! not. A cursor then goes over what is well-formed.
//!
//! The credentials of a policy may be a million. The cursor passes them by; they are taken apart
//! one after the other.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};

use super::cursor::{Cursor, offset_of};
use super::error::PolicyErrors;
use super::outline::{self, CREDENTIALS, Lists};
use super::problems::{Problems, fatal};

/// How many containers may stand inside each other.
const MAX_DEPTH: usize = 32;

/// The longest document, in bytes.
const MAX_LENGTH: usize = 1 << 30;

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
    /// The array of the credentials, whose items [`Document::read`] takes apart.
    Credentials(Vec<&'t str>),
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

impl Refusal {
    fn in_text(self, text: &str) -> PolicyErrors {
        fatal(text, self.offset, self.message)
    }
}

impl<'t> Document<'t> {
    /// Parses `bytes`. Member names that stand twice in an object are added to `problems`.
    ///
    /// # Errors
    ///
    /// One error if `bytes` are no JSON (RFC 8259) in UTF-8 without a byte order mark, are longer
    /// than 1 GiB, or hold more than 32 containers inside each other.
    pub(super) fn parse(bytes: &'t [u8], problems: &mut Problems) -> Result<Self, PolicyErrors> {
        let (text, _) = read(bytes)?;
        Self::take_apart(text, Lists::new(), problems)
    }

    /// The same for a policy, whose credentials stay raw.
    pub(super) fn parse_policy(
        bytes: &'t [u8],
        problems: &mut Problems,
    ) -> Result<Self, PolicyErrors> {
        let (text, lists) = read(bytes)?;
        Self::take_apart(text, lists, problems)
    }

    /// Takes a well-formed text apart, but for the credentials in `lists`.
    fn take_apart(
        text: &'t str,
        lists: Lists<'t>,
        problems: &mut Problems,
    ) -> Result<Self, PolicyErrors> {
        let mut cursor = Cursor::new(text, 0);
        cursor.skip_space();
        let root = Reader { cursor, lists: lists.into_iter(), problems }.node(0);
        let root = root.map_err(|refusal| refusal.in_text(text))?;
        Ok(Self { text, root })
    }

    /// The credentials, raw.
    pub(super) fn credentials(&self) -> &[&'t str] {
        let members = self.root.members().iter();
        let mut lists = members.filter_map(|member| match &member.value.value {
            Value::Credentials(items) => Some(&**items),
            _ => None,
        });
        lists.next().unwrap_or(&[])
    }

    /// Takes one of the credentials apart.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`].
    pub(super) fn read(
        &self,
        raw: &'t str,
        problems: &mut Problems,
    ) -> Result<Node<'t>, PolicyErrors> {
        let cursor = Cursor::new(self.text, self.start(raw));
        let lists = Lists::new().into_iter();
        let node = Reader { cursor, lists, problems }.node(CREDENTIAL_DEPTH);
        node.map_err(|refusal| refusal.in_text(self.text))
    }

    /// The offset of a credential, which is a part of the text.
    pub(super) fn start(&self, raw: &str) -> usize {
        offset_of(raw, self.text)
    }
}

/// The text in `bytes`, which is JSON, and where the credentials of a policy stand in it.
fn read(bytes: &[u8]) -> Result<(&str, Lists<'_>), PolicyErrors> {
    let text = decode(bytes)?;
    let lists = outline::read(text).map_err(|error| syntax(text, 0, &error).in_text(text))?;
    Ok((text, lists))
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

/// How many containers stand around a credential.
const CREDENTIAL_DEPTH: usize = 2;

/// Takes a well-formed text apart.
struct Reader<'t, 'p> {
    cursor: Cursor<'t>,
    /// The credentials that stay raw: of each member of the outermost object that has their name
    /// and is an array.
    lists: vec::IntoIter<Vec<&'t str>>,
    problems: &'p mut Problems,
}

impl<'t> Reader<'t, '_> {
    /// The value at the cursor, inside `depth` containers.
    fn node(&mut self, depth: usize) -> Result<Node<'t>, Refusal> {
        let start = self.cursor.offset();
        let value = match self.cursor.peek() {
            Some(b'{') => self.object(start, depth)?,
            Some(b'[') => self.array(start, depth)?,
            Some(b'"') => Value::Text(self.text(start)?),
            Some(b't') => self.scalar(|_| Value::Boolean(true)),
            Some(b'f') => self.scalar(|_| Value::Boolean(false)),
            Some(b'n') => self.scalar(|_| Value::Null),
            _ => self.scalar(Value::Number),
        };
        Ok(Node { start, value })
    }

    fn scalar(&mut self, value: impl FnOnce(&'t str) -> Value<'t>) -> Value<'t> {
        value(self.cursor.skip_scalar())
    }

    /// The string at the cursor, without its quotes and escapes.
    fn text(&mut self, start: usize) -> Result<Cow<'t, str>, Refusal> {
        let (raw, escapes) = self.cursor.skip_string();
        if escapes {
            let text = serde_json::from_str::<String>(raw);
            return text.map(Cow::Owned).map_err(|error| syntax(raw, start, &error));
        }
        let inside = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        Ok(Cow::Borrowed(inside.unwrap_or("")))
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<Value<'t>, Refusal> {
        let depth = deeper(depth, start)?;
        let mut items = Vec::new();
        self.cursor.enter();
        while self.cursor.is_at_item() {
            items.push(self.node(depth)?);
        }
        Ok(Value::Array(items))
    }

    fn object(&mut self, start: usize, depth: usize) -> Result<Value<'t>, Refusal> {
        let depth = deeper(depth, start)?;
        let mut members = Vec::with_capacity(USUAL_MEMBERS);
        self.cursor.enter();
        while self.cursor.is_at_item() {
            members.push(self.member(depth)?);
        }
        self.report_repeated(&members);
        Ok(Value::Object(members))
    }

    fn member(&mut self, depth: usize) -> Result<Member<'t>, Refusal> {
        let name_start = self.cursor.offset();
        let name = self.text(name_start)?;
        self.cursor.skip_space();
        let start = self.cursor.offset();
        let is_list = depth == 1 && name == CREDENTIALS && self.cursor.peek() == Some(b'[');
        let value = match is_list.then(|| self.lists.next()).flatten() {
            Some(items) => {
                self.cursor.pass_items(&items);
                Node { start, value: Value::Credentials(items) }
            }
            None => self.node(depth)?,
        };
        Ok(Member { name, name_start, value })
    }

    /// Reports the members whose name stood before.
    fn report_repeated(&mut self, members: &[Member<'t>]) {
        // Of few, most names differ in length already: there is nothing to gather and to sort.
        if members.len() <= USUAL_MEMBERS && !has_repeated(members) {
            return;
        }
        let mut sorted: Vec<_> = members.iter().collect();
        sorted.sort_by(|one, other| one.name.cmp(&other.name));
        for (first, second) in sorted.iter().zip(sorted.iter().skip(1)) {
            if first.name == second.name {
                let message = "the member stands twice in this object; keep one of them";
                self.problems.add(second.name_start, message);
            }
        }
    }
}

/// Whether two members have one name. It takes as many steps as there are pairs.
fn has_repeated(members: &[Member<'_>]) -> bool {
    let before = |at| members.get(..at).unwrap_or(&[]).iter();
    members.iter().enumerate().any(|(at, it)| before(at).any(|other| other.name == it.name))
}

/// How many members an object usually has at most.
const USUAL_MEMBERS: usize = 8;

/// One more than `depth`, if a container may begin there.
fn deeper(depth: usize, start: usize) -> Result<usize, Refusal> {
    if depth >= MAX_DEPTH {
        let message = format!("more than {MAX_DEPTH} levels of objects and arrays; write fewer");
        return Err(Refusal { offset: start, message });
    }
    Ok(depth.saturating_add(1))
}
