//! What PyJWT says of tokens.

use core::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The answers of `tests/oracles/tokens.py`, a line for each line of questions. Without PyJWT the
/// test fails.
pub(crate) fn ask(questions: &str) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/tokens.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there: tests/scripts/setup.sh test");
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python3-jwt is there: tests/scripts/setup.sh test");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}

/// The question what a token says, under this key, for this issuer and this audience.
pub(crate) fn decode(secret: &[u8], issuer: &str, audience: &str, token: &str) -> String {
    let (issuer, audience) = (hex(issuer.as_bytes()), hex(audience.as_bytes()));
    format!("decode {} {issuer} {audience} {token}\n", hex(secret))
}

/// Words of a question are in hex.
pub(crate) fn hex(text: &[u8]) -> String {
    text.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
