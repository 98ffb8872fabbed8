//! The JSON Schema of the policy document (draft 2020-12), from the tables that the reader uses.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::shape::{Array, Integer, Map, Member, Named, Object, Presence, Shape, Text};
use super::shapes::POLICY;

/// The JSON Schema of the policy document (draft 2020-12), for editors and other tools.
///
/// It says what may stand where. What only Tollgate can say is that names are known, that secrets
/// can be read and used, and that no member and no identifier stands twice.
pub const JSON_SCHEMA: &str = include_str!("policy.schema.json");

/// A piece of the schema.
enum Json {
    /// A literal as it is written.
    Literal(String),
    List(Vec<Json>),
    Members(Vec<(&'static str, Json)>),
}

/// Renders [`JSON_SCHEMA`] anew from the tables of this library.
pub fn render_schema() -> String {
    let mut schema = Vec::from([
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("title", text("Tollgate policy")),
    ]);
    schema.extend(describe(&POLICY));
    let mut named = Vec::new();
    collect(&POLICY, &mut named);
    let definitions = named.iter().map(|named| (named.name, definition(named)));
    schema.push(("$defs", Json::Members(definitions.collect())));
    let mut out = String::new();
    Json::Members(schema).write(0, &mut out);
    out.push('\n');
    out
}

/// The named shapes inside `shape`, each once, in the order in which they are met.
fn collect(shape: &'static Shape, named: &mut Vec<&'static Named>) {
    match shape {
        Shape::Object(object) => object.members.iter().for_each(|it| collect(&it.shape, named)),
        Shape::Map(map) => collect(&map.values, named),
        Shape::Array(array) => collect(&array.items, named),
        Shape::OneOf(options) => options.iter().for_each(|option| collect(option, named)),
        Shape::Named(new) if !named.iter().any(|known| known.name == new.name) => {
            named.push(new);
            collect(&new.shape, named);
        }
        _ => {}
    }
}

fn definition(named: &'static Named) -> Json {
    let mut members = Vec::from([("description", text(named.doc))]);
    members.extend(describe(&named.shape));
    Json::Members(members)
}

/// The members of the schema of `shape`.
fn describe(shape: &'static Shape) -> Vec<(&'static str, Json)> {
    match shape {
        Shape::Object(object) => describe_object(object),
        Shape::Map(map) => describe_map(map),
        Shape::Array(array) => describe_array(array),
        Shape::Text(form) => describe_text(form),
        Shape::Words(words) => describe_words(words),
        Shape::Integer(integer) => describe_integer(integer),
        Shape::Boolean => Vec::from([("type", text("boolean"))]),
        Shape::Version(version) => Vec::from([("const", number(*version))]),
        Shape::OneOf(options) => {
            let options = options.iter().map(|option| Json::Members(describe(option)));
            Vec::from([("oneOf", Json::List(options.collect()))])
        }
        Shape::Named(named) => Vec::from([("$ref", text(&format!("#/$defs/{}", named.name)))]),
    }
}

fn describe_object(object: &'static Object) -> Vec<(&'static str, Json)> {
    let required = object.members.iter().filter(|member| member.is_required());
    let required: Vec<Json> = required.map(|member| text(member.name)).collect();
    let members = object.members.iter().map(|member| (member.name, describe_member(member)));
    let mut schema = Vec::from([
        ("type", text("object")),
        ("properties", Json::Members(members.collect())),
        ("additionalProperties", literal("false")),
    ]);
    if !required.is_empty() {
        schema.push(("required", Json::List(required)));
    }
    schema
}

fn describe_member(member: &'static Member) -> Json {
    let mut schema = Vec::from([("description", text(member.doc))]);
    schema.extend(describe(&member.shape));
    match member.presence {
        Presence::Required | Presence::Optional => {}
        Presence::Number(default) => schema.push(("default", number(default))),
        Presence::Flag(default) => schema.push(("default", literal(&default.to_string()))),
        Presence::Word(default) => schema.push(("default", text(default))),
    }
    Json::Members(schema)
}

fn describe_map(map: &'static Map) -> Vec<(&'static str, Json)> {
    Vec::from([
        ("type", text("object")),
        ("propertyNames", Json::Members(form_of(&map.names))),
        ("minProperties", number(map.min)),
        ("additionalProperties", Json::Members(describe(&map.values))),
    ])
}

fn describe_array(array: &'static Array) -> Vec<(&'static str, Json)> {
    let mut schema = Vec::from([("type", text("array")), ("minItems", number(array.min))]);
    if let Some(max) = array.max {
        schema.push(("maxItems", number(max)));
    }
    if array.unique {
        schema.push(("uniqueItems", literal("true")));
    }
    schema.push(("items", Json::Members(describe(&array.items))));
    schema
}

fn describe_text(form: &Text) -> Vec<(&'static str, Json)> {
    let mut schema = Vec::from([("type", text("string"))]);
    schema.extend(form_of(form));
    schema
}

fn form_of(form: &Text) -> Vec<(&'static str, Json)> {
    let mut schema = Vec::from([("minLength", number(form.min)), ("maxLength", number(form.max))]);
    if !form.pattern.regex.is_empty() {
        schema.push(("pattern", text(form.pattern.regex)));
    }
    schema
}

fn describe_words(words: &[&str]) -> Vec<(&'static str, Json)> {
    Vec::from([("enum", Json::List(words.iter().map(|word| text(word)).collect()))])
}

fn describe_integer(integer: &Integer) -> Vec<(&'static str, Json)> {
    Vec::from([
        ("type", text("integer")),
        ("minimum", number(integer.min)),
        ("maximum", number(integer.max)),
    ])
}

/// A string of the schema; its words are this crate's own and hold no control characters.
fn text(words: &str) -> Json {
    Json::Literal(format!("\"{}\"", words.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn literal(words: &str) -> Json {
    Json::Literal(words.to_string())
}

fn number(number: impl ToString) -> Json {
    Json::Literal(number.to_string())
}

impl Json {
    /// Appends it, its further lines indented by `depth` steps. Lists of literals take one line.
    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Json::Literal(literal) => out.push_str(literal),
            Json::List(items) if items.iter().all(|item| matches!(item, Json::Literal(_))) => {
                let literals = items.iter().map(|item| (String::new(), item));
                write_entries(["[", ", ", "]"], literals, depth, out);
            }
            Json::List(items) => {
                let [open, between, close] = broken(depth, ["[", "]"]);
                let items = items.iter().map(|item| (String::new(), item));
                write_entries([&open, &between, &close], items, depth, out);
            }
            Json::Members(members) => {
                let [open, between, close] = broken(depth, ["{", "}"]);
                let members = members.iter().map(|(name, it)| (format!("\"{name}\": "), it));
                write_entries([&open, &between, &close], members, depth, out);
            }
        }
    }
}

/// What opens, separates and closes entries that have a line each.
fn broken(depth: usize, [open, close]: [&str; 2]) -> [String; 3] {
    let outer = "  ".repeat(depth);
    [format!("{open}\n{outer}  "), format!(",\n{outer}  "), format!("\n{outer}{close}")]
}

/// Appends the entries, each after its label.
fn write_entries<'j>(
    [open, between, close]: [&str; 3],
    entries: impl Iterator<Item = (String, &'j Json)>,
    depth: usize,
    out: &mut String,
) {
    out.push_str(open);
    for (index, (label, value)) in entries.enumerate() {
        out.push_str(if index == 0 { "" } else { between });
        out.push_str(&label);
        value.write(depth.saturating_add(1), out);
    }
    out.push_str(close);
}
