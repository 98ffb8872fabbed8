//! The rounds of SHA-256 over vectors, every one of which holds a word of each lane. The compiler
//! is given them once for each instruction set.

/// Defines `compress(state, w)`, which absorbs one block of each lane. The module has to define
/// `splat`, `add`, `xor3`, `rotate`, `shift`, `choice` and `majority` of `$vector`.
macro_rules! compression {
    ($vector:ty, $features:literal) => {
        /// Absorbs a block of each lane: `w` is its words.
        #[inline]
        #[target_feature(enable = $features)]
        fn compress(state: &mut [$vector; 8], w: &mut [$vector; 16]) {
            let before = *state;
            let [first, second, third, fourth] = super::K.sixteens();
            for constants in [first, second, third] {
                rounds::<true>(state, w, constants);
            }
            rounds::<false>(state, w, fourth);
            for (word, added) in state.iter_mut().zip(before) {
                *word = add(*word, added);
            }
        }

        /// Sixteen rounds. Each puts the word of the schedule that is wanted 16 rounds later in
        /// the place of its own, if there are as many.
        #[inline]
        #[target_feature(enable = $features)]
        fn rounds<const MORE: bool>(
            [a, b, c, d, e, f, g, h]: &mut [$vector; 8],
            w: &mut [$vector; 16],
            k: &[u32; 16],
        ) {
            macro_rules! step {
                ($t:literal, $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident) => {
                    round([$a, $b, $c, $d, $e, $f, $g, $h], add(w[$t], splat(k[$t])));
                    if MORE {
                        let (early, late) = (w[($t + 1) % 16], w[($t + 14) % 16]);
                        w[$t] = next(w[$t], early, w[($t + 9) % 16], late);
                    }
                };
            }
            step!(0, a b c d e f g h);
            step!(1, h a b c d e f g);
            step!(2, g h a b c d e f);
            step!(3, f g h a b c d e);
            step!(4, e f g h a b c d);
            step!(5, d e f g h a b c);
            step!(6, c d e f g h a b);
            step!(7, b c d e f g h a);
            step!(8, a b c d e f g h);
            step!(9, h a b c d e f g);
            step!(10, g h a b c d e f);
            step!(11, f g h a b c d e);
            step!(12, e f g h a b c d);
            step!(13, d e f g h a b c);
            step!(14, c d e f g h a b);
            step!(15, b c d e f g h a);
        }

        /// One round (FIPS 180-4 section 6.2.2). The words change their places instead of their
        /// values: what was h is a afterwards, and what was d is e.
        #[inline]
        #[target_feature(enable = $features)]
        fn round([a, b, c, d, e, f, g, h]: [&mut $vector; 8], input: $vector) {
            let sigma1 = xor3(rotate::<6, 26>(*e), rotate::<11, 21>(*e), rotate::<25, 7>(*e));
            let t1 = add(add(*h, input), add(sigma1, choice(*e, *f, *g)));
            let sigma0 = xor3(rotate::<2, 30>(*a), rotate::<13, 19>(*a), rotate::<22, 10>(*a));
            *d = add(*d, t1);
            *h = add(t1, add(sigma0, majority(*a, *b, *c)));
        }

        /// The word of the schedule 16 places after `first`.
        #[inline]
        #[target_feature(enable = $features)]
        pub(super) fn next(
            first: $vector,
            early: $vector,
            ninth: $vector,
            late: $vector,
        ) -> $vector {
            let sigma0 = xor3(rotate::<7, 25>(early), rotate::<18, 14>(early), shift::<3>(early));
            let sigma1 = xor3(rotate::<17, 15>(late), rotate::<19, 13>(late), shift::<10>(late));
            add(add(add(first, ninth), sigma0), sigma1)
        }
    };
}

pub(super) use compression;
