//! The table as `tests/vectors/make_requests.py` writes it.

use core::net::IpAddr;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tollgate::policy::{NoSecrets, Policy, PolicyErrors, Source};
use tollgate::request::{Body, Header, Now, Request, Stored};

pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    pub(crate) documents: Vec<Document>,
}

/// Requests that one gate gets.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) shows: String,
    pub(crate) policy: String,
    /// For how many credentials and addresses there is memory for limits.
    pub(crate) memory: Option<(usize, usize)>,
    /// For how many messages there is replay memory, and for how many seconds it remembers them.
    pub(crate) replay: Option<(usize, u64)>,
    /// Rows with one tag get the same answer.
    pub(crate) alike: Option<String>,
    pub(crate) steps: Vec<Step>,
}

/// One request, or several that differ by a step.
pub(crate) struct Step {
    pub(crate) route: String,
    pub(crate) request: Wire,
    pub(crate) times: u64,
    /// What every repetition adds to the bits of the peer.
    pub(crate) peer_plus: u128,
    /// What every repetition adds to the monotonic time.
    pub(crate) monotonic_plus: u64,
    /// How long a streamed body takes.
    pub(crate) finish_after_ms: i64,
    /// What the host does with a message that may pass.
    pub(crate) then: Option<String>,
    pub(crate) expect: Expect,
    /// What the request gets if its body is streamed, where that differs.
    pub(crate) streamed: Option<Expect>,
}

/// A request that owns its octets.
pub(crate) struct Wire {
    method: Vec<u8>,
    target: Vec<u8>,
    host: Vec<u8>,
    lines: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) peer: Option<IpAddr>,
    tls: bool,
    /// Signature, value, seed and credential that the host stored.
    stored: [String; 4],
    pub(crate) now: Now,
}

/// What a request gets. What is `None` may be anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expect {
    /// The reason; several where chance decides between them.
    pub(crate) reasons: Vec<String>,
    pub(crate) status: Option<u16>,
    pub(crate) header: Option<String>,
    pub(crate) credential: Option<String>,
    pub(crate) generation: Option<u32>,
    pub(crate) quirks: Vec<String>,
    pub(crate) would_deny: Vec<String>,
    pub(crate) would_deny_reason: Option<String>,
    pub(crate) challenges: Option<Vec<String>>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) lines: Option<Vec<String>>,
    /// Whether the head decides, before the body is read.
    pub(crate) head: Option<bool>,
    /// Whether somebody has the message who may still give it back.
    pub(crate) pending: Option<bool>,
}

/// A policy document and its errors: place, path, part of the message.
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) shows: String,
    pub(crate) text: String,
    pub(crate) errors: Vec<(String, String, String)>,
}

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

pub(crate) fn load_policy(text: &str) -> Result<Policy, PolicyErrors> {
    Policy::load(&Source::new(text.as_bytes(), "policy.json", &NoSecrets))
}

/// The policy in `tests/vectors/policies/NAME.json`.
pub(crate) fn policy(name: &str) -> Policy {
    let path = folder().join("policies").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    load_policy(&text).unwrap_or_else(|errors| panic!("{path:?}:\n{errors}"))
}

pub(crate) fn table() -> Table {
    let text = fs::read_to_string(folder().join("requests.json")).unwrap();
    let table: Value = serde_json::from_str(&text).unwrap();
    let plain = &table["plain"];
    Table {
        rows: list(&table["rows"]).iter().map(|value| row(value, plain)).collect(),
        documents: list(&table["documents"]).iter().map(document).collect(),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(text).collect()
}

fn optional<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<T> {
    (!value.is_null()).then(|| read(value))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn row(value: &Value, plain: &Value) -> Row {
    let size = |at: usize| usize::try_from(number(&value["memory"][at])).unwrap();
    Row {
        id: text(&value["id"]),
        shows: text(&value["shows"]),
        policy: text(&value["policy"]),
        memory: optional(&value["memory"], |_| (size(0), size(1))),
        replay: optional(&value["replay"], |it| {
            (usize::try_from(number(&it[0])).unwrap(), number(&it[1]))
        }),
        alike: optional(&value["alike"], text),
        steps: list(&value["steps"]).iter().map(|value| step(value, plain)).collect(),
    }
}

fn step(value: &Value, plain: &Value) -> Step {
    let address_bits = |value: &Value| match text(value).parse().unwrap() {
        IpAddr::V6(address) => address.to_bits(),
        IpAddr::V4(address) => address.to_bits().into(),
    };
    Step {
        route: text(&value["route"]),
        request: wire(&value["request"], plain),
        times: value["times"].as_u64().unwrap_or(1),
        peer_plus: optional(&value["peer_plus"], address_bits).unwrap_or(0),
        monotonic_plus: value["monotonic_plus"].as_u64().unwrap_or(0),
        finish_after_ms: value["finish_after_ms"].as_i64().unwrap_or(0),
        then: optional(&value["then"], text),
        expect: expect(&value["expect"]),
        streamed: optional(&value["streamed"], expect),
    }
}

fn wire(value: &Value, plain: &Value) -> Wire {
    let member = |name: &str| value.get(name).unwrap_or(&plain[name]);
    let address = |value: &Value| text(value).parse().unwrap();
    Wire {
        method: octets(member("method")),
        target: octets(member("target")),
        host: octets(member("host")),
        lines: list(member("headers")).iter().flat_map(header_lines).collect(),
        body: octets(member("body")),
        peer: optional(member("peer"), address),
        tls: member("tls").as_bool().unwrap(),
        stored: ["signature", "value", "seed", "credential"]
            .map(|name| member("stored")[name].as_str().unwrap_or("").to_owned()),
        now: Now {
            unix_ms: number(member("unix_ms")),
            monotonic_ns: number(member("monotonic_ns")),
        },
    }
}

fn header_lines(line: &Value) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let times = usize::try_from(line[2].as_u64().unwrap_or(1)).unwrap();
    core::iter::repeat_n((octets(&line[0]), octets(&line[1])), times)
}

/// Text, hex, a repetition, or a list of these.
fn octets(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Array(pieces) => pieces.iter().flat_map(octets).collect(),
        _ => match value.get("hex") {
            Some(hex) => unhex(&text(hex)),
            None => {
                octets(&value["repeat"]).repeat(usize::try_from(number(&value["times"])).unwrap())
            }
        },
    }
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn expect(value: &Value) -> Expect {
    let one_of = texts(&value["one_of"]);
    let optional_text = |name: &str| optional(&value[name], text);
    Expect {
        reasons: if one_of.is_empty() { vec![text(&value["reason"])] } else { one_of },
        status: optional(&value["status"], |status| u16::try_from(number(status)).unwrap()),
        header: optional_text("header"),
        credential: optional_text("credential"),
        generation: optional(&value["generation"], |it| u32::try_from(number(it)).unwrap()),
        quirks: texts(&value["quirks"]),
        would_deny: texts(&value["would_deny"]),
        would_deny_reason: optional_text("would_deny_reason"),
        challenges: optional(&value["challenges"], texts),
        retry_after: optional(&value["retry_after"], number),
        lines: optional(&value["lines"], texts),
        head: value["head"].as_bool(),
        pending: value["pending"].as_bool(),
    }
}

fn document(value: &Value) -> Document {
    let error = |error: &Value| (text(&error["at"]), text(&error["path"]), text(&error["says"]));
    Document {
        id: text(&value["id"]),
        shows: text(&value["shows"]),
        text: String::from_utf8(octets(&value["text"])).unwrap(),
        errors: list(&value["errors"]).iter().map(error).collect(),
    }
}

impl Wire {
    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        self.lines.iter().map(|(name, value)| Header { name, value }).collect()
    }

    pub(crate) fn request<'a>(&'a self, headers: &'a [Header<'a>], body: Body<'a>) -> Request<'a> {
        let [signature, value, seed, credential] = &self.stored;
        Request {
            method: &self.method,
            target: &self.target,
            host: &self.host,
            headers,
            body,
            peer: self.peer,
            tls: self.tls,
            stored: Stored {
                signature: signature.as_bytes(),
                value: value.as_bytes(),
                seed: seed.as_bytes(),
                credential: credential.as_bytes(),
            },
        }
    }
}
