//! Who is it, and is the secret right? An unknown credential costs what a known one costs: a
//! stand-in is checked in its place.

use crate::credentials::Kind;
use crate::credentials::authorization::Authorization;
use crate::credentials::basic::{Basic, MAX_DECODED};
use crate::credentials::bearer::check_token;
use crate::credentials::body::BodyLogin;
use crate::credentials::token_form::TokenForm;
use crate::decision::{Check, Denial, Quirk, Reason};
use crate::password::{Busy, Own, Recall};
use crate::policy::{BasicRecord, Credential, PassphraseKind, Policy, Presented, Route};
use crate::primitive::base64::decoded_len;
use crate::primitive::compare::equal_arrays;
use crate::primitive::sha2::{Sha256, sha256};
use crate::request::{Body, Head, Request, Usual, query_values};
use crate::token::Claims;

/// The room for the Basic credentials of most clients, in bytes.
const USUAL_DECODED: usize = 192;

const AUTHORIZATION: &str = Usual::Authorization.name();

/// Whom a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The credential at this place.
    Known(usize),
    /// Nobody: the stand-in takes the place, and the request cannot pass.
    Unknown,
}

impl Who {
    pub(crate) fn record(self, policy: &Policy) -> &Credential {
        match self {
            Who::Known(at) => policy.credentials.get(at).unwrap_or(&policy.stand_in),
            Who::Unknown => &policy.stand_in,
        }
    }

    /// Refuses the stand-in.
    pub(crate) const fn known(self) -> Result<(), Reason> {
        match self {
            Who::Known(_) => Ok(()),
            Who::Unknown => Err(Reason::UnknownKey),
        }
    }
}

impl From<Option<usize>> for Who {
    fn from(found: Option<usize>) -> Self {
        found.map_or(Who::Unknown, Who::Known)
    }
}

/// What was presented, and whether its secret is right as far as it has one.
pub(crate) struct Identified {
    pub(crate) who: Who,
    /// The value of the secret that was right.
    pub(crate) value: Presented,
    pub(crate) quirks: u32,
    /// Whether it was a token that leaves the scope of the route out.
    pub(crate) narrowed: bool,
    by_secret: bool,
    pub(crate) secret: Result<(), Reason>,
}

impl Identified {
    const fn by(who: Who, value: Presented) -> Self {
        let secret = who.known();
        Self { who, value, quirks: 0, narrowed: false, by_secret: false, secret }
    }

    /// Whether a secret was proved by the head alone: by a passphrase or a token, or because the
    /// route asks for no signature that proves one.
    pub(crate) const fn is_proved(&self, authenticated: bool) -> bool {
        self.by_secret || authenticated
    }

    /// Whether a key was presented that no credential has.
    pub(crate) const fn is_unknown_key(&self) -> bool {
        matches!(self.who, Who::Unknown) && !self.by_secret
    }
}

/// Reads the one credential that the request presents in a way that the route takes.
pub(crate) fn identify<'p>(
    policy: &'p Policy,
    route: &'p Route,
    request: &Head<'_, 'p>,
    recall: Recall<'_>,
) -> Result<Identified, Denial<'p>> {
    Reader { policy, route, recall, digest: None }.identify(request)
}

/// What reads the presentations of one request.
struct Reader<'p, 'r> {
    policy: &'p Policy,
    route: &'p Route,
    recall: Recall<'r>,
    /// A digest of the user and the passphrase that were read last, where another presentation may
    /// have to be the same.
    digest: Option<[u8; 32]>,
}

impl<'p> Reader<'p, '_> {
    fn identify(&mut self, request: &Head<'_, 'p>) -> Result<Identified, Denial<'p>> {
        let mut found = None;
        let mut authorization_read = false;
        for kind in &self.route.accepts {
            let before = self.digest.take();
            let presented = match kind {
                // These stand in one header, which is read once.
                Kind::Basic | Kind::Bearer | Kind::Token if authorization_read => None,
                Kind::Basic | Kind::Bearer | Kind::Token => {
                    authorization_read = true;
                    self.authorization(request)?
                }
                Kind::ApiKey { header } => self.api_key(header, request)?,
                Kind::Body { login, pass } => self.body_login([login, pass], request)?,
                Kind::Form => self.client_form(request)?,
                Kind::SignatureKey => self.signature_key(request)?,
                Kind::Fixed => Some(Identified::by(self.route.fixed.into(), Presented::Nothing)),
            };
            let Some(presented) = presented else {
                self.digest = before;
                continue;
            };
            found = Some(match found {
                None => presented,
                Some(first) => self.agreed(before, first, &presented)?,
            });
        }
        found.ok_or_else(|| Reason::NoCredential.into())
    }

    /// Two presentations are one too many, but for Basic and members of the body: some vendors ask
    /// for both. They have to be the same octets, as the digest of the one `before` says; that says
    /// nothing about any record.
    fn agreed(
        &self,
        before: Option<[u8; 32]>,
        first: Identified,
        second: &Identified,
    ) -> Result<Identified, Reason> {
        match (&before, &self.digest) {
            (Some(one), Some(other)) if equal_arrays(one, other) => Ok(Identified {
                quirks: first.quirks | second.quirks,
                secret: first.secret.and(second.secret),
                ..first
            }),
            _ => Err(Reason::AmbiguousCredentials),
        }
    }

    fn authorization(
        &mut self,
        request: &Head<'_, '_>,
    ) -> Result<Option<Identified>, Denial<'static>> {
        let (takes_key, takes_token) = (
            takes(self.route, |kind| matches!(kind, Kind::Bearer)),
            takes(self.route, |kind| matches!(kind, Kind::Token)),
        );
        let in_query = (takes_key || takes_token)
            && query_values(request.target, "access_token").next().is_some();
        let Some(value) = request.value(Usual::Authorization) else {
            // RFC 6750 section 2.3: a token in the URL ends up in logs; it is no credential here.
            return if in_query { Err(Reason::AmbiguousCredentials.into()) } else { Ok(None) };
        };
        if in_query {
            return Err(Reason::AmbiguousCredentials.into());
        }
        let sent =
            Authorization::parse(value).map_err(|reason| Denial::about(reason, AUTHORIZATION))?;
        if takes(self.route, |kind| matches!(kind, Kind::Basic)) && sent.is("Basic") {
            let credentials =
                sent.single().map_err(|reason| Denial::about(reason, AUTHORIZATION))?;
            return self.basic(credentials).map(Some).map_err(Denial::from);
        }
        if (takes_key || takes_token) && sent.is("Bearer") {
            let sent = sent.single().map_err(|reason| Denial::about(reason, AUTHORIZATION))?;
            let sent = check_token(sent)?;
            let is_token = takes_token && (!takes_key || sent.contains(&b'.'));
            return Ok(Some(if is_token { self.by_token(sent) } else { self.by_key(sent) }));
        }
        Err(Reason::UnknownScheme.into())
    }

    fn basic(&mut self, credentials: &[u8]) -> Result<Identified, Reason> {
        // All of the room is made ready, so there is no more than it takes.
        if decoded_len(credentials.len()) <= USUAL_DECODED {
            self.basic_in(Basic::<USUAL_DECODED>::room(), credentials)
        } else {
            self.basic_in(Basic::<MAX_DECODED>::room(), credentials)
        }
    }

    #[inline]
    fn basic_in<const N: usize>(
        &mut self,
        mut sent: Basic<N>,
        credentials: &[u8],
    ) -> Result<Identified, Reason> {
        sent.read(credentials, self.route.quirks)?;
        if self.route.token_endpoint { self.client(&sent) } else { Ok(self.by_basic(&sent)) }
    }

    /// Clients of a token endpoint encode user and password as parts of a form before they join them
    /// (RFC 6749 section 2.3.1). Many do not: a route may tolerate that.
    fn client<const N: usize>(&mut self, sent: &Basic<N>) -> Result<Identified, Reason> {
        let tolerated = self.route.quirks & Quirk::BasicRaw as u32 != 0;
        let Some(plain) = sent.form_decoded() else {
            return if tolerated { Ok(self.raw(sent)) } else { Err(Reason::MalformedBasic) };
        };
        let (decoded, digest) = (self.by_basic(&plain), self.digest);
        if tolerated && (plain.user(), plain.password()) != (sent.user(), sent.password()) {
            let raw = self.raw(sent);
            if matches!(raw.secret, Ok(()) | Err(Reason::PasswordBusy)) {
                return Ok(raw);
            }
            self.digest = digest;
        }
        Ok(decoded)
    }

    fn raw<const N: usize>(&mut self, sent: &Basic<N>) -> Identified {
        let mut identified = self.by_basic(sent);
        identified.quirks |= Quirk::BasicRaw as u32;
        identified
    }

    fn by_basic<const N: usize>(&mut self, sent: &Basic<N>) -> Identified {
        let mut identified = self.passphrase(sent.user(), sent.password());
        identified.quirks = sent.quirks();
        let utf8 =
            identified.who.record(self.policy).basic.as_ref().is_some_and(|record| record.utf8);
        if utf8 && !sent.is_utf8() {
            identified.secret = Err(Reason::CredentialNotUtf8);
        }
        identified
    }

    fn api_key(
        &self,
        header: &'p str,
        request: &Request<'_>,
    ) -> Result<Option<Identified>, Denial<'p>> {
        let in_query = query_values(request.target, header).next().is_some();
        match request.single(header)? {
            Some(_) if in_query => Err(Denial::about(Reason::AmbiguousCredentials, header)),
            None | Some([]) => Ok(None),
            Some(key) => Ok(Some(self.by_key(key))),
        }
    }

    fn signature_key(&self, request: &Request<'p>) -> Result<Option<Identified>, Denial<'p>> {
        let Some((_, scheme)) = self.policy.scheme_of(self.route) else { return Ok(None) };
        Ok(scheme.claimed_key(request)?.map(|key| self.by_key(key)))
    }

    /// The key may be a secret itself, so what is looked up is its digest. One that is none is unknown
    /// where no signature proves whose it is.
    fn by_key(&self, key: &[u8]) -> Identified {
        let proved = self.route.scheme.is_some() && !self.route.dry_run.contains(Check::Signature);
        match self.policy.by_api_key(key) {
            Some((at, place)) if proved || !Who::Known(at).record(self.policy).key_is_public => {
                Identified::by(Who::Known(at), Presented::ApiKey(place))
            }
            _ => Identified::by(Who::Unknown, Presented::Nothing),
        }
    }

    /// A token proves a secret: that of the credential that it was issued to. One of another
    /// generation has ended.
    fn by_token(&self, token: &[u8]) -> Identified {
        let (who, narrowed, secret) = match self.policy.read_token(token, self.recall.now.unix_ms) {
            Err(reason) => (Who::Unknown, false, Err(reason)),
            Ok(claims) => {
                let who = Who::from(self.policy.by_id(claims.subject().as_bytes()));
                let current = claims.generation == who.record(self.policy).generation;
                let ended = if current { Ok(()) } else { Err(Reason::TokenRevoked) };
                (who, leaves_out(&claims, self.route), who.known().and(ended))
            }
        };
        let value = Presented::Nothing;
        Identified { who, value, quirks: 0, narrowed, by_secret: true, secret }
    }

    fn body_login(
        &mut self,
        [login, pass]: [&str; 2],
        request: &Request<'_>,
    ) -> Result<Option<Identified>, Reason> {
        let Body::Whole(body) = request.body else { return Err(Reason::BodyRequired) };
        if body.is_empty() {
            return Ok(None);
        }
        match BodyLogin::read(body, login, pass) {
            Ok(sent) => Ok(Some(self.passphrase(sent.login(), sent.pass()))),
            Err(Reason::NoCredential) => Ok(None),
            Err(reason) => Err(reason),
        }
    }

    fn client_form(&mut self, request: &Request<'_>) -> Result<Option<Identified>, Reason> {
        let Body::Whole(body) = request.body else { return Err(Reason::BodyRequired) };
        let form = TokenForm::read(body)?;
        Ok(form.client().map(|(id, secret)| self.passphrase(id, secret)))
    }

    fn passphrase(&mut self, user: &[u8], presented: &[u8]) -> Identified {
        let who = Who::from(self.policy.by_user(user));
        let right = matching(self.policy, who.record(self.policy), presented, self.recall);
        let (value, secret) = match (who, right) {
            (_, Err(reason)) => (Presented::Nothing, Err(reason)),
            (Who::Unknown, Ok(_)) => (Presented::Nothing, Err(Reason::UnknownKey)),
            (Who::Known(_), Ok(Some(place))) => (Presented::Passphrase(place), Ok(())),
            (Who::Known(_), Ok(None)) => (Presented::Nothing, Err(Reason::BadSecret)),
        };
        self.digest = self.route.takes_body_login().then(|| digest(user, presented));
        Identified { who, value, quirks: 0, narrowed: false, by_secret: true, secret }
    }
}

fn digest(user: &[u8], passphrase: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(&sha256(user));
    hash.update(passphrase);
    hash.finish()
}

fn takes(route: &Route, wanted: impl Fn(&Kind) -> bool) -> bool {
    route.accepts.iter().any(wanted)
}

/// Whether the token is limited to scopes without the one that the route needs.
fn leaves_out(claims: &Claims, route: &Route) -> bool {
    let needed = route.scope.as_ref().map(|scope| &*scope.name);
    match (needed, claims.scopes()) {
        (Some(needed), Some(mut scopes)) => !scopes.any(|scope| scope == needed),
        _ => false,
    }
}

/// The place of the passphrase that is right; of several, one that counts now. A wrong one costs the
/// same whatever is recorded: as many fast hashes of each kind as any credential has, and then, if
/// the policy has any, each cost of its slow ones. A right one that is recorded as a fast hash is
/// not held up by the slow ones.
fn matching(
    policy: &Policy,
    credential: &Credential,
    presented: &[u8],
    recall: Recall<'_>,
) -> Result<Option<usize>, Reason> {
    let Some(record) = &credential.basic else { return Ok(None) };
    let unix_ms = recall.now.unix_ms;
    let fast = matching_fast(policy, record, presented, unix_ms);
    if fast.is_some() || !policy.passwords.verifies() {
        return Ok(fast);
    }
    let own = record.passphrases.iter().enumerate().filter_map(|(place, passphrase)| {
        let counts = passphrase.generation.counts(unix_ms);
        Some(Own { place, kept: passphrase.hash.password()?, counts })
    });
    let slow = own.clone().filter(|own| own.counts).chain(own.filter(|own| !own.counts));
    let found = policy.passwords.matches(credential.id.as_str(), presented, slow, recall);
    found.map_err(|Busy| Reason::PasswordBusy)
}

/// Computes every fast hash of the record, and then as many stand-ins as make up the most that a
/// credential has of each kind, so that the time does not tell which kinds the record has, how many,
/// or whether there is one.
fn matching_fast(
    policy: &Policy,
    record: &BasicRecord,
    presented: &[u8],
    unix_ms: u64,
) -> Option<usize> {
    let mut found = None;
    for (place, passphrase) in record.passphrases.iter().enumerate() {
        let right = passphrase.hash.matches_fast(presented) == Some(true);
        if right && (found.is_none() || passphrase.generation.counts(unix_ms)) {
            found = Some(place);
        }
    }
    for kind in &policy.passphrase_kinds {
        for _ in count(record, kind)..kind.most {
            core::hint::black_box(kind.stand_in.matches_fast(presented));
        }
    }
    found
}

/// How many hashes of this kind the record has.
fn count(record: &BasicRecord, kind: &PassphraseKind) -> usize {
    record.passphrases.iter().filter(|it| it.hash.is_like(&kind.stand_in)).count()
}
