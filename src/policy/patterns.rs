//! The forms of text in a policy document.

use super::shape::Pattern;
use crate::primitive::text::is_lower_name;

/// Any text.
pub(super) const ANY: Pattern = Pattern { regex: "", wants: "text", accepts: |_| true };

/// Networks in one text. What is wrong with one of them is said with its place in the text, which
/// is for the compiler of the policy.
pub(super) const NETWORK_LIST: Pattern =
    Pattern { wants: "networks separated by commas, such as \"10.0.0.0/28,192.0.2.7\"", ..ANY };

/// One network.
pub(super) const NETWORK: Pattern =
    Pattern { wants: "an address or a network such as \"10.0.0.0/28\"", ..ANY };

/// Printable ASCII with spaces.
pub(super) const PRINTABLE: Pattern = Pattern {
    regex: "^[ -~]*$",
    wants: "printable ASCII",
    accepts: |text| every(text, |byte| matches!(byte, b' '..=b'~')),
};

/// Printable ASCII without spaces.
pub(super) const VISIBLE: Pattern = Pattern {
    regex: "^[!-~]*$",
    wants: "printable ASCII without spaces",
    accepts: |text| every(text, |byte| byte.is_ascii_graphic()),
};

/// The names of environments and rates.
pub(super) const LOWER_NAME: Pattern = Pattern {
    regex: "^[a-z0-9_-]*$",
    wants: "a name of lower-case letters, digits, \"_\" and \"-\"",
    accepts: is_lower_name,
};

/// The names of schemes.
pub(super) const SCHEME_NAME: Pattern = Pattern {
    regex: "^[a-z0-9][a-z0-9-]*$",
    wants: "a scheme name of lower-case letters, digits and \"-\", the first no \"-\"",
    accepts: |text| {
        text.starts_with(|first| first != '-') && every(text, |byte| is_lower(byte) || byte == b'-')
    },
};

/// The names of routes, and of members of a JSON body.
pub(super) const NAME: Pattern = Pattern {
    regex: "^[A-Za-z0-9_.-]*$",
    wants: "a name of letters, digits, \"_\", \".\" and \"-\"",
    accepts: |text| every(text, is_name),
};

/// The ids of credentials.
pub(super) const ID: Pattern = Pattern {
    regex: "^[A-Za-z0-9_.:@-]*$",
    wants: "an id of letters, digits, \"_\", \".\", \":\", \"@\" and \"-\"",
    accepts: |text| every(text, |byte| is_name(byte) || matches!(byte, b':' | b'@')),
};

/// A token (RFC 9110 section 5.6.2): header names.
pub(super) const HEADER: Pattern = Pattern {
    regex: "^[!#$%&'*+.^_`|~0-9A-Za-z-]*$",
    wants: "a header name",
    accepts: |text| every(text, is_token),
};

/// A token: methods (RFC 9110 section 9.1).
pub(super) const METHOD: Pattern = Pattern { wants: "a method such as \"POST\"", ..HEADER };

/// A content coding (RFC 9110 section 8.4.1) in lower case.
pub(super) const CODING: Pattern = Pattern {
    regex: "^[a-z0-9-]*$",
    wants: "a content coding such as \"gzip\" in lower case",
    accepts: |text| every(text, |byte| is_lower(byte) || byte == b'-'),
};

/// A media type without parameters in lower case (RFC 6838 section 4.2).
pub(super) const MEDIA_TYPE: Pattern = Pattern {
    regex: "^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$",
    wants: "a media type such as \"application/json\" in lower case without parameters",
    accepts: |text| match text.split_once('/') {
        Some((kind, subtype)) => is_media_word(kind) && is_media_word(subtype),
        None => false,
    },
};

/// A host as in the Host header (RFC 9110 section 7.2).
pub(super) const HOST: Pattern = Pattern {
    regex: "^([A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$",
    wants: "a host name such as \"api.example.com\", with \":port\" where it is not the usual one",
    accepts: is_host,
};

/// A scope token (RFC 6749 section 3.3).
pub(super) const SCOPE: Pattern = Pattern {
    regex: "^[!#-\\[\\]-~]*$",
    wants: "a scope of printable ASCII without spaces, quotes and backslashes",
    accepts: |text| every(text, |byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')),
};

/// A SHA-256 value.
pub(super) const SHA256: Pattern = Pattern {
    regex: "^[0-9a-f]*$",
    wants: "a SHA-256 value in lower-case hex",
    accepts: |text| every(text, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
};

/// A hash of a password, as the PHC string format and its forerunners begin it. What follows is
/// for the compiler of the policy to say.
pub(super) const PASSWORD_HASH: Pattern = Pattern {
    regex: "^[$][!-~]*$",
    wants: "a hash that begins with $argon2id$, $2b$, $pbkdf2-sha256$ or $pbkdf2-sha512$",
    accepts: |text| text.starts_with('$') && every(text, |byte| byte.is_ascii_graphic()),
};

/// The form of a time; whether there is such a day is for the compiler of the policy to say.
pub(super) const TIME: Pattern = Pattern {
    regex: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    wants: "a time such as \"2026-01-31T00:00:00Z\"",
    accepts: |text| {
        let form = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
        form.eq(*b"0000-00-00T00:00:00Z")
    },
};

/// The user of HTTP Basic (RFC 7617 section 2): no colon and no control characters.
pub(super) const USER: Pattern = Pattern {
    regex: "^[^:\\u0000-\\u001F\\u007F]*$",
    wants: "a user name without colons and control characters",
    accepts: |text| every(text, |byte| byte != b':' && !byte.is_ascii_control()),
};

/// The name of an environment variable (POSIX.1 section 8.1).
pub(super) const VARIABLE: Pattern = Pattern {
    regex: "^[A-Za-z_][A-Za-z0-9_]*$",
    wants: "the name of an environment variable",
    accepts: |text| {
        text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && every(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
    },
};

/// A file path.
pub(super) const FILE: Pattern =
    Pattern { regex: "^[^\\u0000]*$", wants: "a file path", accepts: |text| !text.contains('\0') };

/// An absolute URL of the web, in the characters that RFC 3986 allows or escapes.
pub(super) const URL: Pattern = Pattern {
    regex: "^https?://[!-~]+$",
    wants: "a URL that begins with \"https://\" or \"http://\"",
    accepts: |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && every(rest, |byte| byte.is_ascii_graphic()))
    },
};

fn every(text: &str, accepts: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(accepts)
}

fn is_lower(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_media_word(text: &str) -> bool {
    !text.is_empty() && every(text, |byte| is_lower(byte) || b"!#$&^_.+-".contains(&byte))
}

fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    is_host_name(name) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && every(text, |byte| byte.is_ascii_digit())
}

fn is_host_name(name: &str) -> bool {
    if let Some(rest) = name.strip_prefix('[') {
        let digit = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return rest.strip_suffix(']').is_some_and(|ip| !ip.is_empty() && every(ip, digit));
    }
    let label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    name.split('.').all(|part| !part.is_empty() && every(part, label))
}
