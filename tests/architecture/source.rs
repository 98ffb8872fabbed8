//! A source file as the rules see it: its place in the module tree and what it names.

use crate::lexer::{Token, begins, closing, tokens};

/// One file of `src/`, read.
pub(crate) struct Source {
    /// The path below `src/`, with `/`.
    pub(crate) path: String,
    /// The text as it stands.
    pub(crate) text: String,
    /// The tokens, without what only tests see.
    pub(crate) tokens: Vec<Token>,
}

/// A path in the code that leads somewhere from the root of the crate.
pub(crate) struct Import {
    pub(crate) line: usize,
    pub(crate) target: Vec<String>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let only_tests = path.ends_with("/tests.rs");
        let tokens = if only_tests { Vec::new() } else { without_tests(&tokens(text)) };
        Self { path: path.to_string(), text: text.to_string(), tokens }
    }

    /// The module that the file is: `check/network.rs` is `check::network`; `lib.rs` is empty.
    pub(crate) fn module(&self) -> Vec<String> {
        let stem = self.path.trim_end_matches(".rs");
        if stem == "lib" {
            return Vec::new();
        }
        stem.split('/').map(str::to_string).collect()
    }

    /// The first part of the module path.
    pub(crate) fn room(&self) -> String {
        self.module().first().cloned().unwrap_or_default()
    }

    /// Every path that begins with `crate` or `super`, as a path from the root of the crate.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        let mut inner: Vec<usize> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            inner.retain(|end| *end > index);
            let rest = &self.tokens[index..];
            if token.is_word("mod") && rest.get(2).is_some_and(|next| next.is_mark('{')) {
                inner.push(closing(&self.tokens, index + 2));
            }
            let (base, skip) = match token.word() {
                Some("crate") if begins(rest, "crate : :") => (Vec::new(), 3),
                Some("super") if !self.follows_path(index) => self.above(rest, inner.len()),
                _ => continue,
            };
            targets(&self.tokens[index + skip..], &base, &mut found);
        }
        found
    }

    /// Whether the token at `index` continues a path that was already read.
    fn follows_path(&self, index: usize) -> bool {
        index >= 2 && begins(&self.tokens[index - 2..], ": :")
    }

    /// Where a chain of `super::` leads from `inner` modules inside this file, and its length.
    fn above(&self, rest: &[Token], inner: usize) -> (Vec<String>, usize) {
        let mut chain = 0;
        while begins(&rest[chain * 3..], "super : :") {
            chain += 1;
        }
        let mut base = self.module();
        let up = chain.saturating_sub(inner);
        base.truncate(base.len().saturating_sub(up));
        (base, chain * 3)
    }
}

/// Reads one path, or a tree of them in braces, below `base`.
fn targets(tokens: &[Token], base: &[String], found: &mut Vec<Import>) {
    let Some(first) = tokens.first() else { return };
    if first.is_mark('{') {
        let end = closing(tokens, 0);
        let mut start = 1;
        while start < end {
            targets(&tokens[start..end], base, found);
            start = next_branch(tokens, start, end);
        }
        return;
    }
    let Some(word) = first.word() else { return };
    let mut path = base.to_vec();
    path.push(word.to_string());
    if begins(&tokens[1..], ": :") && tokens.len() > 3 {
        let goes_on = tokens[3].word().is_some() || tokens[3].is_mark('{');
        if goes_on {
            return targets(&tokens[3..], &path, found);
        }
    }
    found.push(Import { line: first.line, target: path });
}

/// The index after the next comma between `start` and `end` that is not inside a bracket.
fn next_branch(tokens: &[Token], start: usize, end: usize) -> usize {
    let mut index = start;
    while index < end {
        if tokens[index].is_mark(',') {
            return index + 1;
        }
        index = if tokens[index].is_mark('{') { closing(tokens, index) } else { index } + 1;
    }
    end
}

/// The tokens without the items under `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        if begins(&tokens[index..], "# [ cfg ( test ) ]") {
            index = item_end(tokens, index) + 1;
        } else {
            kept.push(tokens[index].clone());
            index += 1;
        }
    }
    kept
}

/// The index of the last token of the item whose attributes begin at `start`.
fn item_end(tokens: &[Token], start: usize) -> usize {
    let mut index = start;
    while index < tokens.len() {
        if tokens[index].is_mark('{') {
            return closing(tokens, index);
        }
        if tokens[index].is_mark(';') {
            return index;
        }
        let opens = tokens[index].is_mark('[') || tokens[index].is_mark('(');
        index = if opens { closing(tokens, index) } else { index } + 1;
    }
    tokens.len() - 1
}

/// Whether what stands at `index` happens when the crate is compiled: after `const _: () =` or in
/// a `const` block.
pub(crate) fn in_const(tokens: &[Token], index: usize) -> bool {
    let asserted = index >= 6 && begins(&tokens[index - 6..], "const _ : ( ) =");
    let mut blocks = (1..index).filter(|open| begins(&tokens[open - 1..], "const {"));
    asserted || blocks.any(|open| closing(tokens, open) > index)
}
