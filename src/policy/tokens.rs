//! Access tokens under a policy: what all of them have in common, and why one is refused.

use alloc::boxed::Box;

use super::compiled::Policy;
use crate::decision::Reason;
use crate::token::{Claims, Refusal, Rules, TokenKey, verify};

/// How access tokens are issued and verified.
pub(crate) struct Tokens {
    /// Who issues them.
    pub(crate) issuer: Box<str>,
    /// The header member `typ`.
    pub(crate) token_type: Box<str>,
    /// How long one lives, in seconds.
    pub(crate) lifetime_s: u64,
    /// How far the clock of an issuer may differ, in seconds.
    pub(crate) leeway_s: u64,
    /// The keys, those that begin last first: the first that is active signs.
    pub(crate) keys: Box<[TokenKey]>,
}

impl Policy {
    /// What `token` says, once its signature was found right. Nothing else about a token is told
    /// apart before: a stranger can neither guess a time nor an environment.
    pub(crate) fn read_token(&self, token: &[u8], unix_ms: u64) -> Result<Claims, Reason> {
        let tokens = self.tokens.as_ref().ok_or(Reason::Internal)?;
        verify(token, &tokens.keys, &self.token_rules(tokens), unix_ms).map_err(reason)
    }

    /// What every token has in common.
    fn token_rules<'p>(&'p self, tokens: &'p Tokens) -> Rules<'p> {
        Rules {
            issuer: &tokens.issuer,
            audience: &self.environment,
            token_type: &tokens.token_type,
            lifetime_s: tokens.lifetime_s,
            leeway_s: tokens.leeway_s,
        }
    }
}

const fn reason(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::Malformed | Refusal::ExtensionNotAllowed | Refusal::WrongType => {
            Reason::TokenMalformed
        }
        Refusal::AlgorithmNotAllowed => Reason::AlgNotAllowed,
        Refusal::UnknownKey | Refusal::KeyNotActive => Reason::UnknownKid,
        Refusal::BadSignature => Reason::TokenBadSig,
        Refusal::WrongIssuer | Refusal::WrongAudience => Reason::WrongEnvironment,
        Refusal::LifetimeTooLong => Reason::LifetimeTooLong,
        Refusal::NotYetValid => Reason::TokenNotYet,
        Refusal::Expired => Reason::TokenExpired,
    }
}
