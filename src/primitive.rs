//! The building blocks: hashes and MACs, comparison, encodings, networks. They know nothing of
//! requests, and each is usable alone.

pub mod text;
