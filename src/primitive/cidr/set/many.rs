//! Many addresses at once. They are taken in blocks, so that the memory of all answers of a block is
//! on its way at the same time, and short lists are compared with several addresses in one step.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::any::{Form, NetworkSet};
use super::boundaries::Boundaries;
use super::{Bits, Slots};
use crate::primitive::BufferTooSmall;
use crate::primitive::cidr::address::Folded;

/// How many addresses a block has where memory is looked up, as long as there are as many: then the
/// accesses to it overlap most.
const LARGE: usize = 64;

/// How many a block has where they are compared with a short list: the answers of so many stay in
/// registers.
const MEDIUM: usize = 32;

/// How many a block has of what is left. Fewer are asked for one by one.
const REST: usize = 8;

/// What addresses of one family are looked up in.
trait LookUp<T> {
    /// Whether it is memory that is looked up.
    const IN_MEMORY: bool = false;

    /// 1 for each that is inside, else 0.
    fn block<const N: usize>(&self, addresses: &[T; N]) -> [u8; N];
}

impl<T: Bits, const SLOTS: usize> LookUp<T> for Slots<T, SLOTS> {
    #[inline]
    fn block<const N: usize>(&self, addresses: &[T; N]) -> [u8; N] {
        let mut inside = [0; N];
        for slot in self.used() {
            for (inside, address) in inside.iter_mut().zip(addresses) {
                *inside |= u8::from(slot.contains(*address));
            }
        }
        inside
    }
}

impl<T: Bits> LookUp<T> for Boundaries<T> {
    const IN_MEMORY: bool = true;

    #[inline]
    fn block<const N: usize>(&self, addresses: &[T; N]) -> [u8; N] {
        self.contain_each(addresses).map(u8::from)
    }
}

/// No networks of a family.
struct Nothing;

impl<T> LookUp<T> for Nothing {
    fn block<const N: usize>(&self, _: &[T; N]) -> [u8; N] {
        [0; N]
    }
}

impl NetworkSet {
    /// Whether each of `addresses`, the octets of IPv4 addresses as a packet has them, is in one of
    /// the networks: as many bytes of `inside` become 1 where it is, and 0 where it is not. The
    /// answers are those of [`contains_v4`](Self::contains_v4), and come several times as fast.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if there is less room than there are addresses; it is then as it was.
    pub fn contain_each_v4(
        &self,
        addresses: &[[u8; 4]],
        inside: &mut [u8],
    ) -> Result<(), BufferTooSmall> {
        let inside = room_for(addresses, inside)?;
        match self.form() {
            Form::Few(slots, _) => self.each_v4(slots, addresses, inside),
            Form::Small(set) => self.each_v4(&set.v4, addresses, inside),
            Form::Ranges(set) => self.each_v4(&set.v4, addresses, inside),
        }
        Ok(())
    }

    /// As [`contain_each_v4`](Self::contain_each_v4), of the octets of IPv6 addresses. IPv4-mapped
    /// ones are folded, so they may stand among others.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn contain_each_v6(
        &self,
        addresses: &[[u8; 16]],
        inside: &mut [u8],
    ) -> Result<(), BufferTooSmall> {
        let inside = room_for(addresses, inside)?;
        match self.form() {
            Form::Few(slots, _) => self.each_v6(slots, &Nothing, addresses, inside),
            Form::Small(set) => self.each_v6(&set.v4, &set.v6, addresses, inside),
            Form::Ranges(set) => self.each_v6(&set.v4, &set.v6, addresses, inside),
        }
        Ok(())
    }

    fn each_v4<L: LookUp<u32>>(&self, v4: &L, addresses: &[[u8; 4]], inside: &mut [u8]) {
        let (rest, answers) = if L::IN_MEMORY {
            blocks::<LARGE, 4>(addresses, inside, |block| v4.block(&block.map(u32::from_be_bytes)))
        } else {
            blocks::<MEDIUM, 4>(addresses, inside, |block| v4.block(&block.map(u32::from_be_bytes)))
        };
        let (rest, answers) =
            blocks::<REST, 4>(rest, answers, |block| v4.block(&block.map(u32::from_be_bytes)));
        for (octets, answer) in rest.iter().zip(answers) {
            *answer = u8::from(self.contains_v4(Ipv4Addr::from(*octets)));
        }
    }

    fn each_v6<L: LookUp<u128>>(
        &self,
        v4: &impl LookUp<u32>,
        v6: &L,
        addresses: &[[u8; 16]],
        inside: &mut [u8],
    ) {
        let (rest, answers) = if L::IN_MEMORY {
            blocks::<LARGE, 16>(addresses, inside, |block| folded_block(v4, v6, block))
        } else {
            blocks::<MEDIUM, 16>(addresses, inside, |block| folded_block(v4, v6, block))
        };
        let (rest, answers) =
            blocks::<REST, 16>(rest, answers, |block| folded_block(v4, v6, block));
        for (octets, answer) in rest.iter().zip(answers) {
            *answer = u8::from(self.contains_v6(Ipv6Addr::from(*octets)));
        }
    }
}

/// Answers for as many whole blocks as there are, and gives what is left.
#[inline]
fn blocks<'b, const N: usize, const WIDTH: usize>(
    addresses: &'b [[u8; WIDTH]],
    inside: &'b mut [u8],
    answer: impl Fn(&[[u8; WIDTH]; N]) -> [u8; N],
) -> (&'b [[u8; WIDTH]], &'b mut [u8]) {
    let (blocks, rest) = addresses.as_chunks();
    let (answers, last) = inside.as_chunks_mut();
    for (block, to) in blocks.iter().zip(answers) {
        *to = answer(block);
    }
    (rest, last)
}

/// As much of `inside` as there are addresses.
fn room_for<'r, T>(addresses: &[T], inside: &'r mut [u8]) -> Result<&'r mut [u8], BufferTooSmall> {
    let needed = addresses.len();
    inside.get_mut(..needed).ok_or(BufferTooSmall { needed })
}

/// The answers for a block of both families. Each is asked for all of it if it has one address of
/// the family, and for the address of zeros in the places of the other family.
fn folded_block<const N: usize>(
    v4: &impl LookUp<u32>,
    v6: &impl LookUp<u128>,
    octets: &[[u8; 16]; N],
) -> [u8; N] {
    let (mut of_v4, mut of_v6, mut is_v4) = ([0; N], [0; N], [0; N]);
    let places = of_v4.iter_mut().zip(&mut of_v6).zip(&mut is_v4);
    for (octets, ((of_v4, of_v6), is_v4)) in octets.iter().zip(places) {
        match Folded::of_v6(Ipv6Addr::from(*octets)) {
            Folded::V4(bits) => (*of_v4, *is_v4) = (bits, 1),
            Folded::V6(bits) => *of_v6 = bits,
        }
    }
    let mapped = is_v4.iter().filter(|is_v4| **is_v4 == 1).count();
    if mapped == 0 {
        return v6.block(&of_v6);
    }
    let mut answers = v4.block(&of_v4);
    if mapped < N {
        for ((answer, of_v6), is_v4) in answers.iter_mut().zip(v6.block(&of_v6)).zip(is_v4) {
            *answer = if is_v4 == 1 { *answer } else { of_v6 };
        }
    }
    answers
}
