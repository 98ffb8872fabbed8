//! Access tokens under a policy: what all of them have in common, and why one is refused.

use alloc::boxed::Box;

use super::compiled::{Credential, Policy};
use crate::decision::Reason;
use crate::primitive::text::Text;
use crate::token::{Claims, Grant, MAX_SCOPE, Refusal, Rules, TokenKey, issue, verify};

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

    /// Whether a key is active that could sign a token now.
    pub(crate) fn can_issue_tokens(&self, unix_ms: u64) -> bool {
        let mut keys = self.tokens.iter().flat_map(|tokens| &tokens.keys);
        keys.any(|key| key.is_active(unix_ms))
    }

    /// Issues a token to `credential`, limited to `scope` if that is there, and writes it into
    /// `out`.
    pub(crate) fn issue_token<'b>(
        &self,
        credential: &Credential,
        scope: Option<&str>,
        unix_ms: u64,
        out: &'b mut [u8],
    ) -> Option<&'b str> {
        let tokens = self.tokens.as_ref()?;
        let generation = credential.generation;
        let grant = Grant { subject: credential.id.as_str(), generation, scope };
        issue(&tokens.keys, &self.token_rules(tokens), &grant, unix_ms, out).ok()
    }

    /// How long a token lives, in seconds.
    pub(crate) fn token_lifetime_s(&self) -> u64 {
        self.tokens.as_ref().map_or(0, |tokens| tokens.lifetime_s)
    }

    /// The bit of the scope called `name`, if there is one.
    pub(crate) fn scope_bit(&self, name: &[u8]) -> Option<u128> {
        let place = self.scopes.iter().position(|scope| scope.as_bytes() == name)?;
        1_u128.checked_shl(u32::try_from(place).ok()?)
    }

    /// The scopes of these bits, with one space between two of them.
    pub(crate) fn scope_list(&self, bits: u128) -> Text<MAX_SCOPE> {
        let mut list = Text::EMPTY;
        for (place, name) in self.scopes.iter().enumerate() {
            if bits.checked_shr(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0) & 1 == 1 {
                if !list.is_empty() {
                    list.push(" ");
                }
                list.push(name);
            }
        }
        list
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
