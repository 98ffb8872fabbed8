//! What the boundary does with every kind of pointer that C can pass.

#![allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use alloc::vec;
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicUsize, Ordering};

use super::structs::Versioned;
use super::*;

/// The tests keep the promise that C makes.
fn call() -> Call {
    // SAFETY: every pointer below is NULL or to memory of the test that lives long enough.
    unsafe { Call::from_c() }
}

fn bytes(data: *const u8, len: usize) -> Bytes {
    Bytes { data, len }
}

impl Bytes {
    /// The text that a function with static text gave.
    pub(in super::super) fn as_static(self) -> &'static [u8] {
        // SAFETY: made by `Bytes::from_static`, whose bytes are followed by a NUL.
        let with_nul = unsafe { slice::from_raw_parts(self.data, self.len + 1) };
        let (text, nul) = with_nul.split_at(self.len);
        assert_eq!(nul, [0]);
        text
    }
}

#[test]
fn bytes_are_borrowed() {
    let (call, data) = (call(), *b"abc");
    assert_eq!(call.bytes(bytes(data.as_ptr(), 3)), Ok(&data[..]));
    assert_eq!(call.bytes(bytes(null(), 0)), Ok(&[][..]));
    assert_eq!(call.bytes(bytes(data.as_ptr(), 0)), Ok(&[][..]));
    assert_eq!(call.bytes(bytes(null(), 1)), Err(Status::NullPointer));
}

#[test]
fn lengths_that_no_object_has_are_refused() {
    let (call, data) = (call(), [0_u8; 1]);
    let too_long = isize::MAX as usize + 1;
    for len in [too_long, usize::MAX, usize::MAX - 1] {
        assert_eq!(call.bytes(bytes(data.as_ptr(), len)), Err(Status::InvalidArgument));
    }
    let high = null::<u8>().wrapping_sub(16);
    assert_eq!(call.bytes(bytes(high, 32)), Err(Status::InvalidArgument));
    let lent = [Bytes::EMPTY];
    assert!(call.slice(lent.as_ptr(), usize::MAX / 8).is_err());
    assert_eq!(call.slice(lent.as_ptr(), 1).unwrap().len(), 1);
}

#[test]
fn misaligned_pointers_are_refused() {
    let (call, words) = (call(), [0_u64; 4]);
    let odd = words.as_ptr().cast::<u8>().wrapping_add(1);
    assert_eq!(call.slice::<Bytes>(odd.cast(), 1).err(), Some(Status::InvalidArgument));
    assert!(call.out::<u64>(odd.cast_mut().cast()).is_err());
    assert!(call.versioned::<Form>(odd.cast(), &mut None).is_err());
    assert_eq!(call.handle::<Thing>(odd.cast()).err(), Some(Status::InvalidArgument));
}

#[test]
fn a_panic_becomes_a_status_and_leaves_outputs_alone() {
    struct PanicsWhenDropped;
    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    let (call, mut number) = (call(), 7_u32);
    let mut slot = call.out(&mut number).unwrap();
    let status = call.run(|| {
        if true {
            std::panic::panic_any(PanicsWhenDropped);
        }
        slot.set(8);
        Ok(())
    });
    assert_eq!((status, number), (Status::Panic, 7));
    assert_eq!(call.run(|| Err(Status::Decode)), Status::Decode);
    assert_eq!(call.run(|| Ok(())), Status::Ok);
}

#[test]
fn a_room_has_what_was_put_into_it() {
    let mut room = Room::<u64, 3>::new();
    assert!(room.values().is_empty());
    for (count, pushed) in [(1, true), (2, true), (3, true), (3, false), (3, false)] {
        assert_eq!(room.push(count), pushed);
        assert_eq!(room.values(), &[1, 2, 3][..usize::try_from(count).unwrap()]);
    }
}

#[test]
fn an_output_is_written_once_it_is_set() {
    let (call, mut number) = (call(), 0_u32);
    call.out(&mut number).unwrap().set(5);
    assert_eq!(number, 5);
    assert_eq!(call.out::<u32>(null_mut()).err(), Some(Status::NullPointer));
}

#[test]
fn a_buffer_gives_back_the_size_that_it_needs() {
    let call = call();
    let fill = |start: *mut u8, capacity, inputs: &[&[u8]]| {
        let mut needed = 99;
        let status = call.buffer(start, capacity, &mut needed).and_then(|buffer| {
            buffer.fill(inputs, |room| {
                room.iter_mut().zip(*b"abc").for_each(|(to, from)| *to = from);
                Ok(3)
            })
        });
        (status, needed)
    };
    let mut room = [0_u8; 4];
    assert_eq!(fill(room.as_mut_ptr(), 4, &[]), (Ok(()), 3));
    assert_eq!(&room, b"abc\0");
    assert_eq!(fill(room.as_mut_ptr(), 2, &[]), (Err(Status::BufferTooSmall), 3));
    assert_eq!(fill(null_mut(), 0, &[]), (Err(Status::BufferTooSmall), 3));
    assert_eq!(fill(null_mut(), 1, &[]), (Err(Status::NullPointer), 99));
    assert_eq!(fill(room.as_mut_ptr(), usize::MAX, &[]), (Err(Status::InvalidArgument), 99));
    assert!(call.buffer(room.as_mut_ptr(), 4, null_mut()).is_err());
}

#[test]
fn a_failure_leaves_no_partial_result_in_a_buffer() {
    let (call, mut room, mut needed) = (call(), [b'-'; 4], 7);
    let buffer = call.buffer(room.as_mut_ptr(), 3, &mut needed).unwrap();
    let failed = buffer.fill(&[], |room| {
        room.fill(b'x');
        Err(Status::Decode)
    });
    assert_eq!((failed, &room, needed), (Err(Status::Decode), b"\0\0\0-", 7));
}

/// A struct of opaque words with a pair of numbers in it.
#[derive(Debug, PartialEq)]
#[repr(C)]
struct Words([u64; 2]);

// SAFETY: numbers.
unsafe impl Holds for Words {
    type Value = [u32; 4];
}

#[test]
fn a_value_lives_in_the_memory_of_the_caller() {
    let (call, mut words) = (call(), Words([9; 2]));
    call.hold(&mut words, [1, 2, 3, 4]).unwrap();
    assert_eq!(call.held(&words), Ok(&[1, 2, 3, 4]));
    call.change(&mut words, b"apart", |value| value[3] = 5).unwrap();
    assert_eq!(call.take(&mut words), Ok([1, 2, 3, 5]));
    assert_eq!(words, Words([0; 2]));
    assert_eq!(call.held::<Words>(null()), Err(Status::NullPointer));
    assert_eq!(call.take::<Words>(null_mut()), Err(Status::NullPointer));
    assert_eq!(call.hold::<Words>(null_mut(), [0; 4]), Err(Status::NullPointer));
    let inside = bytes((&raw const words).cast::<u8>().wrapping_add(15), 1);
    let change = call.change(&mut words, call.bytes(inside).unwrap(), |value| value[0] = 1);
    assert_eq!((change, words), (Err(Status::InvalidArgument), Words([0; 2])));
}

#[test]
fn a_buffer_that_overlaps_an_input_is_refused() {
    let (call, mut memory) = (call(), vec![0_u8; 8]);
    let start = memory.as_mut_ptr();
    let overlap = |buffer_at: usize, input_at: usize, input_len: usize| {
        let mut needed = 0;
        let input = call.bytes(bytes(start.wrapping_add(input_at), input_len)).unwrap();
        let buffer = call.buffer(start.wrapping_add(buffer_at), 4, &mut needed).unwrap();
        buffer.fill(&[b"elsewhere", input], |_| Ok(0)).is_err()
    };
    assert!(!overlap(4, 0, 4));
    assert!(!overlap(0, 4, 4));
    assert!(!overlap(0, 2, 0));
    assert!(overlap(3, 0, 4));
    assert!(overlap(0, 3, 4));
    assert!(overlap(2, 3, 1));
}

#[test]
fn a_text_that_does_not_fit_is_cut() {
    let (call, mut room, mut needed) = (call(), [b'-'; 4], 0);
    call.buffer(room.as_mut_ptr(), 3, &mut needed).unwrap().set_prefix("error");
    assert_eq!((&room, needed), (b"err-", 5));
    call.buffer(room.as_mut_ptr(), 4, &mut needed).unwrap().set_prefix("no");
    assert_eq!((&room, needed), (b"nor-", 2));
    call.buffer(null_mut(), 0, &mut needed).unwrap().set_prefix("error");
    assert_eq!(needed, 5);
}

/// A struct of the second version; the first had no `c`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Form {
    size: usize,
    b: u64,
    c: u64,
}

// SAFETY: numbers.
unsafe impl Plain for Form {}
// SAFETY: `repr(C)`, `size` first.
unsafe impl Versioned for Form {
    const EARLIER: &'static [usize] = &[16];
}

#[test]
fn a_struct_of_another_version_is_read() {
    let call = call();
    let read =
        |words: [usize; 6]| call.versioned::<Form>(words.as_ptr().cast(), &mut None).copied();
    assert_eq!(read([24, 1, 2, 9, 9, 9]), Ok(Form { size: 24, b: 1, c: 2 }));
    assert_eq!(read([16, 1, 2, 9, 9, 9]), Ok(Form { size: 16, b: 1, c: 0 }));
    assert_eq!(read([48, 1, 2, 0, 0, 0]), Ok(Form { size: 48, b: 1, c: 2 }));
    assert_eq!(read([48, 1, 2, 0, 0, 1]), Err(Status::BadSize));
    assert_eq!(read([25, 1, 2, 1, 0, 0]), Err(Status::BadSize));
    for size in [0, 8, 15, 17, 23, 4097, usize::MAX, isize::MAX as usize] {
        assert_eq!(read([size, 1, 2, 0, 0, 0]), Err(Status::BadSize), "{size}");
    }
    assert_eq!(call.versioned::<Form>(null(), &mut None), Err(Status::NullPointer));
}

#[test]
fn a_struct_of_another_version_is_written_as_far_as_it_goes() {
    let call = call();
    let write = |size| {
        let mut words = [size, 9, 9, 9];
        let mut slot = call.versioned_out::<Form>(words.as_mut_ptr().cast())?;
        slot.set(&Form { size: 0, b: 1, c: 2 });
        Ok(words)
    };
    assert_eq!(write(24), Ok([24, 1, 2, 9]));
    assert_eq!(write(16), Ok([16, 1, 9, 9]));
    assert_eq!(write(32), Ok([32, 1, 2, 9]));
    assert_eq!(write(8), Err(Status::BadSize));
    assert_eq!(write(usize::MAX), Err(Status::BadSize));
    assert_eq!(call.versioned_out::<Form>(null_mut()).err(), Some(Status::NullPointer));
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct Thing(u32);

impl Drop for Thing {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

impl Handle for Thing {
    const MAGIC: u64 = 0x1d3a_55c1_9e02_7b44;
}

struct Other;

impl Handle for Other {
    const MAGIC: u64 = 0x60b7_18f2_4a9d_cc31;
}

#[test]
fn a_handle_is_known_by_its_word() {
    let call = call();
    let thing = give(Thing(5));
    assert_eq!(call.handle(thing.cast_const()).unwrap().0, 5);
    assert_eq!(call.handle::<Other>(thing.cast()).err(), Some(Status::BadHandle));
    assert_eq!(call.free::<Other>(thing.cast()), Err(Status::BadHandle));
    assert_eq!(DROPPED.load(Ordering::Relaxed), 0);
    assert_eq!(call.free(thing), Ok(()));
    assert_eq!(DROPPED.load(Ordering::Relaxed), 1);
    assert_eq!(call.free::<Thing>(null_mut()), Ok(()));
    assert_eq!(call.handle::<Thing>(null()).err(), Some(Status::NullPointer));
    let cleared = [0_u64; 2];
    assert_eq!(call.handle::<Thing>(cleared.as_ptr().cast()).err(), Some(Status::BadHandle));
}
