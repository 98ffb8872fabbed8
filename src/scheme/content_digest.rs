//! Content-Digest (RFC 9530): a digest of the body in a header, which a signature can cover so that
//! it covers the body.

use super::Part;
use super::Scheme;
use crate::decision::{Denial, Reason};
use crate::primitive::base64::{self, Alphabet, Padding};
use crate::primitive::compare::equal_arrays;
use crate::primitive::sha2::{Sha256, Sha512};
use crate::primitive::structured;
use crate::request::Request;

/// The header.
pub(super) const CONTENT_DIGEST: &str = "Content-Digest";

/// A body that is compared with its digest while it comes in.
#[derive(Clone)]
pub(super) enum BodyCheck {
    Sha256(Sha256, [u8; 32]),
    Sha512(Sha512, [u8; 64]),
}

impl BodyCheck {
    /// The check of the body of `request`.
    ///
    /// # Errors
    ///
    /// [`Reason::SignedPartMissing`]: the header is not there or has no digest that is known.
    pub(super) fn begin(request: &Request<'_>) -> Result<Self, Denial<'static>> {
        let check = request.single(CONTENT_DIGEST)?.and_then(Self::read);
        check.ok_or(Denial::about(Reason::SignedPartMissing, CONTENT_DIGEST))
    }

    /// What the value of the header says: the SHA-512 if there is one, else the SHA-256. Digests of
    /// other algorithms are not looked at (RFC 9530 section 2), but there has to be one of the two.
    fn read(value: &[u8]) -> Option<Self> {
        let digest = |key| structured::member(value, key).ok();
        if let Some(text) = digest("sha-512")? {
            return Some(Self::Sha512(Sha512::new(), decode(text)?));
        }
        Some(Self::Sha256(Sha256::new(), decode(digest("sha-256")??)?))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash, _) => hash.update(bytes),
            Self::Sha512(hash, _) => hash.update(bytes),
        }
    }

    /// Whether the body was the one of the digest.
    pub(super) fn holds(self) -> bool {
        match self {
            Self::Sha256(hash, expected) => equal_arrays(&hash.finish(), &expected),
            Self::Sha512(hash, expected) => equal_arrays(&hash.finish(), &expected),
        }
    }
}

fn decode<const N: usize>(value: &[u8]) -> Option<[u8; N]> {
    let text = structured::byte_sequence(value).ok()?;
    let mut digest = [0; N];
    let decoded = base64::decode(text, Alphabet::Standard, Padding::Required, &mut digest).ok()?;
    (decoded.len() == N).then_some(digest)
}

impl Scheme {
    /// Whether the scheme covers the digest of the body in the header.
    pub(super) fn covers_content_digest(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::ContentDigest))
    }
}
