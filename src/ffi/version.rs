//! Which version this is, and whether a header fits it.

use core::ffi::CStr;

use super::boundary::{Bytes, guard};
use super::status::Status;

/// The version of the package with its NUL.
const VERSION: &[u8] = concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes();

/// The number that the build script makes of the version, here and in the header.
const ABI: &str = env!("TOLLGATE_ABI");

/// The version of the library, such as "1.2.3". The text is static and ended by a NUL that `len`
/// does not count.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_version() -> Bytes {
    guard(Bytes::EMPTY, || {
        Bytes::from_static(CStr::from_bytes_until_nul(VERSION).unwrap_or_default())
    })
}

/// The ABI number of the library: 1000 times the major version, plus the minor version as long as
/// the major one is 0. Programs and libraries with the same number work together.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_abi() -> u32 {
    guard(0, || ABI.parse().unwrap_or(0))
}

/// TOLLGATE_STATUS_OK if a program that was compiled with the header of `header_abi` may use this
/// library, else TOLLGATE_STATUS_ABI_MISMATCH. Call it once with TOLLGATE_ABI before anything
/// else.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn tollgate_check_abi(header_abi: u32) -> Status {
    guard(Status::Panic, || match header_abi {
        0 => Status::AbiMismatch,
        abi if abi == tollgate_abi() => Status::Ok,
        _ => Status::AbiMismatch,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package() {
        assert_eq!(tollgate_version().as_static(), env!("CARGO_PKG_VERSION").as_bytes());
    }

    #[test]
    fn the_abi_number_follows_from_the_version() {
        let number = |part: &str| part.parse::<u32>().unwrap();
        let major = number(env!("CARGO_PKG_VERSION_MAJOR"));
        let minor = number(env!("CARGO_PKG_VERSION_MINOR"));
        assert_eq!(tollgate_abi(), if major == 0 { minor } else { 1000 * major });
        assert_ne!(tollgate_abi(), 0);
    }

    #[test]
    fn another_abi_is_refused() {
        assert_eq!(tollgate_check_abi(tollgate_abi()), Status::Ok);
        assert_eq!(tollgate_check_abi(tollgate_abi() + 1), Status::AbiMismatch);
        assert_eq!(tollgate_check_abi(0), Status::AbiMismatch);
    }
}
