//! The vectors of `schemes.json`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tollgate::decision::{Denial, Reason};
use tollgate::request::{Body, Header, Request, Stored};
use tollgate::scheme::{MacKey, Scheme, builtin, verify_signature};

/// A request that is signed by a built-in scheme.
pub(crate) struct Vector {
    pub(crate) scheme: Scheme,
    /// None for a scheme without a key.
    pub(crate) key: Option<MacKey>,
    pub(crate) target: String,
    /// The last one carries the signature; without headers, a parameter does, or
    /// `stored`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Signature, value and seed that the host stored.
    pub(crate) stored: [String; 3],
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
            key: value["secret"]
                .as_str()
                .map(|secret| scheme.prepare_key(secret.as_bytes()).expect("a usable secret")),
            target: text("target"),
            headers: headers.map(pair).collect(),
            body: (0..hex.len()).step_by(2).map(digits).collect(),
            stored: ["stored_signature", "stored_value", "stored_seed"]
                .map(|name| value[name].as_str().unwrap_or("").to_owned()),
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
        let [signature, value, seed] = &self.stored;
        let request = Request {
            method: b"POST",
            target: self.target.as_bytes(),
            host: b"example.com",
            headers: &headers,
            body: Body::Whole(&self.body),
            peer: None,
            tls: true,
            stored: Stored {
                signature: signature.as_bytes(),
                value: value.as_bytes(),
                seed: seed.as_bytes(),
                credential: b"",
            },
        };
        verify_signature(&self.scheme, self.key.as_slice(), &request, &self.body, self.unix_ms)
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
