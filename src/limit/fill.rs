//! How full a memory is.

/// How full a memory is.
///
/// Entries are spread by chance: a memory takes about twice as many as it is meant for before the
/// first one finds no room. So it is time for a larger one when `used` comes near `room`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// How many entries take room.
    pub used: u64,
    /// How many entries the memory is meant for: as many as it was initialised for, or a few more.
    pub room: u64,
}

impl Fill {
    /// So many entries, in `buckets` buckets that are meant for `each`.
    pub(super) fn new(used: usize, buckets: usize, each: usize) -> Self {
        Self { used: used as u64, room: (buckets as u64).saturating_mul(each as u64) }
    }
}
