//! One lane in plain Rust: what every other backend is compared with.

use super::{Block, K, Lanes, Words, block_at};
use crate::primitive::wipe;

/// One state.
#[derive(Default)]
pub(super) struct One(Words);

impl Lanes<1> for One {
    fn set(&mut self, _: usize, words: &Words) {
        self.0 = *words;
    }

    fn words(&self, _: usize) -> Words {
        self.0
    }

    fn absorb(&mut self, waiting: &[&[Block]; 1], count: usize) {
        for at in 0..count {
            compress(&mut self.0, block_at(waiting[0], at));
        }
    }

    fn wipe(&mut self) {
        wipe(&mut self.0);
    }
}

/// FIPS 180-4 section 6.2.2.
fn compress(words: &mut Words, block: &Block) {
    let mut schedule = [0_u32; 16];
    for (word, bytes) in schedule.iter_mut().zip(block.as_chunks().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    let mut state = *words;
    for (index, constants) in K.0.as_chunks::<16>().0.iter().enumerate() {
        if index > 0 {
            expand(&mut schedule);
        }
        for (constant, word) in constants.iter().zip(&schedule) {
            state = round(state, constant.wrapping_add(*word));
        }
    }
    for (word, added) in words.iter_mut().zip(state) {
        *word = word.wrapping_add(added);
    }
}

/// The next 16 words of the message schedule.
#[inline]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each place is a remainder of 16, and the sums are below 32"
)]
fn expand(w: &mut [u32; 16]) {
    for t in 0..16 {
        let (early, late) = (w[(t + 1) % 16], w[(t + 14) % 16]);
        let sigma0 = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
        let sigma1 = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
        let sum = w[t].wrapping_add(sigma0).wrapping_add(w[(t + 9) % 16]);
        w[t] = sum.wrapping_add(sigma1);
    }
}

#[inline]
fn round([a, b, c, d, e, f, g, h]: Words, input: u32) -> Words {
    let sigma1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
    let choice = (e & f) ^ (!e & g);
    let t1 = h.wrapping_add(sigma1).wrapping_add(choice).wrapping_add(input);
    let sigma0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
    let majority = (a & b) ^ (a & c) ^ (b & c);
    let t2 = sigma0.wrapping_add(majority);
    [t1.wrapping_add(t2), a, b, c, d.wrapping_add(t1), e, f, g]
}
