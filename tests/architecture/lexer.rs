//! Just enough of Rust's grammar to read a source file as tokens: comments are gone, literals are
//! opaque, and a word inside a string is not a word.

use core::iter::Peekable;
use core::str::Chars;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word: identifier or keyword.
    Word(String),
    /// One character of punctuation.
    Mark(char),
    /// A string, character, byte or number.
    Literal,
}

/// A token and the line it begins on, counted from 1.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(held) if held == word)
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The token as source text; a literal is `"`.
    pub(crate) fn text(&self) -> String {
        match &self.kind {
            Kind::Word(word) => word.clone(),
            Kind::Mark(mark) => mark.to_string(),
            Kind::Literal => "\"".to_string(),
        }
    }
}

/// Whether `tokens` begins with `pattern`, whose words are separated by spaces.
pub(crate) fn begins(tokens: &[Token], pattern: &str) -> bool {
    let mut tokens = tokens.iter();
    pattern.split(' ').all(|part| tokens.next().is_some_and(|token| token.text() == part))
}

/// The index of the token that closes the bracket at `open`.
pub(crate) fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len() - 1
}

/// The tokens of `source` without comments.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source.chars().peekable(), line: 1, found: Vec::new() };
    while let Some(first) = lexer.next() {
        lexer.token(first);
    }
    lexer.found
}

struct Lexer<'s> {
    rest: Peekable<Chars<'s>>,
    line: usize,
    found: Vec<Token>,
}

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn push(&mut self, kind: Kind, line: usize) {
        self.found.push(Token { kind, line });
    }

    fn token(&mut self, first: char) {
        let line = self.line;
        match first {
            '/' if self.rest.peek() == Some(&'/') => self.skip_line(),
            '/' if self.rest.peek() == Some(&'*') => self.skip_block(),
            '"' => self.string(line),
            '\'' => self.quote(line),
            c if c.is_ascii_digit() => self.number(line),
            c if c.is_alphabetic() || c == '_' => self.word(c, line),
            c if c.is_whitespace() => {}
            c => self.push(Kind::Mark(c), line),
        }
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|c| c != '\n') {}
    }

    fn skip_block(&mut self) {
        self.next();
        let (mut depth, mut last) = (1, ' ');
        while let (true, Some(c)) = (depth > 0, self.next()) {
            match (last, c) {
                ('*', '/') => (depth, last) = (depth - 1, ' '),
                ('/', '*') => (depth, last) = (depth + 1, ' '),
                _ => last = c,
            }
        }
    }

    fn string(&mut self, line: usize) {
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                '"' => break,
                _ => {}
            }
        }
        self.push(Kind::Literal, line);
    }

    fn raw_string(&mut self, line: usize) {
        let mut hashes = 0;
        while self.rest.next_if_eq(&'#').is_some() {
            hashes += 1;
        }
        self.next();
        let mut run = None;
        while let (true, Some(c)) = (run != Some(hashes), self.next()) {
            run = match (c, run) {
                ('"', _) => Some(0),
                ('#', Some(seen)) => Some(seen + 1),
                _ => None,
            };
        }
        self.push(Kind::Literal, line);
    }

    /// A character literal or a lifetime.
    fn quote(&mut self, line: usize) {
        let first = self.next();
        if first == Some('\\') {
            self.next();
            while self.next().is_some_and(|c| c != '\'') {}
            return self.push(Kind::Literal, line);
        }
        if self.rest.next_if_eq(&'\'').is_some() {
            return self.push(Kind::Literal, line);
        }
        while self.rest.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
    }

    fn number(&mut self, line: usize) {
        while self.rest.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {}
        self.push(Kind::Literal, line);
    }

    fn word(&mut self, first: char, line: usize) {
        let mut word = String::from(first);
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
        }
        match (word.as_str(), self.rest.peek()) {
            ("r" | "br" | "cr", Some('"' | '#')) => self.raw_string(line),
            ("b" | "c", Some('"')) => {
                self.next();
                self.string(line);
            }
            ("b", Some('\'')) => {
                self.next();
                self.quote(line);
            }
            _ => self.push(Kind::Word(word), line),
        }
    }
}
