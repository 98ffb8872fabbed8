//! libsodium of the system, opened at run time: a keyed state, copied for each message.

use std::ffi::{CStr, c_char, c_int};
use std::sync::OnceLock;

use libloading::os::unix::Library;

use super::Hmac;

/// `crypto_auth_hmacsha256_state`: 208 bytes, which `statebytes` confirms.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct State([u8; 208]);

struct Functions {
    init: unsafe extern "C" fn(*mut State, *const u8, usize) -> c_int,
    update: unsafe extern "C" fn(*mut State, *const u8, u64) -> c_int,
    finish: unsafe extern "C" fn(*mut State, *mut u8) -> c_int,
    equal: unsafe extern "C" fn(*const u8, *const u8) -> c_int,
    version: unsafe extern "C" fn() -> *const c_char,
}

fn functions() -> Option<&'static Functions> {
    static SLOT: OnceLock<Option<Functions>> = OnceLock::new();
    SLOT.get_or_init(open).as_ref()
}

fn open() -> Option<Functions> {
    let library = ["libsodium.so.23", "libsodium.so.26"].into_iter().find_map(|name| {
        // SAFETY: libsodium does nothing when it is opened; it is never closed.
        unsafe { Library::new(name) }.ok()
    })?;
    let library: &'static Library = Box::leak(Box::new(library));
    // SAFETY: the types are those of its header.
    unsafe {
        let start: unsafe extern "C" fn() -> c_int = *library.get(b"sodium_init\0").ok()?;
        let size: unsafe extern "C" fn() -> usize =
            *library.get(b"crypto_auth_hmacsha256_statebytes\0").ok()?;
        (start() >= 0 && size() <= size_of::<State>()).then_some(())?;
        Some(Functions {
            init: *library.get(b"crypto_auth_hmacsha256_init\0").ok()?,
            update: *library.get(b"crypto_auth_hmacsha256_update\0").ok()?,
            finish: *library.get(b"crypto_auth_hmacsha256_final\0").ok()?,
            equal: *library.get(b"crypto_verify_32\0").ok()?,
            version: *library.get(b"sodium_version_string\0").ok()?,
        })
    }
}

/// What it says of itself.
pub fn version() -> Option<String> {
    // SAFETY: it gives a text that lives as long as the library.
    let text = unsafe { CStr::from_ptr((functions()?.version)()) };
    Some(text.to_string_lossy().into_owned())
}

/// A keyed state.
pub struct Sodium(State, &'static Functions);

impl Hmac for Sodium {
    const NAME: &'static str = "libsodium";

    fn new(key: &[u8]) -> Option<Self> {
        let (mut state, functions) = (State([0; 208]), functions()?);
        // SAFETY: the state is large enough, and the key is read.
        unsafe { (functions.init)(&mut state, key.as_ptr(), key.len()) };
        Some(Self(state, functions))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let (mut state, mut made) = (self.0, [0_u8; 32]);
        // SAFETY: the state has a key, the message is read, and a tag is 32 bytes long.
        unsafe {
            (self.1.update)(&mut state, message.as_ptr(), message.len() as u64);
            (self.1.finish)(&mut state, made.as_mut_ptr());
            (self.1.equal)(made.as_ptr(), tag.as_ptr()) == 0
        }
    }
}
