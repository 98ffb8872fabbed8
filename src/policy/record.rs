//! The record of one credential, apart from its policy: taken apart, changed and written again.
//!
//! What is not changed is written as it was, but for white space.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::document::{Document, Node, Value};
use super::error::PolicyErrors;
use super::fields::Fields;
use super::generation::time;
use super::problems::Problems;
use super::{read, shapes};
use crate::scheme::{TimeFormat, format_time};

/// Which secret of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The API key.
    ApiKey,
    /// The passphrase of its Basic user.
    Passphrase,
    /// What signs its requests.
    SigningSecret,
}

/// One value of a secret as a record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// The number of the generation.
    pub(crate) number: u32,
    /// The value, or what is kept in its place, as JSON.
    pub(crate) value: String,
    /// The schemes that it is for, in alphabetical order; none for all of them.
    pub(crate) schemes: Vec<String>,
    /// From when on it counts.
    pub(crate) not_before_ms: Option<u64>,
    /// From when on it counts no longer.
    pub(crate) not_after_ms: Option<u64>,
}

/// An object: its members in order, each with its value as JSON.
type Members = Vec<(String, String)>;

/// The record of a credential.
pub(crate) struct Record {
    members: Members,
    /// The members of `basic`; none if it has none.
    basic: Members,
    /// Whether it is revoked.
    pub(crate) revoked: bool,
    /// The generation of the credential itself.
    pub(crate) generation: u32,
    api_keys: Vec<Stored>,
    passphrases: Vec<Stored>,
    secrets: Vec<Stored>,
}

/// `value` as JSON without white space, if it is JSON at all.
pub(crate) fn compact(value: &[u8]) -> Result<String, PolicyErrors> {
    let mut problems = Problems::default();
    let document = Document::parse(value, &mut problems)?;
    let compact = document.root.to_json();
    problems.report(&document)?;
    Ok(compact)
}

impl Record {
    /// Takes the object `text` apart, which is as it stands in a policy.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, PolicyErrors> {
        let mut problems = Problems::default();
        let document = Document::parse(text, &mut problems)?;
        read::check(&document.root, &shapes::CREDENTIAL, &mut problems);
        let fields = Fields::of(&document.root, &shapes::CREDENTIAL);
        let basic = fields.object("basic");
        let record = Self {
            members: members(&document.root),
            basic: fields.get("basic").map_or_else(Members::new, members),
            revoked: fields.text("state") == "revoked",
            generation: number(&fields),
            api_keys: values(&fields, SecretKind::ApiKey, &mut problems),
            passphrases: values(&basic, SecretKind::Passphrase, &mut problems),
            secrets: values(&fields, SecretKind::SigningSecret, &mut problems),
        };
        problems.report(&document)?;
        Ok(record)
    }

    /// Whether it has a Basic user.
    pub(crate) fn has_user(&self) -> bool {
        !self.basic.is_empty()
    }

    /// The values of a secret.
    pub(crate) fn values(&self, kind: SecretKind) -> &[Stored] {
        match kind {
            SecretKind::ApiKey => &self.api_keys,
            SecretKind::Passphrase => &self.passphrases,
            SecretKind::SigningSecret => &self.secrets,
        }
    }

    /// Gives a secret other values.
    pub(crate) fn set_values(&mut self, kind: SecretKind, values: &[Stored]) {
        let [name, member] = names(kind);
        let list = list(values.iter().map(|value| value.to_json(member)));
        if kind == SecretKind::Passphrase {
            set(&mut self.basic, name, list);
            set(&mut self.members, "basic", object(&self.basic));
        } else {
            set(&mut self.members, name, list);
        }
    }

    /// Revokes it.
    pub(crate) fn set_revoked(&mut self) {
        set(&mut self.members, "state", json_text("revoked"));
    }

    /// Gives the credential another generation.
    pub(crate) fn set_generation(&mut self, number: u32) {
        set(&mut self.members, "generation", number.to_string());
    }

    /// The text of the record, if it is still of the form that a policy takes.
    pub(crate) fn to_json(&self) -> Result<String, PolicyErrors> {
        let text = object(&self.members);
        Self::parse(text.as_bytes())?;
        Ok(text)
    }
}

/// The member that has the values of a secret, and the member that a value is in each of them.
const fn names(kind: SecretKind) -> [&'static str; 2] {
    match kind {
        SecretKind::ApiKey => ["api_key", "key"],
        SecretKind::Passphrase => ["passphrase", "passphrase"],
        SecretKind::SigningSecret => ["secrets", "key"],
    }
}

/// The values of a secret, whose one value may stand there by itself.
fn values(parent: &Fields<'_, '_>, kind: SecretKind, problems: &mut Problems) -> Vec<Stored> {
    let [name, member] = names(kind);
    let value = |node: Option<&Node<'_>>| node.map_or_else(String::new, Node::to_json);
    if let Some(node) = parent.get(name).filter(|node| matches!(node.value, Value::Object(_))) {
        return Vec::from([Stored::first(node.to_json())]);
    }
    let stored = parent.objects(name).map(|fields| {
        let mut schemes: Vec<String> = fields.texts("schemes").map(String::from).collect();
        schemes.sort_unstable();
        Stored {
            number: number(&fields),
            value: value(fields.get(member)),
            schemes,
            not_before_ms: time(&fields, "not_before", problems),
            not_after_ms: time(&fields, "not_after", problems),
        }
    });
    stored.collect()
}

fn number(fields: &Fields<'_, '_>) -> u32 {
    u32::try_from(fields.number("generation")).unwrap_or(0)
}

impl Stored {
    /// The one value that a secret has.
    pub(crate) const fn first(value: String) -> Self {
        let schemes = Vec::new();
        Self { number: 1, value, schemes, not_before_ms: None, not_after_ms: None }
    }

    fn to_json(&self, member: &str) -> String {
        let mut members = Members::new();
        set(&mut members, "generation", self.number.to_string());
        set(&mut members, member, self.value.clone());
        if !self.schemes.is_empty() {
            set(&mut members, "schemes", list(self.schemes.iter().map(|name| json_text(name))));
        }
        for (name, ms) in [("not_before", self.not_before_ms), ("not_after", self.not_after_ms)] {
            // Whoever set a time has seen to it that it can be written.
            if let Some(text) = ms.and_then(|ms| format_time(TimeFormat::Rfc3339, ms)) {
                set(&mut members, name, json_text(text.as_str()));
            }
        }
        object(&members)
    }
}

fn members(object: &Node<'_>) -> Members {
    let pair =
        |member: &super::document::Member<'_>| (member.name.to_string(), member.value.to_json());
    object.members().iter().map(pair).collect()
}

/// Replaces the member, or appends it.
fn set(members: &mut Members, name: &str, value: String) {
    match members.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => *old = value,
        None => members.push((String::from(name), value)),
    }
}

impl Node<'_> {
    /// The value as JSON, without white space between its parts.
    fn to_json(&self) -> String {
        match &self.value {
            Value::Null => String::from("null"),
            Value::Boolean(value) => value.to_string(),
            Value::Number(number) => (*number).to_string(),
            Value::Text(text) => json_text(text),
            Value::Array(items) => list(items.iter().map(Node::to_json)),
            Value::Credentials(items) => list(items.iter().map(|raw| (*raw).to_string())),
            Value::Object(_) => object(&members(self)),
        }
    }
}

fn object(members: &Members) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{value}", json_text(name)));
    format!("{{{}}}", joined(members))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", joined(items))
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(",")
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
