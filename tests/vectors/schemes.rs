//! The vectors of `schemes.json`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tollgate::decision::{Denial, Reason};
use tollgate::request::{Body, Header, Request};
use tollgate::scheme::{MacKey, Scheme, builtin, verify_signature};

/// A request that is signed by a built-in scheme.
pub(crate) struct Vector {
    pub(crate) scheme: Scheme,
    pub(crate) key: MacKey,
    pub(crate) target: String,
    /// The last one carries the signature; without headers, a parameter does.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) unix_ms: u64,
}

impl Vector {
    fn read(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().expect("a text").to_owned();
        let found = builtin::find(&text("scheme")).expect("a built-in scheme");
        let url = value["signed_url"].as_str();
        let scheme = url.map_or_else(|| found.clone(), |url| found.with_url(url));
        let hex = text("body_hex");
        let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        let headers = value["headers"].as_array().expect("headers").iter();
        let pair = |line: &Value| {
            let half = |at: usize| line[at].as_str().expect("a text").to_owned();
            (half(0), half(1))
        };
        Self {
            key: scheme.prepare_key(text("secret").as_bytes()).expect("a usable secret"),
            target: text("target"),
            headers: headers.map(pair).collect(),
            body: (0..hex.len()).step_by(2).map(digits).collect(),
            unix_ms: value["unix_ms"].as_u64().expect("a time"),
            scheme,
        }
    }

    pub(crate) fn verify(&self) -> Result<(), Reason> {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| Header { name: name.as_bytes(), value: value.as_bytes() })
            .collect();
        let request = Request {
            method: b"POST",
            target: self.target.as_bytes(),
            host: b"example.com",
            headers: &headers,
            body: Body::Whole(&self.body),
            peer: None,
            tls: true,
        };
        let keys = [self.key.clone()];
        verify_signature(&self.scheme, &keys, &request, &self.body, self.unix_ms)
            .map(|_| ())
            .map_err(|Denial { reason, .. }| reason)
    }
}

pub(crate) fn values() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/schemes.json");
    let text = fs::read_to_string(path).expect("the vectors");
    serde_json::from_str(&text).expect("JSON")
}

pub(crate) fn vectors() -> Vec<Vector> {
    values().iter().map(Vector::read).collect()
}
