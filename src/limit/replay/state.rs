//! The state word of a cell: whose period, what became of the claim, and until when it stands.
//!
//! ```text
//! bits 32..64   the tag of the period
//!      30..32   kind
//!      22..30   how often the message was claimed, so that no claim is mistaken for a later one
//!       0..22   the end of the lease, in seconds from the beginning of the period; all ones: none
//! ```

const KIND_SHIFT: u32 = 30;
const COUNT_SHIFT: u32 = 22;
const COUNT_MASK: u64 = 0xff;
const NO_END: u64 = (1 << COUNT_SHIFT) - 1;

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody is at it.
    Pending = 0,
    /// It was processed.
    Confirmed = 1,
    /// It was given back.
    Released = 2,
    /// It was free, and is claimed in the next period.
    Moved = 3,
}

/// A state word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State(pub(super) u64);

impl State {
    /// A first claim until `end`, seconds from the beginning of the period.
    pub(super) fn pending(tag: u32, end: Option<u64>) -> Self {
        let end = end.map_or(NO_END, |end| end.min(NO_END));
        Self(u64::from(tag) << 32 | end)
    }

    /// The claim that follows this one.
    pub(super) fn again(self, end: Option<u64>) -> Self {
        let count = (self.0 >> COUNT_SHIFT).wrapping_add(1) & COUNT_MASK;
        Self(Self::pending(self.tag(), end).0 | count << COUNT_SHIFT)
    }

    pub(super) const fn tag(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) const fn kind(self) -> Kind {
        match self.0 >> KIND_SHIFT & 3 {
            0 => Kind::Pending,
            1 => Kind::Confirmed,
            2 => Kind::Released,
            _ => Kind::Moved,
        }
    }

    /// The same claim, with another kind.
    pub(super) const fn with(self, kind: Kind) -> Self {
        Self(self.0 & !(3 << KIND_SHIFT) | (kind as u64) << KIND_SHIFT)
    }

    /// Whether the message may be claimed again, so many seconds into the period.
    pub(super) const fn is_free(self, second: u64) -> bool {
        let end = self.0 & NO_END;
        match self.kind() {
            Kind::Released => true,
            Kind::Pending => end != NO_END && second >= end,
            Kind::Confirmed | Kind::Moved => false,
        }
    }

    /// Whether nobody has the message by this cell, so many seconds into the period.
    pub(super) const fn is_open(self, second: u64) -> bool {
        self.is_free(second) || matches!(self.kind(), Kind::Moved)
    }
}
