//! The answer to a request: may it pass, and if not, why.
//!
//! Two vocabularies are never mixed. A *status* says whether a call worked; a [`Reason`] says why
//! a request was denied. A denied request is a successful call.

mod claim;
mod headers;
mod row;

use crate::primitive::text::Text;
pub use claim::{CLAIM_PLACES, Claim};
use row::Row;

/// Whether the request may pass. The zero value denies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Verdict {
    /// The request must not pass.
    #[default]
    Deny = 0,
    /// The request may pass.
    Allow = 1,
}

/// What kind of failure a reason is, and with it who may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Nothing was decided yet.
    Undecided,
    /// Not a failure.
    Pass,
    /// The form of the request.
    Shape,
    /// The body and its description.
    Media,
    /// The connection.
    Transport,
    /// Nothing was presented.
    Absent,
    /// What was presented is wrong.
    Credential,
    /// The time of the request.
    Time,
    /// The record behind a credential whose secret was right.
    State,
    /// What the credential may do.
    Authorization,
    /// Limits.
    Limit,
    /// Something that the gate needs is not there.
    Dependency,
    /// The library itself.
    Fault,
}

macro_rules! reasons {
    ($($number:literal, $variant:ident, $name:literal, $status:literal, $group:ident, $text:literal;)*) => {
        /// Why a request was denied, or how it passed. The zero value says that nothing was
        /// decided.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u32)]
        #[non_exhaustive]
        pub enum Reason {
            /// Nothing was decided yet.
            #[default]
            None = 0,
            $(#[doc = $text] $variant = $number,)*
        }

        impl Reason {
            /// Every reason, in the order of the numbers.
            pub const ALL: &'static [Reason] = &[Reason::None, $(Reason::$variant,)*];
        }
    };
}

include!("decision/reasons.rs");

impl Reason {
    /// The stable number.
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The place in [`ALL`](Self::ALL).
    pub(crate) const fn place(self) -> usize {
        row::place(self.number())
    }

    /// The reason with this number.
    pub const fn from_number(number: u32) -> Option<Reason> {
        let reason = Row::find(number).reason;
        if reason.number() == number { Some(reason) } else { None }
    }

    /// The stable name: lower case, words joined by `_`.
    pub const fn name(self) -> &'static str {
        Row::find(self.number()).name
    }

    /// One sentence for the operator, without a full stop.
    pub const fn text(self) -> &'static str {
        Row::find(self.number()).text
    }

    /// The HTTP status that answers the caller once the caller is authenticated; before that, see
    /// [`Decision::http_status`].
    pub const fn http_status(self) -> u16 {
        Row::find(self.number()).http_status
    }

    /// The kind of failure.
    pub const fn group(self) -> Group {
        Row::find(self.number()).group
    }

    /// What the caller may be told: the name where it gives nothing away, and one constant word
    /// for everything that could teach a stranger something about a credential.
    pub const fn public_name(self) -> &'static str {
        match self.group() {
            Group::Credential | Group::Time | Group::Undecided => "unauthorized",
            Group::Dependency => "unavailable",
            Group::Fault => "internal",
            _ => self.name(),
        }
    }
}

/// The checks, as bits of [`Decision::would_deny`]. Those that a route may run dry have a word in
/// the policy document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Check {
    /// The host is one that the policy serves.
    Host = 1,
    /// The connection is HTTPS.
    Https = 1 << 1,
    /// The required headers are there.
    RequiredHeaders = 1 << 2,
    /// The media type is right.
    MediaType = 1 << 3,
    /// The address has not failed too often.
    Throttle = 1 << 4,
    /// The signature is right.
    Signature = 1 << 5,
    /// The client address is in the networks of the credential.
    Network = 1 << 6,
    /// The credential has the scope.
    Scope = 1 << 7,
    /// The rate limits are not used up.
    Rate = 1 << 8,
    /// The message was not taken before.
    Replay = 1 << 9,
}

impl Check {
    /// Every check that a route may run dry, with its word in the policy document.
    pub const ALL: &'static [(Check, &'static str)] = &[
        (Check::Host, "host"),
        (Check::Https, "https"),
        (Check::RequiredHeaders, "required_headers"),
        (Check::MediaType, "media_type"),
        (Check::Throttle, "throttle"),
        (Check::Signature, "signature"),
        (Check::Network, "network"),
        (Check::Scope, "scope"),
        (Check::Rate, "rate"),
        (Check::Replay, "replay"),
    ];
}

/// A set of checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks(u32);

impl Checks {
    /// No check.
    pub const NONE: Self = Self(0);

    /// This set and `check`.
    #[must_use]
    pub const fn with(self, check: Check) -> Self {
        Self(self.0 | check as u32)
    }

    /// Whether `check` is in the set.
    pub const fn contains(self, check: Check) -> bool {
        self.0 & check as u32 != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with these bits, by the values of [`Check`].
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// The set as bits, by the values of [`Check`].
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// A way to authenticate that a route takes, as bits of [`Decision::challenges`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Challenge {
    /// `Basic` (RFC 7617).
    Basic = 1,
    /// `Bearer` (RFC 6750).
    Bearer = 1 << 1,
    /// An API key in a header of its own: the private scheme name `ApiKey`.
    ApiKey = 1 << 2,
    /// A signature over the request: the private scheme name `Signature`.
    Signature = 1 << 3,
}

/// The state of the rate limit that binds: the one that denied, or else the one with the least
/// left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateReport {
    /// The name of the limit in the policy.
    pub name: Text<32>,
    /// Requests that may come at once.
    pub quota: u64,
    /// The time in which the whole quota comes back, in seconds, rounded up.
    pub window_s: u64,
    /// Requests that may come now.
    pub remaining: u64,
    /// The time until the whole quota is back, in seconds, rounded up.
    pub reset_s: u64,
}

/// The answer to one request. The default denies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decision {
    /// Whether the request may pass.
    pub verdict: Verdict,
    /// Why, for the operator. What the caller may be told is [`Decision::public_name`].
    pub reason: Reason,
    /// The HTTP status to answer with. A failure that would teach a stranger something about a
    /// credential is 401 until the caller has proved the secret, whatever its reason.
    pub http_status: u16,
    /// How long the caller should wait, in milliseconds; `None` if waiting does not help.
    pub retry_after_ms: Option<u64>,
    /// The checks in dry run that would have denied the request.
    pub would_deny: Checks,
    /// The reason of the first of them.
    pub would_deny_reason: Reason,
    /// The tolerances that the request needed: bits by [`Quirk`].
    pub quirks: u32,
    /// The id of the credential that the request names; empty if it names none that is known.
    pub credential: Text<64>,
    /// Whether the caller proved to be that credential: every secret that the route asks for was
    /// right.
    pub authenticated: bool,
    /// The generation of the signing secret that matched, or else that of the API key or the
    /// passphrase; 0 if none did, or it has no number.
    pub generation: u32,
    /// The header that is missing, repeated or malformed, where the reason is about one.
    pub header: Text<64>,
    /// The scope that the route needs, where it is the scope that lacks.
    pub scope: Text<64>,
    /// The methods that the route takes, where it is the method that it does not take.
    pub allow: Text<64>,
    /// The ways to authenticate that the route takes: bits by [`Challenge`].
    pub challenges: u32,
    /// The realm of the policy.
    pub realm: Text<64>,
    /// The rate limit that binds, where one was asked.
    pub rate: Option<RateReport>,
    /// The hold on the message, where the route takes each only once and this one may pass. Whoever
    /// processes it confirms or releases it.
    pub claim: Option<Claim>,
    /// Whether the message was taken before and is neither confirmed nor released yet: whoever has
    /// it may still fail. A webhook that is to come again then must not be answered with success.
    pub replay_pending: bool,
}

/// Tolerances that a route can allow, as bits of [`Decision::quirks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Quirk {
    /// One LF or CRLF at the end of the Basic credentials was ignored.
    BasicTrailingNewline = 1,
    /// The Basic credentials lacked base64 padding.
    BasicUnpadded = 1 << 1,
    /// The replay memory was full, so the message is not remembered and may pass again.
    ReplayFull = 1 << 2,
    /// At a token endpoint, user and password were not form-encoded before they were put into the
    /// Basic credentials (RFC 6749 section 2.3.1).
    BasicRaw = 1 << 3,
}

impl Decision {
    /// Whether the request may pass.
    pub const fn allows(&self) -> bool {
        matches!(self.verdict, Verdict::Allow)
    }

    /// What the caller may be told of the reason: its name, or one constant word where the name
    /// would teach a stranger something about a credential.
    pub const fn public_name(&self) -> &'static str {
        match self.reason.group() {
            Group::State | Group::Authorization if !self.authenticated => "unauthorized",
            _ => self.reason.public_name(),
        }
    }
}

/// A check's refusal: the reason, and the header that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial<'a> {
    /// Why.
    pub reason: Reason,
    /// The name of the header that the reason is about; empty if none.
    pub header: &'a str,
}

// What passes is what has to be fast, and should lie together: so the compiler is told that nothing
// which makes a refusal is likely.
impl<'a> Denial<'a> {
    /// A refusal about the header `name`.
    #[cold]
    #[inline(never)]
    pub const fn about(reason: Reason, name: &'a str) -> Self {
        Self { reason, header: name }
    }
}

impl From<Reason> for Denial<'_> {
    #[cold]
    #[inline(never)]
    fn from(reason: Reason) -> Self {
        Self { reason, header: "" }
    }
}
