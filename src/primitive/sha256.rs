//! The compression function of SHA-256 for several independent messages at once: one backend a
//! file, and the tokens that prove what the processor can do.
//!
//! One message cannot be hashed faster than the chain of its rounds allows. Several can: their
//! rounds do not wait for each other.

use core::fmt;

use super::sha2::Word;

#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod armv8;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx512vl;
#[cfg(target_arch = "x86_64")]
mod eight;
#[cfg(target_arch = "x86_64")]
mod family;
#[cfg(target_arch = "x86_64")]
mod four;
#[cfg(target_arch = "x86_64")]
mod hybrid;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
#[cfg(target_arch = "x86_64")]
mod whole;
#[cfg(target_arch = "x86_64")]
mod wide;

#[cfg(target_arch = "x86_64")]
pub(super) use sha_ni::ShaNi;
#[cfg(target_arch = "x86_64")]
use {avx2::Avx2, avx512::Avx512, avx512vl::Avx512Vl, four::ShaNiAvx, hybrid::Hybrid};

/// What is absorbed at once.
pub(super) type Block = [u8; 64];

/// A hash state in the order of FIPS 180-4.
pub(super) type Words = [u32; 8];

/// No backend has more lanes.
pub(super) const MOST_LANES: usize = 16;

/// A message of `length` bytes with the block of the key, whose HMAC is wanted.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    /// The state that has absorbed all but `rest`, and that before the outer hash.
    pub(super) inner: &'a Words,
    pub(super) outer: &'a Words,
    pub(super) rest: &'a [u8],
    pub(super) length: u64,
}

impl Message<'_> {
    pub(super) const NONE: Self = Self { inner: &[0; 8], outer: &[0; 8], rest: &[], length: 0 };
}

/// The states of several messages, one a lane, and the code that works on all of them at once.
pub(in crate::primitive) trait Lanes<const N: usize> {
    /// Whether [`tags`](Self::tags) takes any messages.
    const WHOLE: bool = false;

    /// Puts a state into a lane.
    fn set(&mut self, lane: usize, words: &Words);

    /// The state in a lane.
    fn words(&self, lane: usize) -> Words;

    /// The state in a lane as bytes.
    #[inline]
    fn digest(&self, lane: usize) -> [u8; 32] {
        u32::to_bytes(&self.words(lane))
    }

    /// Absorbs the first `count` blocks of each lane. A lane that has fewer is idle: what becomes
    /// of its state does not matter.
    fn absorb(&mut self, waiting: &[&[Block]; N], count: usize);

    /// Makes the HMACs of as many messages as there are lanes, if these take them whole; `false` if
    /// not.
    #[inline]
    fn tags(&self, _: &[Message<'_>; N], _: &mut [[u8; 32]; N]) -> bool {
        false
    }

    /// Overwrites the states.
    fn wipe(&mut self);
}

/// Work on messages that some lanes are for.
pub(in crate::primitive) trait Work {
    /// Does it in `lanes`, all but what is for `too_few` of them: 0 leaves nothing.
    fn on<const N: usize>(&mut self, lanes: impl Lanes<N>, too_few: usize);
}

/// What an idle lane absorbs.
static IDLE: Block = [0; 64];

/// The block of a lane at a place, or any other if it is idle.
#[inline]
fn block_at(waiting: &[Block], at: usize) -> &Block {
    waiting.get(at).unwrap_or(&IDLE)
}

/// The constants of the rounds (FIPS 180-4 section 4.2.2).
#[repr(align(64))]
struct Constants([u32; 64]);

#[cfg(target_arch = "x86_64")]
impl Constants {
    /// The constants of 16 rounds each.
    const fn sixteens(&self) -> [&[u32; 16]; 4] {
        let [first, second, third, fourth] = self.0.as_chunks().0 else { return [&[0; 16]; 4] };
        [first, second, third, fourth]
    }
}

static K: Constants = Constants([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/// Code that works on several messages at once, and that this processor can run.
///
/// The fastest for a number of messages is chosen without being asked, as it was measured on some
/// processors; a backend is named to compare it with the others.
#[derive(Clone, Copy)]
pub struct Backend(Kind);

#[derive(Clone, Copy)]
enum Kind {
    Portable,
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    Armv8(armv8::Sha2),
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    Armv8x2(armv8::Sha2),
    #[cfg(target_arch = "x86_64")]
    ShaNi1(ShaNi),
    #[cfg(target_arch = "x86_64")]
    ShaNi2(ShaNi),
    #[cfg(target_arch = "x86_64")]
    ShaNi4(ShaNiAvx),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512Vl(Avx512Vl),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Hybrid(Hybrid),
}

impl Backend {
    /// Every backend that this processor can run, the portable one first.
    #[cfg(target_arch = "x86_64")]
    pub fn available() -> impl Iterator<Item = Self> {
        let sha_ni = ShaNi::detect();
        let kinds = [
            Some(Kind::Portable),
            sha_ni.map(Kind::ShaNi1),
            sha_ni.map(Kind::ShaNi2),
            ShaNiAvx::detect().map(Kind::ShaNi4),
            Avx2::detect().map(Kind::Avx2),
            Avx512Vl::detect().map(Kind::Avx512Vl),
            Avx512::detect().map(Kind::Avx512),
            Hybrid::detect().map(Kind::Hybrid),
        ];
        kinds.into_iter().flatten().map(Self)
    }

    /// Every backend that this processor can run, the portable one first.
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    pub fn available() -> impl Iterator<Item = Self> {
        let proof = armv8::Sha2::detect();
        let kinds = [Some(Kind::Portable), proof.map(Kind::Armv8), proof.map(Kind::Armv8x2)];
        kinds.into_iter().flatten().map(Self)
    }

    /// Every backend that this processor can run: the portable one.
    #[cfg(not(any(
        target_arch = "x86_64",
        all(target_arch = "aarch64", target_endian = "little")
    )))]
    pub fn available() -> impl Iterator<Item = Self> {
        [Self(Kind::Portable)].into_iter()
    }

    /// What it is called in reports.
    pub const fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Kind::Armv8(_) => "ARMv8",
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Kind::Armv8x2(_) => "ARMv8, 2 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi1(_) => "SHA-NI",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi2(_) => "SHA-NI, 2 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi4(_) => "SHA-NI, 4 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "AVX2, 8 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vl(_) => "AVX-512VL, 8 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "AVX-512, 16 lanes",
            #[cfg(target_arch = "x86_64")]
            Kind::Hybrid(_) => "AVX-512 and SHA-NI, 16 lanes",
        }
    }

    /// Has the work done in the lanes of this backend.
    pub(super) fn work(self, work: &mut impl Work) {
        match self.0 {
            Kind::Portable => work.on(portable::One::default(), 0),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Kind::Armv8(proof) => work.on(proof.lanes::<1>(), 0),
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Kind::Armv8x2(proof) => work.on(proof.lanes::<2>(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi1(proof) => work.on(proof.lanes::<1>(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi2(proof) => work.on(proof.lanes::<2>(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi4(proof) => work.on(proof.lanes(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(proof) => work.on(proof.lanes(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Vl(proof) => work.on(proof.lanes(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(proof) => work.on(proof.lanes(), 0),
            #[cfg(target_arch = "x86_64")]
            Kind::Hybrid(proof) => work.on(proof.lanes(), 0),
        }
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How many messages are worked on at once, at most, if there are `count` or more with so many bytes
/// in the mean.
#[cfg(target_arch = "x86_64")]
pub(super) fn most_lanes(count: usize, mean: usize) -> usize {
    let wide = || Avx512::detect().is_some() || Avx512Vl::detect().is_some();
    if count <= 2 {
        2
    } else if ShaNi::detect().is_none() || count > TOO_FEW_FOR_8 && wide() {
        MOST_LANES
    } else if four_lanes(count, mean).is_some() {
        4
    } else {
        2
    }
}

/// How many messages are worked on at once, at most.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const fn most_lanes(_: usize, _: usize) -> usize {
    2
}

/// The proof that four lanes of the SHA instructions are faster than two.
#[cfg(target_arch = "x86_64")]
fn four_lanes(count: usize, mean: usize) -> Option<ShaNiAvx> {
    if count > TOO_FEW_FOR_4 && mean > TOO_SHORT_FOR_4 { ShaNiAvx::detect_fastest() } else { None }
}

/// Has the work done in the fastest lanes that this processor has for `count` messages or more with
/// so many bytes in the mean: in the widest first, and what is too little for them in the next.
#[cfg(target_arch = "x86_64")]
pub(super) fn work_on_fastest(count: usize, mean: usize, work: &mut impl Work) {
    let sha_ni = ShaNi::detect();
    if count > TOO_FEW_FOR_16 {
        if let Some(proof) = Hybrid::detect_fastest() {
            work.on(proof.lanes(), TOO_FEW_FOR_16);
        } else if let Some(proof) = Avx512::detect() {
            work.on(proof.lanes(), TOO_FEW_FOR_16);
        }
    }
    let too_few = if sha_ni.is_some() { TOO_FEW_FOR_8 } else { 1 };
    if let Some(proof) = Avx512Vl::detect().filter(|_| count > too_few) {
        work.on(proof.lanes(), too_few);
    }
    let Some(proof) = sha_ni else {
        if let Some(proof) = Avx2::detect().filter(|_| count > 1) {
            work.on(proof.lanes(), 1);
        }
        return work.on(portable::One::default(), 0);
    };
    if let Some(proof) = four_lanes(count, mean) {
        work.on(proof.lanes(), 2);
    }
    work.on(proof.lanes::<2>(), 1);
    work.on(proof.lanes::<1>(), 0);
}

/// Has the work done in the fastest lanes that this processor has.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn work_on_fastest(_: usize, _: usize, work: &mut impl Work) {
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    if let Some(proof) = armv8::Sha2::detect() {
        work.on(proof.lanes::<2>(), 1);
        return work.on(proof.lanes::<1>(), 0);
    }
    work.on(portable::One::default(), 0);
}

/// Up to so many messages eight lanes, and those of the SHA instructions for what is left over, are
/// faster than sixteen, many of them idle.
#[cfg(target_arch = "x86_64")]
const TOO_FEW_FOR_16: usize = 10;

/// Up to so many messages the SHA instructions are faster than eight lanes of AVX-512VL. Eight of
/// AVX2 never are as fast as they.
#[cfg(target_arch = "x86_64")]
const TOO_FEW_FOR_8: usize = 6;

/// Up to so many messages two lanes are faster than four.
#[cfg(target_arch = "x86_64")]
const TOO_FEW_FOR_4: usize = 7;

/// Two lanes take short messages whole, from the key to the tag in registers, and four do not: up to so
/// many bytes in the mean that makes them faster.
#[cfg(target_arch = "x86_64")]
const TOO_SHORT_FOR_4: usize = 384;
