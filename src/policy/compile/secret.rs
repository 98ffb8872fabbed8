//! Secrets that the document refers to or holds.

use alloc::format;
use alloc::string::ToString;

use zeroize::Zeroizing;

use super::super::fields::Fields;
use super::super::secrets::SecretBytes;
use super::Work;

/// The fewest bytes of what a client presents as it is: an API key or a passphrase.
pub(super) const MIN_PRESENTED: usize = 8;

/// The secret that `fields` refer to: not empty, not blank. Errors stand at the reference.
pub(super) fn secret(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<SecretBytes> {
    let key = fields.key();
    let name = fields.text(key);
    let found = match key {
        "env" => work.secrets.env(name),
        "file" => work.secrets.file(name),
        _ => Ok(Zeroizing::new(name.as_bytes().to_vec())),
    };
    let fault = match found {
        Ok(bytes) if bytes.is_empty() => "the secret is empty; put a secret there".to_string(),
        Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => {
            "the secret is nothing but white space; put a secret there".to_string()
        }
        Ok(bytes) => return Some(bytes),
        Err(message) => message,
    };
    work.problems.add(fields.at(key), fault);
    None
}

/// A secret that clients present as it is: long enough, and without control characters, which no
/// header can carry.
pub(super) fn presented(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Option<SecretBytes> {
    let bytes = secret(fields, work)?;
    let fault = if bytes.len() < MIN_PRESENTED {
        format!("the secret has less than {MIN_PRESENTED} bytes; write a longer one")
    } else if bytes.iter().any(u8::is_ascii_control) {
        "the secret has a line end or another control character; remove it".to_string()
    } else {
        return Some(bytes);
    };
    work.problems.add(fields.at(fields.key()), fault);
    None
}
