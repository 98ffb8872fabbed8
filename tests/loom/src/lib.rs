//! The buckets of the rate limits and of the replay memory, and the rows of the counters, under
//! loom: every interleaving and every reordering that the memory model allows, with a bound on
//! preemptions. The sources are those of the library; only the atomics are loom's.
#![cfg(test)]
#![allow(dead_code, reason = "the models use a part of the library")]

#[path = "../../../src/limit/bucket.rs"]
mod bucket;
#[path = "../../../src/limit/gcra.rs"]
mod gcra;

mod atomic;
mod counters;
mod models;
mod replay;
