//! The layout of `src/`: which room may import which, where `unsafe` and raw pointers may stand,
//! how long a file may be. The rules are in `architecture/rules.rs`; here the sources are held to
//! them, and each rule is shown to catch a source that breaks it.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "architecture/lexer.rs"]
mod lexer;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;

use std::fs;
use std::path::Path;

use rules::violations;
use source::Source;

#[test]
fn the_sources_keep_the_rules() {
    let mut sources = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&root, &root, &mut sources);
    assert!(sources.iter().any(|source| source.path == "lib.rs"), "no sources were read");
    let broken = violations(&sources);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn read(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            sources.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What the rules say of one planted file.
fn plant(path: &str, text: &str) -> Vec<String> {
    violations(&[Source::new(path, text)])
}

/// Asserts that exactly one rule catches the planted file, in words that contain `message`.
#[track_caller]
fn caught(path: &str, text: &str, message: &str) {
    let found = plant(path, text);
    assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    assert!(found[0].contains(message), "{found:?} does not say {message:?}");
}

#[track_caller]
fn clean(path: &str, text: &str) {
    assert_eq!(plant(path, text), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn an_import_against_the_table_is_caught() {
    caught(
        "primitive/hex.rs",
        "use crate::decision::Reason;",
        "`primitive` imports `decision::Reason`",
    );
    caught("limit.rs", "use crate::{primitive::hex, scheme::Part};", "imports `scheme::Part`");
    caught("token.rs", "fn f() { crate::policy::load() }", "imports `policy::load`");
    caught(
        "scheme/table.rs",
        "use super::super::credentials::Basic;",
        "imports `credentials::Basic`",
    );
    caught("scheme.rs", "use super::credentials::Basic;", "imports `credentials::Basic`");
    caught("scheme.rs", "mod a { use super::super::credentials; }", "imports `credentials`");
    caught("scheme.rs", "use crate::{request::{self, a}, policy::{b}};", "imports `policy::b`");
    caught("gate.rs", "use crate::ffi::status;", "imports `ffi::status`");
    caught("limit.rs", "use crate::Reason;", "goes around the table");
    caught("lounge.rs", "", "no room is called `lounge`");
    clean("scheme/table.rs", "use super::{Part, parts::Body}; use crate::primitive::hex;");
    clean(
        "scheme.rs",
        "mod a { use super::Part; } // crate::policy\nconst A: &str = \"crate::policy\";",
    );
    clean("decision.rs", "pub(crate) const A: u8 = b'\\''; /* crate::gate */");
    clean("check/rate.rs", "use crate::policy::Route; use crate::limit::Rate;");
}

#[test]
fn a_check_that_imports_another_is_caught() {
    caught("check/rate.rs", "use crate::check::network;", "a check imports another");
    caught("check/rate.rs", "use super::network::in_list;", "a check imports another");
    clean("check/rate.rs", "use super::Outcome; use crate::check::rate::X;");
    clean("check.rs", "pub mod network; pub use network::check;");
}

#[test]
fn an_entry_that_uses_what_is_not_public_is_caught() {
    let secret = Source::new("limit.rs", "pub(crate) const fn peek() {} pub fn look() {}");
    let user = |text| {
        let found =
            violations(&[Source::new("ffi/limit.rs", text), Source::new("limit.rs", &secret.text)]);
        found.join("\n")
    };
    assert!(user("use crate::limit::peek;").contains("which is not public"));
    assert_eq!(user("use crate::limit::look;"), "");
}

#[test]
fn unsafe_outside_the_boundary_is_caught() {
    caught("primitive/hex.rs", "fn f() { unsafe { g() } }", "`unsafe`");
    caught("ffi/hmac.rs", "fn f() { unsafe { g() } }", "`unsafe`");
    caught("ffi/hmac.rs", "unsafe fn f() {}", "`unsafe`");
    caught("ffi/hmac.rs", "unsafe impl Send for X {}", "`unsafe`");
    caught("scheme.rs", "fn f(x: *const u8) {}", "a raw pointer");
    caught("ffi/hmac.rs", "fn f() { let x: *mut u8 = g(); }", "a raw pointer");
    caught("ffi/hmac.rs", "struct X { p: *const u8 }", "a raw pointer");
    caught("primitive/sha256.rs", "fn f() { unsafe { g() } }", "`unsafe`");
    caught("primitive/sha256/avx2.rs", "unsafe fn f() {}", "`unsafe`");
    caught("primitive/sha256/avx2.rs", "fn f(x: *const u8) {}", "a raw pointer");
    clean("primitive/sha256/avx2.rs", "fn f() { unsafe { g() } }");
    clean("ffi/boundary.rs", "unsafe fn f(x: *const u8) { unsafe { g(x) } }");
    clean("ffi/hmac.rs", "#[repr(C)] pub struct X { pub p: *const u8 } unsafe impl Plain for X {}");
}

#[test]
fn an_entry_outside_the_guard_is_caught() {
    let entry = |name: &str, body: &str| {
        format!("#[unsafe(no_mangle)] pub unsafe extern \"C\" fn {name}(x: *const u8) {{ {body} }}")
    };
    let call = "let call = unsafe { Call::from_c() };";
    clean("ffi/hmac.rs", &entry("tollgate_x", &format!("{call} call.run(|| Ok(()))")));
    caught("ffi/hmac.rs", &entry("tollgate_x", "work()"), "does not run inside the guard");
    caught(
        "ffi/hmac.rs",
        &entry("gate_x", &format!("{call} call.run(f)")),
        "no entry of the C ABI",
    );
    caught("ffi/hmac.rs", &entry("tollgate_x", "call.run(|x: *mut u8| f())"), "a raw pointer");
}

#[test]
fn the_operating_system_outside_the_listed_places_is_caught() {
    caught("limit.rs", "use std::time::Instant;", "`std` outside");
    clean("gate.rs", "use std::sync::Arc;");
    clean("limit.rs", "#[cfg(test)] mod tests { use std::vec; fn f() { panic!() } }");
}

#[test]
fn what_is_unfinished_or_may_panic_is_caught() {
    caught("limit.rs", "fn f() { todo!() }", "`todo!`");
    caught("limit.rs", "fn f() { assert!(true) }", "`assert!`");
    caught("limit.rs", "// FIXME: later", "unfinished");
    caught("limit.rs", "fn f() { const { assert!(true) } assert_eq!(1, 1) }", "`assert_eq!`");
    caught("limit.rs", "mod tests;", "`mod tests` in the product");
    clean("limit.rs", "const _: () = assert!(size_of::<u8>() == 1);");
    clean("limit.rs", "fn f() { const { assert!(true) } }");
    clean("limit.rs", "#[cfg(test)] mod tests;");
    clean("limit/tests.rs", "fn f() { assert!(true) }");
}

#[test]
fn an_allowance_without_a_reason_is_caught() {
    caught("limit.rs", "#[allow(dead_code)] fn f() {}", "`allow` without a reason");
    caught("limit.rs", "#![expect(dead_code)]", "`expect` without a reason");
    clean("limit.rs", "#[expect(dead_code, reason = \"a\")] fn f() { x.expect(1); allow(2) }");
}

#[test]
fn what_is_too_long_is_caught() {
    caught("limit.rs", &"//\n".repeat(501), "501 lines");
    caught("limit.rs", &format!("fn f() {{{}}}", "\n".repeat(60)), "a function of 61 lines");
    clean("limit.rs", &format!("fn f() {{{}}}", "\n".repeat(59)));
    clean("limit.rs", &"//\n".repeat(500));
}

#[test]
fn logic_in_the_table_of_contents_is_caught() {
    caught("lib.rs", "pub fn f() {}", "logic in lib.rs");
    caught("lib.rs", "pub struct X;", "logic in lib.rs");
    caught("check/mod.rs", "", "named after its module");
    clean(
        "lib.rs",
        "#![no_std] #[cfg(feature = \"std\")] extern crate std; pub mod gate; pub use gate::Gate;",
    );
}
