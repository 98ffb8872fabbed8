//! What the table of reasons says of each. The numbers have wide gaps, for which a `match` over
//! them would take an address each, so they are looked up.

use super::{Group, Reason};

/// What the table says of one reason.
pub(super) struct Row {
    pub(super) reason: Reason,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) http_status: u16,
    pub(super) group: Group,
}

macro_rules! reasons {
    ($($number:literal, $variant:ident, $name:literal, $status:literal, $group:ident, $text:literal;)*) => {
        /// One for each reason. The first stands for a number that is none.
        const ROWS: &[Row] = &[
            Row::NONE,
            $(Row {
                reason: Reason::$variant,
                name: $name,
                text: $text,
                http_status: $status,
                group: Group::$group,
            },)*
        ];
    };
}

include!("reasons.rs");

/// One more than the last number.
const END: usize = match ROWS.last() {
    Some(row) => (row.reason as usize).saturating_add(1),
    None => 0,
};

/// The place of each number in the rows.
static PLACES: [u8; END] = {
    let mut table = [0; END];
    let mut rest = ROWS;
    let mut place = 0;
    while let [row, after @ ..] = rest {
        #[allow(
            clippy::indexing_slicing,
            clippy::arithmetic_side_effects,
            reason = "in a constant, where they cannot fail unseen"
        )]
        {
            table[row.reason as usize] = place;
            place += 1;
        }
        rest = after;
    }
    table
};

/// The place of the reason with this number in the table, and 0 for a number that is none.
pub(super) const fn place(number: u32) -> usize {
    match PLACES.split_at_checked(number as usize) {
        Some((_, [place, ..])) => *place as usize,
        _ => 0,
    }
}

impl Row {
    const NONE: Self = Self {
        reason: Reason::None,
        name: "none",
        text: "nothing was decided",
        http_status: 500,
        group: Group::Undecided,
    };

    /// The row of the reason with this number, and that of [`Reason::None`] for any other number.
    pub(super) const fn find(number: u32) -> &'static Self {
        match ROWS.split_at_checked(place(number)) {
            Some((_, [row, ..])) => row,
            _ => &Self::NONE,
        }
    }
}
