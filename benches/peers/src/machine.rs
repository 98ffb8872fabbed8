//! What was measured, and on what.

use std::fs;

use serde_json::{Value, json};

use crate::peers::openssl::{Flavour, Newest, System};
use crate::peers::{ipsec_mb, sodium};
use crate::tollgate;

/// The processor flags that the contenders look at.
const FLAGS: &[&str] = &[
    "sha_ni",
    "ssse3",
    "avx2",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vbmi",
    "avx512vbmi",
    "vaes",
    "gfni",
];

/// The crates that take part, or parts of them.
const CRATES: &[&str] = &[
    "aws-lc-rs",
    "aws-lc-sys",
    "boring-sys",
    "graviola",
    "hmac",
    "ring",
    "sha2",
    "base64",
    "base64-simd",
    "base64ct",
    "const-hex",
    "faster-hex",
    "hex",
    "hex-simd",
    "ip_network_table",
    "ipnet",
    "iptrie",
    "prefix-trie",
    "governor",
    "ahash",
    "hashbrown",
];

/// Who does not take part, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("isa-l_crypto", "neither Debian nor a crate has it"),
    ("lookup alone", "Tollgate has no entry for it; see how cost grows with credentials"),
];

/// The machine.
pub fn machine(processor: Option<usize>) -> Value {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, value)| value)
    };
    let flags: Vec<&str> = field("flags").split(' ').filter(|flag| FLAGS.contains(flag)).collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    json!({
        "processor": field("model name"),
        "family_model_stepping": format!("{}/{}/{}", field("cpu family"), field("model\t"), field("stepping")),
        "processors": info.lines().filter(|line| line.starts_with("processor")).count(),
        "pinned_to": processor,
        "flags": flags,
        "kernel": kernel.trim(),
        "compiler": env!("RUSTC_VERSION"),
    })
}

/// Everybody's version. Who is missing says so.
pub fn versions() -> Vec<(String, String)> {
    let missing = || String::from("not on this machine");
    let mut versions = vec![
        (String::from("Tollgate"), tollgate::version()),
        (String::from("OpenSSL, newest"), Newest::version().unwrap_or_else(missing)),
        (String::from("OpenSSL, system"), System::version().unwrap_or_else(missing)),
        (String::from("libsodium"), sodium::version().unwrap_or_else(missing)),
        (String::from("ipsec-mb"), ipsec_mb::version().unwrap_or_else(missing)),
    ];
    for (name, why) in LEFT_OUT {
        versions.push((String::from(*name), format!("left out: {why}")));
    }
    for name in CRATES {
        let found = locked(include_str!(env!("LOCK")), name).join(", ");
        versions.push((String::from(*name), found));
    }
    versions
}

/// The versions of a crate that a lock file has.
fn locked<'l>(lock: &'l str, name: &str) -> Vec<&'l str> {
    let head = format!("name = \"{name}\"\nversion = \"");
    let end = |rest: &'l str| rest.split('"').next();
    lock.split(head.as_str()).skip(1).filter_map(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_from_the_lock_file() {
        let lock = "[[package]]\nname = \"hex\"\nversion = \"0.4.3\"\n\n[[package]]\nname = \"hex-simd\"\nversion = \"0.8.0\"\n";
        assert_eq!(locked(lock, "hex"), ["0.4.3"]);
        assert_eq!(locked(lock, "hex-simd"), ["0.8.0"]);
        assert!(locked(lock, "he").is_empty());
    }

    #[test]
    fn every_crate_that_is_named_is_locked() {
        for name in CRATES {
            assert!(!locked(include_str!(env!("LOCK")), name).is_empty(), "{name}");
        }
    }
}
