//! OpenSSL twice: that of the system, and the newest that a crate builds. Both are opened at run time
//! and keep their names to themselves, so they stand beside BoringSSL in one process. Each in two
//! ways: the `HMAC_CTX` that keeps its key, and `EVP_MAC`, which replaces it.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::Hmac;

type Pointer = *mut c_void;

/// The functions of one libcrypto.
pub struct Functions {
    sha256: *const c_void,
    hmac_new: unsafe extern "C" fn() -> Pointer,
    hmac_init: unsafe extern "C" fn(Pointer, *const u8, c_int, *const c_void, Pointer) -> c_int,
    hmac_update: unsafe extern "C" fn(Pointer, *const u8, usize) -> c_int,
    hmac_final: unsafe extern "C" fn(Pointer, *mut u8, *mut c_uint) -> c_int,
    mac: Pointer,
    mac_new: unsafe extern "C" fn(Pointer) -> Pointer,
    mac_init: unsafe extern "C" fn(Pointer, *const u8, usize, *const Parameter) -> c_int,
    mac_update: unsafe extern "C" fn(Pointer, *const u8, usize) -> c_int,
    mac_final: unsafe extern "C" fn(Pointer, *mut u8, *mut usize, usize) -> c_int,
    equal: unsafe extern "C" fn(*const u8, *const u8, usize) -> c_int,
    version: unsafe extern "C" fn(c_int) -> *const c_char,
    decode: DecodeBlock,
}

/// `EVP_DecodeBlock`: writes three bytes for each four characters and gives how many, or -1.
pub type DecodeBlock = unsafe extern "C" fn(*mut u8, *const u8, c_int) -> c_int;

impl Functions {
    /// Base64.
    pub fn decode_base64(&self) -> DecodeBlock {
        self.decode
    }
}

// SAFETY: what the pointers point to is never changed, and OpenSSL is for many threads.
unsafe impl Send for Functions {}
// SAFETY: as above.
unsafe impl Sync for Functions {}

/// `OSSL_PARAM`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Parameter {
    key: *const c_char,
    kind: c_uint,
    data: *mut c_void,
    size: usize,
    returned: usize,
}

const DEEPBIND: c_int = 8;

/// Opens the library in `file`.
fn open(file: &str) -> Option<Functions> {
    let name: std::ffi::OsString = file.into();
    // SAFETY: a libcrypto does nothing when it is opened that this program could break.
    let library = unsafe { Library::open(Some(name), RTLD_NOW | RTLD_LOCAL | DEEPBIND) }.ok()?;
    let library: &'static Library = Box::leak(Box::new(library));
    // SAFETY: the types are those of OpenSSL's headers, and the library is never closed.
    unsafe {
        let sha256: unsafe extern "C" fn() -> *const c_void = symbol(library, c"EVP_sha256")?;
        let fetch: unsafe extern "C" fn(Pointer, *const c_char, *const c_char) -> Pointer =
            symbol(library, c"EVP_MAC_fetch")?;
        Some(Functions {
            sha256: sha256(),
            hmac_new: symbol(library, c"HMAC_CTX_new")?,
            hmac_init: symbol(library, c"HMAC_Init_ex")?,
            hmac_update: symbol(library, c"HMAC_Update")?,
            hmac_final: symbol(library, c"HMAC_Final")?,
            mac: fetch(null_mut(), c"HMAC".as_ptr(), null()),
            mac_new: symbol(library, c"EVP_MAC_CTX_new")?,
            mac_init: symbol(library, c"EVP_MAC_init")?,
            mac_update: symbol(library, c"EVP_MAC_update")?,
            mac_final: symbol(library, c"EVP_MAC_final")?,
            equal: symbol(library, c"CRYPTO_memcmp")?,
            version: symbol(library, c"OpenSSL_version")?,
            decode: symbol(library, c"EVP_DecodeBlock")?,
        })
    }
}

/// What the library has under `name`.
///
/// # Safety
///
/// `T` must be its type.
unsafe fn symbol<T: Copy>(library: &Library, name: &CStr) -> Option<T> {
    // SAFETY: the caller's.
    unsafe { library.get::<T>(name.to_bytes_with_nul()).ok().map(|found| *found) }
}

/// One libcrypto.
pub trait Flavour: 'static {
    /// Its name.
    const NAME: &'static str;
    /// Its name, with `EVP_MAC`.
    const MAC_NAME: &'static str;
    /// Its name, with `EVP_DecodeBlock`.
    const BASE64_NAME: &'static str;
    /// Its file.
    const FILE: &'static str;

    /// Where it is kept once it is open.
    fn slot() -> &'static OnceLock<Option<Functions>>;

    /// It, opened.
    fn functions() -> Option<&'static Functions> {
        Self::slot().get_or_init(|| open(Self::FILE)).as_ref()
    }

    /// What it says of itself.
    fn version() -> Option<String> {
        let functions = Self::functions()?;
        // SAFETY: 0 asks for the version, a text that lives as long as the library.
        let text = unsafe { CStr::from_ptr((functions.version)(0)) };
        Some(text.to_string_lossy().into_owned())
    }
}

/// The newest that a crate builds.
pub struct Newest;

impl Flavour for Newest {
    const NAME: &'static str = "OpenSSL newest, HMAC_CTX";
    const MAC_NAME: &'static str = "OpenSSL newest, EVP_MAC";
    const BASE64_NAME: &'static str = "OpenSSL newest";
    const FILE: &'static str = env!("OPENSSL_NEWEST");

    fn slot() -> &'static OnceLock<Option<Functions>> {
        static SLOT: OnceLock<Option<Functions>> = OnceLock::new();
        &SLOT
    }
}

/// That of the system.
pub struct System;

impl Flavour for System {
    const NAME: &'static str = "OpenSSL system, HMAC_CTX";
    const MAC_NAME: &'static str = "OpenSSL system, EVP_MAC";
    const BASE64_NAME: &'static str = "OpenSSL system";
    const FILE: &'static str = "libcrypto.so.3";

    fn slot() -> &'static OnceLock<Option<Functions>> {
        static SLOT: OnceLock<Option<Functions>> = OnceLock::new();
        &SLOT
    }
}

/// An `HMAC_CTX` with a key. It lives until the program ends.
pub struct HmacCtx<F: Flavour>(Pointer, &'static Functions, std::marker::PhantomData<F>);

impl<F: Flavour> Hmac for HmacCtx<F> {
    const NAME: &'static str = F::NAME;

    fn new(key: &[u8]) -> Option<Self> {
        let functions = F::functions()?;
        // SAFETY: the context is new, and the key is read.
        let (context, status) = unsafe {
            let context = (functions.hmac_new)();
            let length = c_int::try_from(key.len()).ok()?;
            let init = functions.hmac_init;
            (context, init(context, key.as_ptr(), length, functions.sha256, null_mut()))
        };
        (status == 1).then_some(Self(context, functions, std::marker::PhantomData))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let mut made = [0_u8; 32];
        let functions = self.1;
        // SAFETY: the context has a key, the message is read, and a tag of SHA-256 fits `made`.
        unsafe {
            (functions.hmac_init)(self.0, null(), 0, null(), null_mut()) == 1
                && (functions.hmac_update)(self.0, message.as_ptr(), message.len()) == 1
                && (functions.hmac_final)(self.0, made.as_mut_ptr(), null_mut()) == 1
                && (functions.equal)(made.as_ptr(), tag.as_ptr(), 32) == 0
        }
    }
}

/// An `EVP_MAC_CTX` with a key. It lives until the program ends.
pub struct EvpMac<F: Flavour>(Pointer, &'static Functions, std::marker::PhantomData<F>);

impl<F: Flavour> Hmac for EvpMac<F> {
    const NAME: &'static str = F::MAC_NAME;

    fn new(key: &[u8]) -> Option<Self> {
        let functions = F::functions()?;
        let text = c"SHA256".as_ptr().cast_mut().cast();
        let unset = usize::MAX;
        // 4 is a UTF-8 text (OSSL_PARAM_UTF8_STRING); an empty one ends the list.
        let digest =
            Parameter { key: c"digest".as_ptr(), kind: 4, data: text, size: 6, returned: unset };
        let end = Parameter { key: null(), kind: 0, data: null_mut(), size: 0, returned: 0 };
        // SAFETY: the context is new; the key and the list are read.
        let (context, status) = unsafe {
            let context = (functions.mac_new)(functions.mac);
            let list = [digest, end];
            (context, (functions.mac_init)(context, key.as_ptr(), key.len(), list.as_ptr()))
        };
        (status == 1).then_some(Self(context, functions, std::marker::PhantomData))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        let (mut made, mut length) = ([0_u8; 32], 0);
        let functions = self.1;
        // SAFETY: the context has a key, the message is read, and `made` has 32 bytes of room.
        unsafe {
            (functions.mac_init)(self.0, null(), 0, null()) == 1
                && (functions.mac_update)(self.0, message.as_ptr(), message.len()) == 1
                && (functions.mac_final)(self.0, made.as_mut_ptr(), &mut length, 32) == 1
                && (functions.equal)(made.as_ptr(), tag.as_ptr(), 32) == 0
        }
    }
}
