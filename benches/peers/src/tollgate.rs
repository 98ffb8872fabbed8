//! Tollgate as a C program has it: declarations made of its header, and its shared library.

#![allow(
    non_camel_case_types,
    non_upper_case_globals,
    dead_code,
    clippy::all,
    reason = "made of the header, all of it"
)]

include!(concat!(env!("OUT_DIR"), "/tollgate.rs"));

/// Lends `bytes`.
pub fn bytes(bytes: &[u8]) -> tollgate_bytes {
    tollgate_bytes { data: bytes.as_ptr(), len: bytes.len() }
}

/// The version of the library, as it says itself.
pub fn version() -> String {
    // SAFETY: it takes nothing and gives a text that lives as long as the program.
    let text = unsafe { tollgate_version() };
    // SAFETY: as above.
    let text = unsafe { std::slice::from_raw_parts(text.data, text.len) };
    String::from_utf8_lossy(text).into_owned()
}
