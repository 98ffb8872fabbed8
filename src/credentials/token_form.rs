//! What a token endpoint is asked for: the form of RFC 6749 section 4.4.2, with the client's
//! credentials in it or not (section 2.3.1).

use zeroize::Zeroize;

use crate::decision::Reason;
use crate::primitive::form::{FormText, Malformed, read_pairs};

/// The most bytes of a client id or a client secret.
pub const MAX_CLIENT: usize = 256;

/// The most bytes of a list of scopes.
pub const MAX_SCOPE: usize = 1024;

/// A form that was read. It is wiped when it is dropped.
pub struct TokenForm {
    client_id: Field<MAX_CLIENT>,
    client_secret: Field<MAX_CLIENT>,
    scope: Field<MAX_SCOPE>,
    grant_type: Option<bool>,
}

impl TokenForm {
    /// Reads the form `body`. A parameter without a value counts as absent, and one that is not
    /// known is not looked at (RFC 6749 section 3.2).
    ///
    /// # Errors
    ///
    /// [`Reason::BadGrantRequest`]: the body is no form, a parameter stands twice or is longer
    /// than [`MAX_CLIENT`] and [`MAX_SCOPE`] allow, or a secret comes without an id.
    pub fn read(body: &[u8]) -> Result<Self, Reason> {
        let mut form = Self {
            client_id: Field::EMPTY,
            client_secret: Field::EMPTY,
            scope: Field::EMPTY,
            grant_type: None,
        };
        let mut sound = true;
        read_pairs(body, |name, value| sound &= form.take(name, value).is_some())
            .map_err(|Malformed| Reason::BadGrantRequest)?;
        let owned = form.client_id.is_there() || !form.client_secret.is_there();
        if sound && owned { Ok(form) } else { Err(Reason::BadGrantRequest) }
    }

    /// Takes note of a parameter; `None` if it cannot be one.
    fn take(&mut self, name: FormText<'_>, value: FormText<'_>) -> Option<()> {
        if value.octets().next().is_none() {
            return Some(());
        }
        if name.means("client_id") {
            self.client_id.set(value)
        } else if name.means("client_secret") {
            self.client_secret.set(value)
        } else if name.means("scope") {
            self.scope.set(value)
        } else if name.means("grant_type") {
            let first = self.grant_type.replace(value.means("client_credentials")).is_none();
            first.then_some(())
        } else {
            Some(())
        }
    }

    /// The client's id and secret, if they are in the form. An empty secret may be left out.
    pub fn client(&self) -> Option<(&[u8], &[u8])> {
        self.client_id.is_there().then(|| (self.client_id.octets(), self.client_secret.octets()))
    }

    /// Whether the type of the grant is exactly `client_credentials`; `None` if there is none.
    pub const fn is_client_credentials(&self) -> Option<bool> {
        self.grant_type
    }

    /// The scopes that are asked for, as they stand there; `None` if none are.
    pub fn scope(&self) -> Option<&[u8]> {
        self.scope.is_there().then(|| self.scope.octets())
    }
}

/// The value of a parameter. It is not empty if it is there.
struct Field<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Field<N> {
    const EMPTY: Self = Self { bytes: [0; N], length: 0 };

    /// Sets the value, once; `None` the second time, and if it is too long.
    fn set(&mut self, value: FormText<'_>) -> Option<()> {
        if self.is_there() {
            return None;
        }
        self.length = value.write(&mut self.bytes)?;
        Some(())
    }

    const fn is_there(&self) -> bool {
        self.length > 0
    }

    fn octets(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

impl<const N: usize> Drop for Field<N> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}
