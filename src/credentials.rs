//! The wire formats of credentials: they are parsed here, and decided on elsewhere.

pub mod authorization;
pub mod basic;
pub mod bearer;
pub mod body;
pub mod token_form;

use crate::primitive::data::Data;

/// A way in which a route lets callers say who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// `Authorization: Bearer` (RFC 6750) with an API key as the token.
    Bearer,
    /// `Authorization: Bearer` with an access token that the policy has the keys of. On a route
    /// that takes API keys there too, what has a dot is a token.
    Token,
    /// An API key in a header of its own.
    ApiKey {
        /// The name of the header.
        header: Data<str>,
    },
    /// An API key and a passphrase as members of a JSON body.
    Body {
        /// The member with the API key, which is the Basic user.
        login: Data<str>,
        /// The member with the passphrase.
        pass: Data<str>,
    },
    /// A client id and a client secret in the form that goes to a token endpoint (RFC 6749
    /// section 2.3.1).
    Form,
    /// A key that stands before the signature, where the scheme of the route says.
    SignatureKey,
    /// The route itself knows whose requests it takes; a signature proves it.
    Fixed,
}
