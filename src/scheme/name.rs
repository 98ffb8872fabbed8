//! What tells a genuine message from the others that were signed with the same keys.

use super::mac::Tag;
use super::{MAX_GENERATIONS, Part, Scheme};
use crate::primitive::copy_at;
use crate::primitive::sha2::sha256;

/// An id that is longer than this is kept as its SHA-256.
const MAX_ID: usize = 64;

/// The names of one message.
#[derive(Clone)]
pub(super) struct Name {
    /// The id that it carries, and its length; 0 if that does not name it.
    id: ([u8; MAX_ID], usize),
    proved: bool,
}

impl Name {
    pub(super) const fn none() -> Self {
        Self { id: ([0; MAX_ID], 0), proved: false }
    }

    /// The message is named by the id that it carries.
    pub(super) fn set_id(&mut self, id: &[u8]) {
        let digest;
        let kept = match id.len() {
            ..=MAX_ID => id,
            _ => {
                digest = sha256(id);
                &digest[..]
            }
        };
        let (room, length) = &mut self.id;
        *length = copy_at(room, 0, kept).unwrap_or(0);
    }

    /// The message was found genuine.
    pub(super) const fn prove(&mut self) {
        self.proved = true;
    }

    /// The names: the id, or else `tags`, the MACs under all keys; none as long as the message is
    /// not proved.
    pub(super) fn ids<'a>(
        &'a self,
        tags: &'a [Option<Tag>; MAX_GENERATIONS],
    ) -> impl Iterator<Item = &'a [u8]> {
        let (room, length) = &self.id;
        let id = room.get(..*length).filter(|id| !id.is_empty());
        let tags = if id.is_none() { &tags[..] } else { &[] };
        let names = id.into_iter().chain(tags.iter().flatten().map(|tag| tag.0.as_slice()));
        names.filter(|_| self.proved)
    }
}

impl Scheme {
    /// Whether a message is named by its id. Only one id can be read from the signed string
    /// if it is the first part that varies and a single byte ends it, which [`Scheme::split_parts`]
    /// allows nowhere in it. Any other id could run into what stands beside it.
    pub(super) fn names_by_id(&self) -> bool {
        let mut parts = self.parts.iter().skip_while(|part| matches!(part, Part::Literal(_)));
        match (parts.next(), parts.next()) {
            (Some(Part::Id), Some(Part::Literal(end))) => end.len() == 1,
            _ => false,
        }
    }
}
