//! What is wrong with a policy document, and where.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One thing that is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The value or member that it is about, such as `routes.cashout.rates[0].limit`; empty where
    /// it is about the document as a whole.
    pub path: String,
    /// What is wrong, and after a semicolon what to write instead. Never the text of a value that
    /// could be a secret.
    pub message: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// What is wrong with a policy document: at least one error, in the order of their positions.
///
/// As text it is one line for each: `file:line:column: path: what is wrong; what to write`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors {
    file: String,
    errors: Vec<PolicyError>,
    unlisted: usize,
}

impl PolicyErrors {
    /// How many errors are listed; those that follow are only counted.
    pub const MAX_LISTED: usize = 100;

    /// What the file is called until [`PolicyErrors::in_file`] says it.
    const UNNAMED: &'static str = "policy.json";

    pub(super) fn new(errors: Vec<PolicyError>, unlisted: usize) -> Self {
        Self { file: String::from(Self::UNNAMED), errors, unlisted }
    }

    /// The same errors under the name of the file that they are in.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.file = String::from(file);
        self
    }

    /// The errors, the first [`PolicyErrors::MAX_LISTED`] of them.
    pub fn listed(&self) -> &[PolicyError] {
        &self.errors
    }

    /// How many errors there are beyond those listed.
    pub fn unlisted(&self) -> usize {
        self.unlisted
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{error}", self.file)?;
        }
        if self.unlisted > 0 {
            write!(f, "\nand {} more", self.unlisted)?;
        }
        Ok(())
    }
}

impl core::error::Error for PolicyErrors {}
