//! A strict reader for what HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530) use of
//! Structured Fields (RFC 8941): dictionaries, byte sequences, and parameters with integers and
//! strings, without an allocator.
//!
//! Where RFC 8941 lets the last of two members with one key win, this one refuses; and parameters
//! are taken only as section 4.1 would write them, so that their text is what was signed.

/// The text has not the form of RFC 8941, or a key twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The text of the member `key` of the dictionary that `text` is, without its key; `None` if there
/// is none.
pub(crate) fn member<'a>(text: &'a [u8], key: &str) -> Result<Option<&'a [u8]>, Malformed> {
    let mut found = None;
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (item, after) = split_at_comma(text)?;
        rest = after;
        let (name, value) = split_key(item.trim_ascii())?;
        if name == key.as_bytes() && found.replace(value).is_some() {
            return Err(Malformed);
        }
    }
    Ok(found)
}

/// What stands before the first comma outside of strings, and what stands behind it.
fn split_at_comma(text: &[u8]) -> Result<(&[u8], Option<&[u8]>), Malformed> {
    let (mut quoted, mut escaped) = (false, false);
    let end = text.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return true,
            _ => {}
        }
        false
    });
    match end.and_then(|end| text.split_at_checked(end)) {
        None if quoted => Err(Malformed),
        None => Ok((text, None)),
        Some((item, rest)) => Ok((item, rest.get(1..))),
    }
}

/// The key of a member and what stands behind its `=`.
fn split_key(item: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let end = item.iter().position(|byte| *byte == b'=').ok_or(Malformed)?;
    match item.split_at_checked(end) {
        Some((key, [_, value @ ..])) if is_key(key) => Ok((key, value)),
        _ => Err(Malformed),
    }
}

/// Whether `text` is a key (RFC 8941 section 3.1.2).
pub(crate) fn is_key(text: &[u8]) -> bool {
    let first = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'*';
    let later = |byte: &u8| first(byte) || byte.is_ascii_digit() || b"_-.".contains(byte);
    text.first().is_some_and(first) && text.iter().all(later)
}

/// The base64 text of a byte sequence (RFC 8941 section 3.3.5), which has no parameters.
pub(crate) fn byte_sequence(value: &[u8]) -> Result<&[u8], Malformed> {
    let inner = value.strip_prefix(b":").and_then(|rest| rest.strip_suffix(b":"));
    inner.filter(|text| !text.contains(&b':')).ok_or(Malformed)
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare<'a> {
    /// The digits of an integer that is not negative.
    Integer(&'a [u8]),
    /// What stands between the quotes of a string, with its escapes.
    String(&'a [u8]),
}

/// Gives the parameters in `text`, `;key=value` one after the other, to `visit`.
pub(crate) fn parameters<'a>(
    mut text: &'a [u8],
    mut visit: impl FnMut(&'a [u8], Bare<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    while let [first, rest @ ..] = text {
        if *first != b';' {
            return Err(Malformed);
        }
        let (key, value) = split_key(rest)?;
        let (value, rest) = bare_item(value)?;
        visit(key, value)?;
        text = rest;
    }
    Ok(())
}

/// The integer or string that `text` begins with, and what follows it.
fn bare_item(text: &[u8]) -> Result<(Bare<'_>, &[u8]), Malformed> {
    match text {
        [b'"', rest @ ..] => string(rest),
        _ => integer(text),
    }
}

/// At most 15 digits (RFC 8941 section 3.3.1), and no zero before others.
fn integer(text: &[u8]) -> Result<(Bare<'_>, &[u8]), Malformed> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match text.split_at_checked(length) {
        Some(([b'0', _, ..], _)) => Err(Malformed),
        Some((digits @ [_, ..], rest)) if length <= 15 => Ok((Bare::Integer(digits), rest)),
        _ => Err(Malformed),
    }
}

/// Visible ASCII and spaces; a backslash before a quote or a backslash and nowhere else (RFC 8941
/// section 3.3.3). The quote that opens it is gone.
fn string(text: &[u8]) -> Result<(Bare<'_>, &[u8]), Malformed> {
    let mut rest = text;
    loop {
        rest = match rest {
            [b'"', after @ ..] => {
                let length = text.len().saturating_sub(rest.len());
                return Ok((Bare::String(text.get(..length).ok_or(Malformed)?), after));
            }
            [b'\\', b'"' | b'\\', after @ ..] => after,
            [b'\\', ..] => return Err(Malformed),
            [b' '..=b'~', after @ ..] => after,
            _ => return Err(Malformed),
        };
    }
}

#[cfg(test)]
mod tests;
