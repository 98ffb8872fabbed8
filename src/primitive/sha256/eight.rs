//! Eight lanes in 256-bit registers, to be compiled once for each instruction set that has them.

/// Defines the proof `$proof` that the processor has `$features`, and `Eight`, the lanes. The
/// module has to define what detects them.
macro_rules! eight_lanes {
    ($proof:ident, $name:literal, $features:literal) => {
        use core::arch::x86_64::{
            __m128i, __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_and_si256,
            _mm256_andnot_si256, _mm256_castsi128_si256, _mm256_inserti128_si256,
            _mm256_loadu_si256, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi32,
            _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_slli_epi32, _mm256_srli_epi32,
            _mm256_storeu_si256, _mm256_unpackhi_epi32, _mm256_unpackhi_epi64,
            _mm256_unpacklo_epi32, _mm256_unpacklo_epi64, _mm256_xor_si256,
        };

        use super::wide::compression;
        use super::{Block, Lanes, Words, block_at};

        #[doc = concat!("Proves that the processor has ", $name, ", and that the operating system")]
        /// keeps its registers.
        #[derive(Clone, Copy, Debug)]
        pub(in super::super) struct $proof(());

        impl $proof {
            /// The proof, if there is one.
            #[inline]
            pub(in super::super) fn detect() -> Option<Self> {
                detected::get().then_some(Self(()))
            }

            /// Eight lanes.
            pub(in super::super) const fn lanes(self) -> Eight {
                Eight { proof: self, states: States([[0; 8]; 8]) }
            }
        }

        /// Eight states.
        pub(in super::super) struct Eight {
            #[expect(dead_code, reason = "without it there are no lanes")]
            proof: $proof,
            states: States,
        }

        /// Each word of all states.
        #[repr(align(32))]
        struct States([[u32; 8]; 8]);

        impl Lanes<8> for Eight {
            fn set(&mut self, lane: usize, words: &Words) {
                for (row, word) in self.states.0.iter_mut().zip(words) {
                    if let Some(to) = row.get_mut(lane) {
                        *to = *word;
                    }
                }
            }

            fn words(&self, lane: usize) -> Words {
                let mut words = [0; 8];
                for (word, row) in words.iter_mut().zip(&self.states.0) {
                    *word = row.get(lane).copied().unwrap_or_default();
                }
                words
            }

            fn absorb(&mut self, waiting: &[&[Block]; 8], count: usize) {
                // SAFETY: `self.proof` is there, so the processor has what the function is
                // compiled for.
                unsafe { absorb(&mut self.states, waiting, count) }
            }

            fn wipe(&mut self) {
                crate::primitive::wipe(&mut self.states.0);
            }
        }

        /// Absorbs `count` blocks in each lane.
        #[target_feature(enable = $features)]
        fn absorb(states: &mut States, waiting: &[&[Block]; 8], count: usize) {
            let mut state = [_mm256_setzero_si256(); 8];
            for (to, row) in state.iter_mut().zip(&states.0) {
                *to = load(row);
            }
            for at in 0..count {
                compress(&mut state, &mut load_blocks(waiting, at));
            }
            for (row, from) in states.0.iter_mut().zip(state) {
                store(row, from);
            }
        }

        compression!(__m256i, $features);

        #[inline]
        #[target_feature(enable = $features)]
        fn splat(word: u32) -> __m256i {
            _mm256_set1_epi32(word.cast_signed())
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn add(a: __m256i, b: __m256i) -> __m256i {
            _mm256_add_epi32(a, b)
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn xor3(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
            _mm256_xor_si256(_mm256_xor_si256(a, b), c)
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn choice(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
            _mm256_xor_si256(_mm256_and_si256(a, b), _mm256_andnot_si256(a, c))
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn majority(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
            _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(_mm256_or_si256(a, b), c))
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn rotate<const RIGHT: i32, const LEFT: i32>(word: __m256i) -> __m256i {
            _mm256_or_si256(_mm256_srli_epi32::<RIGHT>(word), _mm256_slli_epi32::<LEFT>(word))
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn shift<const RIGHT: i32>(word: __m256i) -> __m256i {
            _mm256_srli_epi32::<RIGHT>(word)
        }

        /// The block of each lane at a place: one word of all in each register.
        #[inline]
        #[target_feature(enable = $features)]
        fn load_blocks(waiting: &[&[Block]; 8], at: usize) -> [__m256i; 16] {
            let mut rows = [[_mm256_setzero_si256(); 4]; 4];
            let (low, high) = waiting.split_at(4);
            for (row, (low, high)) in rows.iter_mut().zip(low.iter().zip(high)) {
                *row = load_pair(block_at(low, at), block_at(high, at));
            }
            let [a, b, c, d] = rows;
            let [w0, w1, w2, w3] = transpose(a[0], b[0], c[0], d[0]);
            let [w4, w5, w6, w7] = transpose(a[1], b[1], c[1], d[1]);
            let [w8, w9, wa, wb] = transpose(a[2], b[2], c[2], d[2]);
            let [wc, wd, we, wf] = transpose(a[3], b[3], c[3], d[3]);
            [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, wa, wb, wc, wd, we, wf]
        }

        /// Two blocks, one in each half.
        #[inline]
        #[target_feature(enable = $features)]
        fn load_pair(low: &Block, high: &Block) -> [__m256i; 4] {
            let order = _mm256_set_epi64x(
                0x0c0d_0e0f_0809_0a0b,
                0x0405_0607_0001_0203,
                0x0c0d_0e0f_0809_0a0b,
                0x0405_0607_0001_0203,
            );
            let mut words = [_mm256_setzero_si256(); 4];
            let pairs = low.as_chunks().0.iter().zip(high.as_chunks().0);
            for (to, (low, high)) in words.iter_mut().zip(pairs) {
                let low = _mm256_castsi128_si256(load_half(low));
                let both = _mm256_inserti128_si256::<1>(low, load_half(high));
                *to = _mm256_shuffle_epi8(both, order);
            }
            words
        }

        /// In each half, the words of four rows with the same number side by side.
        #[inline]
        #[target_feature(enable = $features)]
        fn transpose(a: __m256i, b: __m256i, c: __m256i, d: __m256i) -> [__m256i; 4] {
            let (ab_low, ab_high) = (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
            let (cd_low, cd_high) = (_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
            [
                _mm256_unpacklo_epi64(ab_low, cd_low),
                _mm256_unpackhi_epi64(ab_low, cd_low),
                _mm256_unpacklo_epi64(ab_high, cd_high),
                _mm256_unpackhi_epi64(ab_high, cd_high),
            ]
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn load_half(from: &[u8; 16]) -> __m128i {
            // SAFETY: it has 16 bytes, any of which are a vector; no alignment is needed.
            unsafe { _mm_loadu_si128(core::ptr::from_ref(from).cast()) }
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn load(from: &[u32; 8]) -> __m256i {
            // SAFETY: it has 32 bytes, any of which are a vector; no alignment is needed.
            unsafe { _mm256_loadu_si256(core::ptr::from_ref(from).cast()) }
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn store(to: &mut [u32; 8], from: __m256i) {
            // SAFETY: it has 32 bytes, and any are eight words; no alignment is needed.
            unsafe { _mm256_storeu_si256(core::ptr::from_mut(to).cast(), from) }
        }
    };
}

pub(super) use eight_lanes;
