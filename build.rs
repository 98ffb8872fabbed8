//! Hands the ABI number to the crate, and, with the feature `header`, generates the C headers
//! into the output folder. `tests/header.rs` compares them with those in `include/`.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(tollgate_planted_panic)");
    println!("cargo::rustc-env=TOLLGATE_ABI={}", abi());
    #[cfg(feature = "header")]
    header::generate(abi());
}

/// Versions with the same number work together: 1000 times the major version, plus the minor one
/// as long as the major one is 0.
fn abi() -> u32 {
    match (number("CARGO_PKG_VERSION_MAJOR"), number("CARGO_PKG_VERSION_MINOR")) {
        (0, minor) => minor,
        (major, _) => 1000_u32.saturating_mul(major),
    }
}

fn number(name: &str) -> u32 {
    var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[cfg(feature = "header")]
#[allow(clippy::expect_used, reason = "a build script fails by panicking")]
mod header {
    use std::env::var;
    use std::fs;
    use std::path::{Path, PathBuf};

    use cbindgen::{Builder, Config};

    /// The files of `src/ffi/` with something for C, in the order of the header.
    const NOUNS: &[&str] = &[
        "boundary",
        "status",
        "version",
        "reason",
        "policy",
        "limits",
        "replay",
        "claim",
        "decision",
        "request",
        "gate",
        "gate/batch",
        "counters",
        "token",
        "context",
        "scheme",
        "scheme/sign",
        "scheme/verify",
        "hmac/sha256",
        "hmac/batch",
        "hmac/sha512",
        "compare",
        "secret",
        "message",
        "keys",
        "password",
        "credential",
        "encoding",
        "cidr",
        "trust",
    ];

    /// The enums of `src/decision.rs` that C sees.
    const ENUMS: &[&str] = &["Verdict", "Check", "Challenge", "Quirk"];

    /// Writes `tollgate.h` and `tollgate-flat.h` into the output folder.
    pub(super) fn generate(abi: u32) {
        println!("cargo::rerun-if-changed=src");
        println!("cargo::rerun-if-changed=cbindgen.toml");
        let out = PathBuf::from(var("OUT_DIR").expect("cargo sets OUT_DIR"));
        fs::write(out.join("constants.rs"), constants()).expect("the folder takes a file");
        let config = Config::from_file("cbindgen.toml").expect("cbindgen.toml is read");

        let full = bindings(documented(config.clone(), abi), &out);
        fs::write(out.join("tollgate.h"), full).expect("the folder takes a file");
        let flat = flatten(&bindings(undocumented(config), &out), abi);
        fs::write(out.join("tollgate-flat.h"), flat).expect("the folder takes a file");
    }

    /// What cbindgen makes of the sources and of `constants.rs`.
    fn bindings(config: Config, out: &Path) -> String {
        let mut builder = Builder::new().with_config(config).with_src(out.join("constants.rs"));
        for noun in NOUNS {
            builder = builder.with_src(format!("src/ffi/{noun}.rs"));
        }
        let mut text = Vec::new();
        builder.generate().expect("the sources are understood").write(&mut text);
        let text = String::from_utf8(text).expect("the sources are UTF-8");
        // An annotation that cbindgen took out leaves an empty line behind.
        text.replace("\n *\n */", "\n */")
    }

    /// The header for a compiler, with the version as macros.
    fn documented(mut config: Config, abi: u32) -> Config {
        let macros = config.after_includes.get_or_insert_default();
        for (name, value) in versions(abi) {
            *macros += &format!("#define {name} {value}\n");
        }
        config
    }

    /// The header for a parser that knows neither comments nor a preprocessor.
    fn undocumented(mut config: Config) -> Config {
        config.documentation = false;
        config.cpp_compat = false;
        config.header = None;
        config.include_guard = None;
        config.after_includes = None;
        config.trailer = None;
        config.sys_includes.clear();
        config.function.prefix = None;
        config.function.must_use = None;
        config
    }

    /// The header without a line for the preprocessor: its numbers become an enum.
    fn flatten(text: &str, abi: u32) -> String {
        let mut numbers = versions(abi).map(|(name, value)| format!("{name} = {value}")).to_vec();
        let mut rest = String::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            match line.strip_prefix("#define ").and_then(|macro_| macro_.split_once(' ')) {
                Some((name, value)) => numbers.push(format!("{name} = {value}")),
                None => rest += &format!("{line}\n"),
            }
        }
        format!("enum {{\n  {}\n}};\n{rest}", numbers.join(",\n  "))
    }

    fn versions(abi: u32) -> [(&'static str, u32); 4] {
        [
            ("TOLLGATE_VERSION_MAJOR", super::number("CARGO_PKG_VERSION_MAJOR")),
            ("TOLLGATE_VERSION_MINOR", super::number("CARGO_PKG_VERSION_MINOR")),
            ("TOLLGATE_VERSION_PATCH", super::number("CARGO_PKG_VERSION_PATCH")),
            ("TOLLGATE_ABI", abi),
        ]
    }

    /// The enums that C sees of the decision, as Rust that cbindgen can read: the reasons come out
    /// of a macro, and an enum with a sized representation is no plain enum in C.
    fn constants() -> String {
        let source = fs::read_to_string("src/decision.rs").expect("src/decision.rs is read");
        let mut text = reasons();
        for name in ENUMS {
            text += &format!("\n{}\n", plain_enum(&source, name));
        }
        text
    }

    /// The enum `name` of `source` with its comments.
    fn plain_enum(source: &str, name: &str) -> String {
        let lines: Vec<&str> = source.lines().collect();
        let heading = format!("pub enum {name} {{");
        let at = lines.iter().position(|line| *line == heading).expect("the enum is there");
        let (above, below) = lines.split_at(at);
        let comment = above.rsplit(|line| line.is_empty()).next().unwrap_or(&[]);
        let body = below.split_inclusive(|line| *line == "}").next().unwrap_or(&[]);
        let kept = comment.iter().chain(body).filter(|line| !line.trim_start().starts_with("#["));
        let kept: Vec<String> = kept.map(|line| for_c_readers(line)).collect();
        format!("#[repr(C)]\n{}", kept.join("\n"))
    }

    /// A comment whose links are plain names, those of C.
    fn for_c_readers(line: &str) -> String {
        line.replace("[`Decision::", "`tollgate_decision.").replace("[`", "`").replace("`]", "`")
    }

    /// A text as a sentence: with a capital and a full stop.
    fn sentence(text: &str) -> String {
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).chain(['.']).collect()
    }

    macro_rules! reasons {
        ($($number:literal, $variant:ident, $name:literal, $status:literal, $group:ident, $text:literal;)*) => {
            fn reasons() -> String {
                let mut text = String::from(REASONS_BEGIN);
                $(text += &format!(
                    "    /// {}\n    {} = {},\n", sentence($text), stringify!($variant), $number
                );)*
                text + "}\n"
            }
        };
    }

    include!("src/decision/reasons.rs");

    const REASONS_BEGIN: &str = "\
/// Why a request was denied, or how it passed. Numbers are stable, and later versions may add some.
#[repr(C)]
pub enum Reason {
    /// Nothing was decided.
    None = 0,
";
}
