//! Intel's ipsec-mb of the system: a manager that works on many messages at once.

use std::ffi::{CStr, c_char, c_int, c_void};

/// A prepared key.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
pub struct Key {
    inner: [u8; 32],
    outer: [u8; 32],
}

/// A way to hand it messages: manager, keys, messages, lengths, count, tags.
pub type Way = unsafe extern "C" fn(
    *mut c_void,
    *const Key,
    *const *const u8,
    *const usize,
    usize,
    *mut [u8; 32],
) -> c_int;

#[cfg(has_ipsec_mb)]
mod library {
    use super::*;

    unsafe extern "C" {
        pub(super) fn bench_ipsec_mb_new() -> *mut c_void;
        pub(super) fn bench_ipsec_mb_key_init(
            manager: *mut c_void,
            key: *mut Key,
            secret: *const u8,
            length: usize,
        );
        pub(super) fn bench_ipsec_mb_version() -> *const c_char;
        pub(super) fn bench_ipsec_mb_burst(
            manager: *mut c_void,
            keys: *const Key,
            messages: *const *const u8,
            lengths: *const usize,
            count: usize,
            tags: *mut [u8; 32],
        ) -> c_int;
        pub(super) fn bench_ipsec_mb_jobs(
            manager: *mut c_void,
            keys: *const Key,
            messages: *const *const u8,
            lengths: *const usize,
            count: usize,
            tags: *mut [u8; 32],
        ) -> c_int;
    }
}

/// A manager, which lives until the program ends, and keys.
pub struct Manager {
    manager: *mut c_void,
    keys: Vec<Key>,
    tags: Vec<[u8; 32]>,
    way: Way,
}

/// The two ways, with their names.
#[cfg(has_ipsec_mb)]
pub const WAYS: &[(&str, Way)] = &[
    ("ipsec-mb, burst", library::bench_ipsec_mb_burst),
    ("ipsec-mb, jobs", library::bench_ipsec_mb_jobs),
];
/// None: it is not on this machine.
#[cfg(not(has_ipsec_mb))]
pub const WAYS: &[(&str, Way)] = &[];

impl Manager {
    /// Prepares keys.
    #[cfg(has_ipsec_mb)]
    pub fn new(secrets: &[Vec<u8>], way: Way) -> Option<Self> {
        // SAFETY: it takes nothing.
        let manager = unsafe { library::bench_ipsec_mb_new() };
        if manager.is_null() {
            return None;
        }
        let key = |secret: &Vec<u8>| {
            let mut key = Key { inner: [0; 32], outer: [0; 32] };
            // SAFETY: the manager is ready, the key is written and the secret is read.
            unsafe {
                library::bench_ipsec_mb_key_init(manager, &mut key, secret.as_ptr(), secret.len());
            }
            key
        };
        Some(Self {
            manager,
            keys: secrets.iter().map(key).collect(),
            tags: vec![[0; 32]; secrets.len()],
            way,
        })
    }

    /// It is not on this machine.
    #[cfg(not(has_ipsec_mb))]
    pub fn new(_: &[Vec<u8>], _: Way) -> Option<Self> {
        None
    }

    /// Makes the tag of each message, each under its own key.
    #[inline]
    pub fn tags(&mut self, messages: &[*const u8], lengths: &[usize]) -> Option<&[[u8; 32]]> {
        let count = messages.len();
        assert!(count <= self.keys.len() && lengths.len() == count);
        let (keys, tags) = (self.keys.as_ptr(), self.tags.as_mut_ptr());
        // SAFETY: there are `count` of each, and the messages live as long as the call.
        let done = unsafe {
            (self.way)(self.manager, keys, messages.as_ptr(), lengths.as_ptr(), count, tags)
        };
        (done == 1).then_some(&self.tags[..count])
    }
}

/// What it says of itself.
#[cfg(has_ipsec_mb)]
pub fn version() -> Option<String> {
    // SAFETY: it gives a text that lives as long as the program.
    let text = unsafe { CStr::from_ptr(library::bench_ipsec_mb_version()) };
    Some(text.to_string_lossy().into_owned())
}

/// It is not on this machine.
#[cfg(not(has_ipsec_mb))]
pub fn version() -> Option<String> {
    None
}
