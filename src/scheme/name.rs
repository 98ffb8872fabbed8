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
    /// The MACs under all keys, once one of them was found in the request.
    tags: [Option<Tag>; MAX_GENERATIONS],
    proved: bool,
}

impl Name {
    pub(super) const fn none() -> Self {
        Self { id: ([0; MAX_ID], 0), tags: [None; MAX_GENERATIONS], proved: false }
    }

    fn of_id(id: &[u8]) -> Self {
        let mut name = Self::none();
        let digest;
        let kept = match id.len() {
            ..=MAX_ID => id,
            _ => {
                digest = sha256(id);
                &digest[..]
            }
        };
        let (room, length) = &mut name.id;
        *length = copy_at(room, 0, kept).unwrap_or(0);
        name
    }

    /// The message was found genuine; these are its MACs.
    pub(super) fn prove(&mut self, tags: [Option<Tag>; MAX_GENERATIONS]) {
        self.proved = true;
        if self.id.1 == 0 {
            self.tags = tags;
        }
    }

    /// The names; none as long as the message is not proved.
    pub(super) fn ids(&self) -> impl Iterator<Item = &[u8]> {
        let (room, length) = &self.id;
        let id = room.get(..*length).filter(|id| self.proved && !id.is_empty());
        id.into_iter().chain(self.tags.iter().flatten().map(|tag| tag.0.as_slice()))
    }
}

impl Scheme {
    /// The name of a message that carries this id. Only one id can be read from the signed string
    /// if it is the first part that varies and a single byte ends it, which [`Scheme::split_parts`]
    /// allows nowhere in it. Any other id could run into what stands beside it.
    pub(super) fn name_of(&self, id: &[u8]) -> Name {
        let mut parts = self.parts.iter().skip_while(|part| matches!(part, Part::Literal(_)));
        match (parts.next(), parts.next()) {
            (Some(Part::Id), Some(Part::Literal(end))) if end.len() == 1 => Name::of_id(id),
            _ => Name::none(),
        }
    }
}
