//! Collects what is wrong by offset, and turns offsets into lines, columns and paths at the end.

use alloc::string::String;
use alloc::vec::Vec;

use super::document::Document;
use super::error::{PolicyError, PolicyErrors};

/// One thing that is wrong.
struct Problem {
    /// The byte of the document that it is about.
    offset: usize,
    message: String,
}

/// What is wrong so far. It holds the first problems by position and counts the rest, so that a
/// document full of errors costs no more memory than it has itself.
#[derive(Default)]
pub(super) struct Problems {
    held: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    /// Notes that `message` holds at `offset`.
    pub(super) fn add(&mut self, offset: usize, message: impl Into<String>) {
        self.held.push(Problem { offset, message: message.into() });
        if self.held.len() >= PolicyErrors::MAX_LISTED.saturating_mul(8) {
            self.shrink();
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.held.len().saturating_add(self.dropped)
    }

    /// `Ok` if there is none, else all of them in the order of their positions.
    pub(super) fn report(mut self, document: &Document<'_>) -> Result<(), PolicyErrors> {
        if self.count() == 0 {
            return Ok(());
        }
        self.shrink();
        let mut cursor = Cursor::new(document.text);
        let errors = self.held.into_iter().map(|problem| {
            let (line, column) = cursor.advance(problem.offset);
            let path = document.path(problem.offset);
            PolicyError { line, column, path, message: problem.message }
        });
        Err(PolicyErrors::new(errors.collect(), self.dropped))
    }

    /// Keeps the first problems by position; those at one position stay in the order in which
    /// they were found.
    fn shrink(&mut self) {
        self.held.sort_by_key(|problem| problem.offset);
        let excess = self.held.len().saturating_sub(PolicyErrors::MAX_LISTED);
        self.held.truncate(PolicyErrors::MAX_LISTED);
        self.dropped = self.dropped.saturating_add(excess);
    }
}

/// The one error of a text that is no document: `message` holds at `offset`.
pub(super) fn fatal(text: &str, offset: usize, message: String) -> PolicyErrors {
    let (line, column) = Cursor::new(text).advance(offset);
    let error = PolicyError { line, column, path: String::new(), message };
    PolicyErrors::new(Vec::from([error]), 0)
}

/// Counts lines and columns forwards, so that a hundred errors cost one pass over the text.
struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, offset: 0, line: 1, column: 1 }
    }

    /// The line and the column of `offset`, which must not lie before the offset asked last.
    fn advance(&mut self, offset: usize) -> (usize, usize) {
        for character in self.text.get(self.offset..offset).unwrap_or("").chars() {
            self.column = self.column.saturating_add(1);
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            }
        }
        self.offset = offset;
        (self.line, self.column)
    }
}
