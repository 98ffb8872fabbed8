//! The names and texts of reasons.

use core::ffi::CStr;

use super::boundary::{Bytes, guard};

macro_rules! reasons {
    ($($number:literal, $variant:ident, $name:literal, $status:literal, $group:ident, $text:literal;)*) => {
        /// Number, name and text of every reason, each text with its NUL.
        const TEXTS: &[(u32, &str, &str)] = &[
            (0, "none\0", "nothing was decided\0"),
            $(($number, concat!($name, "\0"), concat!($text, "\0")),)*
        ];
    };
}

include!("../decision/reasons.rs");

/// Words that stand for groups of reasons, each with its NUL: see `Reason::public_name`.
const PUBLIC: &[&str] = &["unauthorized\0", "unavailable\0", "internal\0"];

fn to_c(text: &'static str) -> &'static CStr {
    CStr::from_bytes_until_nul(text.as_bytes()).unwrap_or(c"")
}

/// Not a loop over the table, which the compiler makes a jump for each number of.
#[inline(never)]
fn find(number: u32) -> Option<&'static (u32, &'static str, &'static str)> {
    let place = TEXTS.binary_search_by_key(&number, |(known, ..)| *known).ok()?;
    TEXTS.get(place)
}

/// The text of a public name, which is one of those above.
pub(super) fn public_text(name: &str) -> &'static CStr {
    let names = TEXTS.iter().map(|(_, name, _)| *name).chain(PUBLIC.iter().copied());
    to_c(
        names
            .into_iter()
            .find(|known| known.strip_suffix('\0') == Some(name))
            .unwrap_or("internal\0"),
    )
}

/// The stable name of a tollgate_reason, such as "sig_mismatch"; "unknown" for a number that is
/// none. The text is static and ended by a NUL that `len` does not count.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_reason_name(reason: u32) -> Bytes {
    guard(Bytes::EMPTY, || {
        Bytes::from_static(find(reason).map_or(c"unknown", |(_, name, _)| to_c(name)))
    })
}

/// One sentence for the operator about a tollgate_reason, without a full stop; "unknown reason"
/// for a number that is none. The text is static and ended by a NUL that `len` does not count.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_reason_text(reason: u32) -> Bytes {
    guard(Bytes::EMPTY, || {
        Bytes::from_static(find(reason).map_or(c"unknown reason", |(_, _, text)| to_c(text)))
    })
}

/// The HTTP status of a tollgate_reason once the caller is authenticated, as the table of reasons
/// lists it; 500 for a number that is none. What to answer a request with is in its decision.
#[unsafe(no_mangle)]
pub extern "C" fn tollgate_reason_http_status(reason: u32) -> u32 {
    guard(500, || {
        crate::decision::Reason::from_number(reason)
            .map_or(500, |reason| u32::from(reason.http_status()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Reason;

    #[test]
    fn every_reason_has_its_texts() {
        assert_eq!(TEXTS.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(tollgate_reason_name(reason.number()).as_static(), reason.name().as_bytes());
            assert_eq!(tollgate_reason_text(reason.number()).as_static(), reason.text().as_bytes());
            assert_eq!(
                tollgate_reason_http_status(reason.number()),
                u32::from(reason.http_status())
            );
            assert_eq!(public_text(reason.public_name()).to_str(), Ok(reason.public_name()));
        }
        assert_eq!(tollgate_reason_name(99_999).as_static(), b"unknown");
        assert_eq!(tollgate_reason_text(99_999).as_static(), b"unknown reason");
    }
}
