//! The tags of a message, computed while its body comes in: what verifying and signing share.

use super::mac::{Mac, MacKey, Tag};
use super::parts::{BodyDigest, Sent, Tail};
use super::{Part, Scheme};
use crate::decision::{Denial, Reason};
use crate::request::Request;

/// The most keys that one signature is tried with, or one message is signed with.
pub const MAX_GENERATIONS: usize = 4;

/// The tags of one message under several keys.
#[derive(Clone)]
pub(super) struct Computation {
    pub(super) macs: [Option<Mac>; MAX_GENERATIONS],
    pub(super) covers_body: bool,
    digest: Option<BodyDigest>,
    /// `None` as long as nothing is signed behind the body.
    pub(super) tail: Option<Tail>,
}

impl Computation {
    /// One that was not begun, and has no tags. No constant: that would be copied byte by byte,
    /// however little of it says something.
    #[inline]
    pub(super) fn none() -> Self {
        Self { macs: [None, None, None, None], covers_body: false, digest: None, tail: None }
    }

    /// Starts a MAC for each of `keys`, or a digest where the algorithm has no key, and reads the
    /// parts before and behind the body. A key of another algorithm has no tag.
    pub(super) fn begin<'a, 'k>(
        &mut self,
        scheme: &'a Scheme,
        keys: impl Iterator<Item = &'k MacKey>,
        request: &Request<'a>,
        sent: Sent<'_>,
    ) -> Result<(), Denial<'a>> {
        if scheme.algorithm.is_keyed() {
            for (room, key) in self.macs.iter_mut().zip(keys) {
                if key.algorithm() == scheme.algorithm {
                    key.start(room);
                }
            }
        } else {
            let [first, ..] = &mut self.macs;
            *first = Some(Mac::unkeyed());
        }
        if self.macs.iter().all(Option::is_none) {
            return Err(Reason::NoSecret.into());
        }
        let Self { macs, digest, tail, .. } = self;
        scheme.split_parts(request, sent, digest, tail, |text| feed(macs, text))?;
        self.covers_body = scheme.parts.iter().any(|part| matches!(part, Part::Body));
        Ok(())
    }

    /// Takes the next piece of the body.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        if self.covers_body {
            feed(&mut self.macs, bytes);
        }
        if let Some(digest) = &mut self.digest {
            digest.update(bytes);
        }
    }

    /// Puts the tags into `tags`, in the order of the keys; the keys are forgotten.
    pub(super) fn finish(&mut self, tags: &mut [Option<Tag>; MAX_GENERATIONS]) {
        let macs = &mut self.macs;
        if let Some(tail) = &self.tail {
            tail.emit(self.digest.take(), |text| feed(macs, text));
        }
        for (mac, tag) in self.macs.iter_mut().zip(tags) {
            *tag = None;
            if let Some(running) = mac {
                *tag = Some(running.tag());
                *mac = None;
            }
        }
    }
}

fn feed(macs: &mut [Option<Mac>], bytes: &[u8]) {
    for mac in macs.iter_mut().flatten() {
        mac.update(bytes);
    }
}
