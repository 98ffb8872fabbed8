//! Credentials in members of a JSON body: `{"login": "...", "pass": "...", ...}`.

use zeroize::Zeroize;

use crate::decision::Reason;
use crate::primitive::json::{JsonString, Malformed, Value, read_members};

/// The most bytes of a login or a passphrase.
pub const MAX_MEMBER: usize = 256;

/// A login and a passphrase that were read from a body. They are wiped when they are dropped.
pub struct BodyLogin {
    login: Member,
    pass: Member,
}

impl BodyLogin {
    /// Reads the string members named `login` and `pass` of the JSON object `body`. The whole
    /// body is read, whatever the order of its members.
    ///
    /// # Errors
    ///
    /// - [`Reason::MalformedBody`]: the body is not a JSON object, a wanted member occurs twice
    ///   (however it is spelled), is not a string or has more than [`MAX_MEMBER`] bytes.
    /// - [`Reason::NoCredential`]: a wanted member is missing.
    pub fn read(body: &[u8], login: &str, pass: &str) -> Result<Self, Reason> {
        let mut found = Self { login: Member::EMPTY, pass: Member::EMPTY };
        let read = read_members(body, |name, value| {
            if name.means(login) {
                found.login.set(value)
            } else if name.means(pass) {
                found.pass.set(value)
            } else {
                Ok(())
            }
        });
        match read {
            Err(Malformed) => Err(Reason::MalformedBody),
            Ok(()) if found.login.present && found.pass.present => Ok(found),
            Ok(()) => Err(Reason::NoCredential),
        }
    }

    /// The login.
    pub fn login(&self) -> &[u8] {
        self.login.octets()
    }

    /// The passphrase.
    pub fn pass(&self) -> &[u8] {
        self.pass.octets()
    }
}

struct Member {
    bytes: [u8; MAX_MEMBER],
    length: usize,
    present: bool,
}

impl Member {
    const EMPTY: Self = Self { bytes: [0; MAX_MEMBER], length: 0, present: false };

    fn set(&mut self, value: Value<'_>) -> Result<(), Malformed> {
        if self.present {
            return Err(Malformed);
        }
        let Value::String(text) = value else { return Err(Malformed) };
        self.length = JsonString::write(text, &mut self.bytes).ok_or(Malformed)?;
        self.present = true;
        Ok(())
    }

    fn octets(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
