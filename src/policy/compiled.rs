//! The compiled policy: immutable, shared between threads, read by the checks.

use alloc::boxed::Box;
use core::mem::discriminant;

use super::generation::{Generation, Presented};
use super::index::{Index, name_hash};
use super::octets::Octets;
use super::tokens::Tokens;
use super::values::Values;
use crate::credentials::Kind;
use crate::decision::Checks;
use crate::limit::Rate;
use crate::password::{PasswordHash, Verifier};
use crate::primitive::cidr::NetworkSet;
use crate::primitive::hashed::HashedSecret;
use crate::primitive::hmac::HmacSha256Key;
use crate::primitive::prefetch::prefetch;
use crate::primitive::sha2::sha256;
use crate::primitive::text::Text;
use crate::request::RequestLimits;
use crate::scheme::{MacKey, Scheme};

/// Everything that a gate needs to decide: routes, schemes and credentials of one environment.
///
/// It never changes after it was loaded, holds no clock and does no I/O, so any number of threads
/// may verify with it at once.
///
/// Credentials may be as many as a document of 1 GiB holds. One with a signing secret, an API key
/// or a user with a passphrase, and up to four networks takes less than 600 bytes.
pub struct Policy {
    /// The environment that the policy is for.
    pub(crate) environment: Box<str>,
    /// The realm of the challenges.
    pub(crate) realm: Box<str>,
    /// The hosts that are served, in lower case; `None` for any.
    pub(crate) hosts: Option<Box<[Box<str>]>>,
    /// The peers whose forwarding headers count.
    pub(crate) trusted_hops: NetworkSet,
    /// Limits on the head of a request.
    pub(crate) limits: RequestLimits,
    /// How many attempts of one address may fail; `None` for any number.
    pub(crate) failures: Option<Rate>,
    /// How access tokens are issued and verified; `None` if there are none.
    pub(crate) tokens: Option<Tokens>,
    /// The scopes that routes need: the place of a scope is that of its bit.
    pub(crate) scopes: Box<[Box<str>]>,
    /// The schemes that routes refer to.
    pub(crate) schemes: Box<[Scheme]>,
    /// The routes.
    pub(crate) routes: Box<[Route]>,
    /// Route names to `routes`.
    pub(crate) route_index: Index,
    /// The credentials.
    pub(crate) credentials: Box<[Credential]>,
    /// Ids to `credentials`.
    pub(crate) id_index: Index,
    /// Digests of API keys to `credentials`.
    pub(crate) key_index: Index,
    /// Basic users to `credentials`.
    pub(crate) user_index: Index,
    /// Stands in for a credential that is not there, so that an unknown one costs as much as a
    /// known one.
    pub(crate) stand_in: Credential,
    /// The peppers of API keys. Every presented key is hashed under each of them, and without.
    pub(crate) key_peppers: Box<[HmacSha256Key]>,
    /// The kinds of fast passphrase hashes in this policy: every attempt costs the same of each, so
    /// that the time does not tell which ones a user has.
    pub(crate) passphrase_kinds: Box<[PassphraseKind]>,
    /// Verifies the passphrases that are kept as slow hashes.
    pub(crate) passwords: Verifier,
    /// The key of the indexes.
    pub(crate) index_key: [u8; 16],
}

/// What a route demands.
pub(crate) struct Route {
    /// Its name.
    pub(crate) name: Box<str>,
    /// Whether it gives out tokens.
    pub(crate) token_endpoint: bool,
    /// Whether the client must speak HTTPS.
    pub(crate) https: bool,
    /// The methods; `None` for any.
    pub(crate) methods: Option<Box<[Box<str>]>>,
    /// Headers that must be there and not empty.
    pub(crate) required_headers: Box<[Box<str>]>,
    /// The media type in lower case; `None` for any.
    pub(crate) media_type: Option<Box<str>>,
    /// The content codings besides `identity`, in lower case.
    pub(crate) content_encodings: Box<[Box<str>]>,
    /// The most bytes in a body.
    pub(crate) max_body: u64,
    /// Whether the body must be UTF-8.
    pub(crate) utf8_body: bool,
    /// Whether an empty body may pass although the signature covers nothing else.
    pub(crate) allow_empty_body: bool,
    /// The kinds of credentials that it takes.
    pub(crate) accepts: Box<[Kind]>,
    /// For [`Kind::Fixed`]: the credential, as an index of `Policy::credentials`.
    pub(crate) fixed: Option<usize>,
    /// The scheme of the signature, as an index of `Policy::schemes`.
    pub(crate) scheme: Option<usize>,
    /// Whether each message may pass only once.
    pub(crate) replay: Option<Replay>,
    /// What to do with the networks of the credential.
    pub(crate) network: NetworkRule,
    /// The scope that the credential needs.
    pub(crate) scope: Option<Scope>,
    /// The rate limits.
    pub(crate) rates: Box<[RouteRate]>,
    /// The checks that only report.
    pub(crate) dry_run: Checks,
    /// The tolerances, as bits by [`crate::decision::Quirk`].
    pub(crate) quirks: u32,
    /// The ways to authenticate, as bits by [`crate::decision::Challenge`].
    pub(crate) challenges: u32,
}

/// How each message passes only once.
pub(crate) struct Replay {
    /// How long it is remembered at least, in milliseconds.
    pub(crate) window_ms: u64,
    /// After what time, in milliseconds, it may pass again if nobody confirmed it.
    pub(crate) lease_ms: Option<u64>,
    /// Whether it may pass where there is no room to remember it.
    pub(crate) pass_when_full: bool,
}

/// What a route does with the networks of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NetworkRule {
    /// They are not looked at.
    Off,
    /// Where the credential has a list, the client must be in it.
    Listed,
    /// As `Listed`, and a credential without a list is denied.
    Required,
}

/// A scope and its place in the sets.
pub(crate) struct Scope {
    /// The scope token (RFC 6749 section 3.3).
    pub(crate) name: Box<str>,
    /// Its bit in [`Credential::scopes`].
    pub(crate) bit: u128,
}

/// Whose requests a rate limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Per {
    /// Those of a credential.
    Credential,
    /// Those of an address, or of a /64 of IPv6.
    Address,
}

/// A rate limit of a route.
pub(crate) struct RouteRate {
    /// Its name; limits with one name share their count.
    pub(crate) name: Box<str>,
    /// Whose requests it counts.
    pub(crate) per: Per,
    /// The limit.
    pub(crate) rate: Rate,
    /// What one request costs.
    pub(crate) cost: u64,
}

/// A rate limit that a credential has instead of the route's.
pub(crate) struct OwnRate {
    /// The name of the route's limit.
    pub(crate) name: Box<str>,
    /// The limit.
    pub(crate) rate: Rate,
    /// What one request costs.
    pub(crate) cost: u64,
}

/// Whether a credential may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may.
    Active,
    /// Not now.
    Suspended,
    /// Never again.
    Revoked,
}

/// One client. What most requests need lies in the record itself, in 512 bytes: an access to the
/// index and one to here find it, and the lines of memory behind come together.
#[repr(align(64))]
pub(crate) struct Credential {
    /// Its id.
    pub(crate) id: Text<64>,
    /// Its generation: a token that was issued for another one has ended.
    pub(crate) generation: u64,
    /// Whether it belongs to another environment than the policy.
    pub(crate) foreign: bool,
    /// Whether it may be used.
    pub(crate) state: State,
    /// Its API keys: the generations of one.
    pub(crate) api_keys: Values<ApiKey>,
    /// Whether its API key is no secret.
    pub(crate) key_is_public: bool,
    /// Its Basic user and passphrases.
    pub(crate) basic: Option<BasicRecord>,
    /// Its signing secrets.
    pub(crate) secrets: Values<SecretGeneration>,
    /// Where it may come from; `None` for anywhere.
    pub(crate) networks: Option<NetworkSet>,
    /// Its scopes: bits by [`Scope::bit`].
    pub(crate) scopes: u128,
    /// Its own rate limits.
    pub(crate) rates: Box<[OwnRate]>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Credential>() <= 512);

/// One value of an API key.
pub(crate) struct ApiKey {
    /// Its SHA-256, or its HMAC-SHA256 under one of `Policy::key_peppers`.
    pub(crate) digest: [u8; 32],
    /// Its number, and when it counts.
    pub(crate) generation: Generation,
}

/// A user and the hashes of the passphrases.
pub(crate) struct BasicRecord {
    /// The user-id octets.
    pub(crate) user: Octets,
    /// The generations of the passphrase.
    pub(crate) passphrases: Values<Passphrase>,
    /// Whether the credentials must be presented as UTF-8.
    pub(crate) utf8: bool,
}

/// One value of a passphrase.
pub(crate) struct Passphrase {
    /// Its hash.
    pub(crate) hash: PassphraseHash,
    /// Its number, and when it counts.
    pub(crate) generation: Generation,
}

/// What is kept in place of a passphrase. The usual kind is held inline.
pub(crate) enum PassphraseHash {
    /// The SHA-256 of one that was generated.
    Sha256([u8; 32]),
    /// The hash under a pepper of one that was generated.
    Peppered(Box<HashedSecret>),
    /// The hash of one that a person chose.
    Password(Box<PasswordHash>),
}

impl PassphraseHash {
    /// Whether `presented` is the passphrase, if the hash is a fast one.
    pub(crate) fn matches_fast(&self, presented: &[u8]) -> Option<bool> {
        match self {
            PassphraseHash::Sha256(hash) => Some(HashedSecret::Sha256(*hash).matches(presented)),
            PassphraseHash::Peppered(hash) => Some(hash.matches(presented)),
            PassphraseHash::Password(_) => None,
        }
    }

    /// The slow hash, if it is one.
    pub(crate) fn password(&self) -> Option<&PasswordHash> {
        match self {
            PassphraseHash::Sha256(_) | PassphraseHash::Peppered(_) => None,
            PassphraseHash::Password(hash) => Some(hash),
        }
    }

    /// Whether `other` is a hash of the same kind.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other)
    }
}

/// One fast kind of passphrase hash.
pub(crate) struct PassphraseKind {
    /// A hash of this kind, of nothing.
    pub(crate) stand_in: PassphraseHash,
    /// The most hashes of this kind that one credential has.
    pub(crate) most: usize,
}

/// One value of a signing secret.
pub(crate) struct SecretGeneration {
    /// Its number, and when it counts.
    pub(crate) generation: Generation,
    /// The prepared key.
    pub(crate) key: MacKey,
    /// The schemes that it is for: bit `n` is `Policy::schemes[n]`.
    pub(crate) schemes: u64,
}

/// The most schemes that the routes of one policy may use.
pub(crate) const MAX_SCHEMES: usize = 64;

/// The most different scopes in one policy.
pub(crate) const MAX_SCOPES: usize = 128;

/// The most peppers that the API keys of one policy may have.
pub(crate) const MAX_KEY_PEPPERS: usize = 4;

/// The most rate limits of one route.
pub(crate) const MAX_RATES: usize = 4;

impl Policy {
    /// The environment that the policy is for.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// The number of credentials.
    pub fn credential_count(&self) -> usize {
        self.credentials.len()
    }

    /// The names of the routes, in the order of the document.
    pub fn route_names(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().map(|route| &*route.name)
    }

    /// Whether requests on the route can be verified while their body comes in. Token
    /// endpoints cannot, and those that take credentials, the signature or signed values from fields of the body cannot: they need it
    /// whole. `None` if there is no such route.
    pub fn route_streams(&self, name: &str) -> Option<bool> {
        let (_, route) = self.route(name.as_bytes())?;
        let reads_body = self.scheme_of(route).is_some_and(|(_, scheme)| scheme.reads_body());
        Some(!reads_body && !route.takes_body_login() && !route.token_endpoint)
    }

    /// The scheme of the signature that the route takes, with its URL; `None` if there is no such
    /// route, or it takes none.
    pub fn route_scheme(&self, name: &str) -> Option<&Scheme> {
        let (_, route) = self.route(name.as_bytes())?;
        self.scheme_of(route).map(|(_, scheme)| scheme)
    }

    /// Whether the route gives out tokens; `None` if there is no such route.
    pub fn route_issues_tokens(&self, name: &str) -> Option<bool> {
        self.route(name.as_bytes()).map(|(_, route)| route.token_endpoint)
    }

    /// Whether a route needs memory for limits: it has rate limits, or failed attempts are limited.
    /// Without that memory it denies.
    pub fn needs_limits(&self) -> bool {
        self.failures.is_some() || self.routes.iter().any(|route| !route.rates.is_empty())
    }

    /// How long the replay memory has to remember messages at least, in milliseconds; `None` if no
    /// route needs it.
    pub fn replay_window_ms(&self) -> Option<u64> {
        self.routes.iter().filter_map(|route| route.replay.as_ref()).map(|it| it.window_ms).max()
    }

    /// The route with this name, and its place.
    pub(crate) fn route(&self, name: &[u8]) -> Option<(usize, &Route)> {
        let matches =
            |at: u32| self.route_at(at).is_some_and(|route| route.name.as_bytes() == name);
        let at = self.route_index.find(name_hash(name), matches)?;
        Some((usize::try_from(at).ok()?, self.route_at(at)?))
    }

    fn route_at(&self, at: u32) -> Option<&Route> {
        self.routes.get(usize::try_from(at).ok()?)
    }

    pub(crate) fn scheme_of(&self, route: &Route) -> Option<(usize, &Scheme)> {
        let at = route.scheme?;
        self.schemes.get(at).map(|scheme| (at, scheme))
    }

    /// The place of the credential with this id.
    pub(crate) fn by_id(&self, id: &[u8]) -> Option<usize> {
        let matches = |at: u32| self.candidate(at).is_some_and(|record| record.id.as_bytes() == id);
        self.place_of(self.id_index.find(self.hash(id), matches))
    }

    /// The place of the credential with this API key, and the place of the key there. The work does
    /// not depend on how the key is kept.
    pub(crate) fn by_api_key(&self, key: &[u8]) -> Option<(usize, usize)> {
        let hashed = self.key_peppers.iter().map(|pepper| pepper.mac(key));
        let peppered = hashed.fold(None, |found, digest| found.or(self.by_digest(&digest)));
        self.by_digest(&sha256(key)).or(peppered)
    }

    fn by_digest(&self, digest: &[u8; 32]) -> Option<(usize, usize)> {
        let place = |at: u32| {
            let mut keys = self.candidate(at)?.api_keys.iter();
            keys.position(|key| &key.digest == digest)
        };
        let found = self.key_index.find(self.hash(digest), |at| place(at).is_some());
        Some((self.place_of(found)?, place(found?)?))
    }

    /// The place of the credential with this Basic user.
    pub(crate) fn by_user(&self, user: &[u8]) -> Option<usize> {
        let matches = |at: u32| {
            let record = self.candidate(at).and_then(|credential| credential.basic.as_ref());
            record.is_some_and(|record| &*record.user == user)
        };
        self.place_of(self.user_index.find(self.hash(user), matches))
    }

    /// The place of what an index found. Of nothing, the stand-in is asked for: it is work too.
    fn place_of(&self, found: Option<u32>) -> Option<usize> {
        if found.is_none() {
            self.stand_in.prefetch();
        }
        usize::try_from(found?).ok()
    }

    /// The credential that an index names. It is most often the right one, so all that a request
    /// needs of it is asked for at once.
    fn candidate(&self, at: u32) -> Option<&Credential> {
        let credential = self.credentials.get(usize::try_from(at).ok()?)?;
        credential.prefetch();
        Some(credential)
    }

    pub(crate) fn hash(&self, bytes: &[u8]) -> u64 {
        crate::primitive::siphash::siphash13(&self.index_key, bytes)
    }
}

impl Credential {
    /// Asks for the memory of what most requests need.
    pub(crate) fn prefetch(&self) {
        prefetch(self);
        if let Some(networks) = &self.networks {
            networks.prefetch();
        }
    }

    /// The generations of its API key.
    pub(crate) fn key_generations(&self) -> impl Iterator<Item = &Generation> + Clone {
        self.api_keys.iter().map(|key| &key.generation)
    }

    /// The generations of its passphrase.
    pub(crate) fn passphrase_generations(&self) -> impl Iterator<Item = &Generation> + Clone {
        let passphrases = self.basic.iter().flat_map(|basic| &*basic.passphrases);
        passphrases.map(|passphrase| &passphrase.generation)
    }

    /// The number of the value that was presented; 0 if none was, or it has none.
    pub(crate) fn presented_number(&self, presented: Presented) -> u32 {
        let generation = match presented {
            Presented::Nothing => None,
            Presented::ApiKey(place) => self.key_generations().nth(place),
            Presented::Passphrase(place) => self.passphrase_generations().nth(place),
        };
        generation.map_or(0, |generation| generation.number)
    }
}

impl Route {
    /// Whether credentials may stand in members of the body.
    pub(crate) fn takes_body_login(&self) -> bool {
        self.accepts.iter().any(|kind| matches!(kind, Kind::Body { .. }))
    }
}
