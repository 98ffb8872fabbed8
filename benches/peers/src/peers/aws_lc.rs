//! aws-lc-rs: a prepared key.

use aws_lc_rs::hmac;

use super::Hmac;

/// A prepared key.
pub struct AwsLc(hmac::Key);

impl Hmac for AwsLc {
    const NAME: &'static str = "aws-lc-rs";

    fn new(key: &[u8]) -> Option<Self> {
        Some(Self(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    #[inline]
    fn verify(&mut self, message: &[u8], tag: &[u8; 32]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}
