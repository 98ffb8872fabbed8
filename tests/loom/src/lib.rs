//! The buckets of the rate limits and of the replay memory under loom: every interleaving and every reordering that the
//! memory model allows, with at most three preemptions. The sources are those of the library; only
//! the atomics are loom's.
#![cfg(test)]
#![allow(dead_code, reason = "the models use a part of the library")]

#[path = "../../../src/limit/bucket.rs"]
mod bucket;
#[path = "../../../src/limit/gcra.rs"]
mod gcra;

mod atomic;
mod models;
mod replay;
