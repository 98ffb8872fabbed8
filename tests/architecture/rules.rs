//! The rules of the crate's layout, as data and one function for each.

use std::collections::HashSet;

use crate::lexer::{Token, begins, closing};
use crate::source::{Source, in_const};

/// Each room and the rooms it may import from, besides itself, `core` and the chosen crates.
pub(crate) const ROOMS: &[(&str, &[&str])] = &[
    ("primitive", &[]),
    ("decision", &["primitive"]),
    ("request", &["primitive", "decision"]),
    ("credentials", WIRE),
    ("scheme", WIRE),
    ("token", WIRE),
    ("limit", WIRE),
    ("password", WIRE),
    ("policy", RECORDS),
    ("check", CHECKED),
    ("verify", PIPELINE),
    ("keys", PIPELINE),
    ("gate", ABOVE_VERIFY),
    ("explain", ABOVE_VERIFY),
    ("ffi", ANY),
    ("bin", ANY),
];

const WIRE: &[&str] = &["primitive", "decision", "request"];
const RECORDS: &[&str] =
    &["primitive", "decision", "request", "credentials", "scheme", "token", "limit", "password"];
const CHECKED: &[&str] = &[
    "primitive",
    "decision",
    "request",
    "credentials",
    "scheme",
    "token",
    "limit",
    "password",
    "policy",
];
const PIPELINE: &[&str] = &[
    "primitive",
    "decision",
    "request",
    "credentials",
    "scheme",
    "token",
    "limit",
    "password",
    "policy",
    "check",
];
const ABOVE_VERIFY: &[&str] = &[
    "primitive",
    "decision",
    "request",
    "credentials",
    "scheme",
    "token",
    "limit",
    "password",
    "policy",
    "check",
    "verify",
];
/// Everything that is public.
const ANY: &[&str] = &["*"];

/// Where the operating system may be used; `*` ends a prefix.
const STD: &[&str] = &[
    "ffi.rs",
    "ffi/*",
    "bin/*",
    "gate.rs",
    "password/remembered.rs",
    "password/verifier.rs",
    "policy/secrets.rs",
];

/// Where `unsafe` may stand at all.
const UNSAFE: &[&str] = &["ffi/*"];

/// The files that use the instructions of one kind of processor. A block that calls them is all that
/// is unsafe there: pointers have no business in them.
const SIMD: &[&str] = &[
    "primitive/lanes/*",
    "primitive/prefetch.rs",
    "primitive/sha256/*",
    "primitive/upper_halves.rs",
];

/// The one place with raw pointers and the code that trusts them.
const BOUNDARY: &[&str] = &["ffi/boundary.rs", "ffi/boundary/*"];

/// What `unsafe` may begin in the rest of `ffi/`: an entry, the line that takes over the caller's
/// promise, and the promises that a struct is plain data.
const UNSAFE_FORMS: &[&str] = &[
    "unsafe ( no_mangle )",
    "unsafe extern \" fn",
    "unsafe { Call : : from_c ( ) }",
    "unsafe impl Plain for",
    "unsafe impl Versioned for",
    "unsafe impl Holds for",
];

/// How an entry does its work: in the guard, or in what sets a decision to deny and then does it
/// in the guard.
const GUARDS: &[&str] = &["call . run (", "guard (", "deciding ( & call"];

const MAX_FILE_LINES: usize = 500;
const MAX_FUNCTION_LINES: usize = 60;

/// Words that lib.rs, a table of contents, has no use for.
const LOGIC: &[&str] = &[
    "fn",
    "struct",
    "enum",
    "union",
    "impl",
    "trait",
    "const",
    "static",
    "type",
    "let",
    "match",
    "macro_rules",
];

const PANICS: &[&str] = &[
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
];

const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX"];

/// Every rule that a source breaks, as `path:line: what`.
pub(crate) fn violations(sources: &[Source]) -> Vec<String> {
    let restricted = restricted_names(sources);
    let mut found = Vec::new();
    for source in sources {
        let mut report = |line: usize, what: String| {
            found.push(format!("{}:{line}: {what}", source.path));
        };
        shape(source, &mut report);
        imports(source, &restricted, &mut report);
        for index in 0..source.tokens.len() {
            let rest = &source.tokens[index..];
            words(source, index, &mut |what| report(rest[0].line, what));
            entries(source, rest, &mut |what| report(rest[0].line, what));
        }
    }
    found
}

fn shape(source: &Source, report: &mut impl FnMut(usize, String)) {
    let lines = source.text.lines().count();
    if lines > MAX_FILE_LINES {
        report(lines, format!("{lines} lines, more than {MAX_FILE_LINES}"));
    }
    if source.path.ends_with("mod.rs") {
        report(1, "a module file is named after its module".to_string());
    }
    for (index, line) in source.text.lines().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|word| line.contains(**word)) {
            report(index + 1, format!("unfinished: {word}"));
        }
    }
}

fn imports(
    source: &Source,
    restricted: &HashSet<Vec<String>>,
    report: &mut impl FnMut(usize, String),
) {
    let (room, module) = (source.room(), source.module());
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        if source.path != "lib.rs" {
            report(1, format!("no room is called `{room}`"));
        }
        return;
    };
    for import in source.imports() {
        let path = import.target.join("::");
        let first = import.target.first().cloned().unwrap_or_default();
        let inside = first == room;
        let known = ROOMS.iter().any(|(name, _)| *name == first);
        let public = *allowed == ANY && first != "ffi" && first != "bin";
        if !inside && !public && !allowed.contains(&first.as_str()) {
            let how = if known { "imports" } else { "goes around the table with" };
            report(import.line, format!("`{room}` {how} `{path}`"));
        }
        if !inside && public && is_restricted(restricted, &import.target) {
            report(import.line, format!("`{room}` uses `{path}`, which is not public"));
        }
        let sibling =
            import.target.get(1).filter(|_| inside && room == "check" && module.len() > 1);
        if sibling.is_some_and(|name| Some(name) != module.get(1) && is_module(name)) {
            report(import.line, format!("a check imports another: `{path}`"));
        }
    }
}

fn is_module(name: &str) -> bool {
    name.starts_with(|first: char| first.is_lowercase())
}

fn is_restricted(restricted: &HashSet<Vec<String>>, target: &[String]) -> bool {
    (1..=target.len()).any(|end| restricted.contains(&target[..end]))
}

/// The path of every item that is visible in the crate but not outside: `pub(crate)` and so on.
fn restricted_names(sources: &[Source]) -> HashSet<Vec<String>> {
    let mut names = HashSet::new();
    for source in sources {
        for (index, _) in source.tokens.iter().enumerate() {
            let rest = &source.tokens[index..];
            if !begins(rest, "pub (") || rest.get(4).is_none_or(|token| token.word().is_none()) {
                continue;
            }
            let mut after = rest[4..].iter().filter_map(Token::word);
            let name = after.find(|word| !QUALIFIERS.contains(word)).unwrap_or_default();
            names.insert([source.module(), vec![name.to_string()]].concat());
        }
    }
    names
}

/// What may stand between the visibility of an item and its name.
const QUALIFIERS: &[&str] = &[
    "const", "unsafe", "extern", "async", "fn", "struct", "enum", "union", "trait", "type", "mod",
    "static", "use", "mut",
];

fn words(source: &Source, index: usize, report: &mut impl FnMut(String)) {
    let rest = &source.tokens[index..];
    let Some(word) = rest[0].word() else {
        if (begins(rest, "* const") || begins(rest, "* mut")) && !pointer_allowed(source, index) {
            report("a raw pointer outside the boundary".to_string());
        }
        return;
    };
    match word {
        "unsafe" if !unsafe_allowed(source, rest) => report("`unsafe`".to_string()),
        "std" if begins(rest, "std : :") && !is_listed(&source.path, STD) => {
            report("`std` outside the listed places".to_string());
        }
        "allow" | "expect" if is_attribute(source, index) && !has_reason(rest) => {
            report(format!("`{word}` without a reason"));
        }
        "mod" if begins(rest, "mod tests ;") => report("`mod tests` in the product".to_string()),
        "fn" => long_function(rest, report),
        _ if source.path == "lib.rs" && LOGIC.contains(&word) => {
            report(format!("logic in lib.rs: `{word}`"));
        }
        _ if is_panic(source, index, word) => report(format!("`{word}!`")),
        _ => {}
    }
    if word == "fn" && source.path == "lib.rs" {
        report("logic in lib.rs: `fn`".to_string());
    }
}

/// Whether a macro that panics is called at run time.
fn is_panic(source: &Source, index: usize, word: &str) -> bool {
    PANICS.contains(&word)
        && begins(&source.tokens[index + 1..], "!")
        && !in_const(&source.tokens, index)
}

fn is_listed(path: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| match entry.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == *entry,
    })
}

fn unsafe_allowed(source: &Source, rest: &[Token]) -> bool {
    is_listed(&source.path, BOUNDARY)
        || is_listed(&source.path, SIMD) && begins(rest, "unsafe {")
        || is_listed(&source.path, UNSAFE) && UNSAFE_FORMS.iter().any(|form| begins(rest, form))
}

/// Raw pointers stand in the boundary, in signatures of the ABI and in its structs: there they are
/// passed on, and nothing can be done with them.
fn pointer_allowed(source: &Source, index: usize) -> bool {
    if is_listed(&source.path, BOUNDARY) {
        return true;
    }
    let before = &source.tokens[..index];
    let signature =
        before.iter().rposition(|token| token.is_word("fn")).is_some_and(|at| !opened(before, at));
    let field = before.iter().rposition(|token| token.is_word("struct")).is_some_and(|at| {
        let header = before[..at].iter().rposition(|token| token.is_mark('#')).unwrap_or(at);
        begins(&before[header..], "# [ repr ( C ) ]")
            && !before[at..].iter().any(|t| t.is_mark('}'))
    });
    is_listed(&source.path, UNSAFE) && (signature || field)
}

/// Whether a body was opened after the token at `start`.
fn opened(tokens: &[Token], start: usize) -> bool {
    tokens[start..].iter().any(|token| token.is_mark('{'))
}

fn is_attribute(source: &Source, index: usize) -> bool {
    let before = &source.tokens[..index];
    let opening = before.iter().rposition(|token| token.is_mark('#'));
    opening.is_some_and(|at| {
        let bracket = if begins(&source.tokens[at..], "# !") { at + 2 } else { at + 1 };
        source.tokens[bracket].is_mark('[') && closing(&source.tokens, bracket) > index
    }) && begins(&source.tokens[index + 1..], "(")
}

fn has_reason(rest: &[Token]) -> bool {
    let end = closing(rest, 1);
    (1..end).any(|index| begins(&rest[index..], "reason = \""))
}

fn long_function(rest: &[Token], report: &mut impl FnMut(String)) {
    let body = rest.iter().position(|token| token.is_mark('{') || token.is_mark(';'));
    let Some(open) = body.filter(|at| rest[*at].is_mark('{')) else { return };
    let lines = rest[closing(rest, open)].line - rest[0].line + 1;
    if lines > MAX_FUNCTION_LINES {
        report(format!("a function of {lines} lines, more than {MAX_FUNCTION_LINES}"));
    }
}

/// An entry of the C ABI has the prefix and does its work inside the guard.
fn entries(source: &Source, rest: &[Token], report: &mut impl FnMut(String)) {
    if !begins(rest, "extern \" fn") || rest.len() < 4 {
        return;
    }
    let name = rest[3].text();
    if !name.starts_with("tollgate_") || !is_listed(&source.path, UNSAFE) {
        report(format!("`{name}` is no entry of the C ABI"));
    }
    let open = rest.iter().position(|token| token.is_mark('{')).unwrap_or(0);
    let body = &rest[open..closing(rest, open)];
    let guarded = |at: usize| GUARDS.iter().any(|guard| begins(&body[at..], guard));
    if !(0..body.len()).any(guarded) {
        report(format!("`{name}` does not run inside the guard"));
    }
}
