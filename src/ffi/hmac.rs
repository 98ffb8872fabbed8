//! HMAC with prepared keys. SHA-256 and SHA-512 have the same functions, written out by hand: the
//! generator of the header sees no macros.

mod batch;
mod sha256;
mod sha512;

pub use batch::{HmacSha256Item, tollgate_hmac_sha256_verify_batch};
pub use sha256::{
    HmacSha256Key, HmacSha256State, tollgate_hmac_sha256_finish,
    tollgate_hmac_sha256_finish_verify, tollgate_hmac_sha256_init, tollgate_hmac_sha256_key_init,
    tollgate_hmac_sha256_key_wipe, tollgate_hmac_sha256_mac, tollgate_hmac_sha256_update,
    tollgate_hmac_sha256_verify,
};
pub use sha512::{
    HmacSha512Key, HmacSha512State, tollgate_hmac_sha512_finish,
    tollgate_hmac_sha512_finish_verify, tollgate_hmac_sha512_init, tollgate_hmac_sha512_key_init,
    tollgate_hmac_sha512_key_wipe, tollgate_hmac_sha512_mac, tollgate_hmac_sha512_update,
    tollgate_hmac_sha512_verify,
};

use super::status::Status;
use crate::primitive::hmac::Mismatch;

pub(super) const fn mismatch(_: Mismatch) -> Status {
    Status::Mismatch
}
