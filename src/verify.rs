//! The pipeline: the only file that knows the order of the checks.
//!
//! 1. framing and limits
//! 2. host, HTTPS, method, required headers, media type, announced length
//! 3. the throttle on earlier failures from the address
//! 4. to 6. the credential: read, looked up, its secret checked; then the signature
//! 7. the end of the body: its length, the MAC, the time again
//! 8. the generation of the secret, the state and the environment of the credential
//! 9. its networks, 10. its scope, 11. the rate limits
//!
//! What the head can decide is decided in [`Pending::begin`], before the body is read; a failure of 8 to 10
//! that is found there is answered like a wrong secret, because the secret is not proved yet.

use crate::check::body::BodyProgress;
use crate::check::credential::{Identified, Who, identify};
use crate::check::rate::{Count, rates};
use crate::check::{framing, media, network, scope, signature, state, throttle, transport};
use crate::decision::{Check, Decision, Denial, Group, Reason, Verdict};
use crate::limit::Table;
use crate::policy::{Credential, Policy, Route};
use crate::primitive::text::Text;
use crate::request::{Body, Client, Now, Request};
use crate::scheme::Verification;

/// Decides on a request whose body is there.
///
/// `limits` is the memory for rate limits and failed attempts; a policy that uses them denies
/// without it. Nothing is allocated, nothing is locked, no clock is read. A request whose body is
/// [`Body::Streamed`] is taken to have none.
pub fn verify(
    policy: &Policy,
    limits: Option<&Table<'_>>,
    route: &[u8],
    request: &Request<'_>,
    now: Now,
) -> Decision {
    *Pending::new().decide(policy, limits, route, request, now)
}

/// One request whose body comes in. It refers to nothing: the policy is given to each step, and it
/// has to be the same one. It is large, so it is made once and worked on where it is.
pub struct Pending {
    begun: bool,
    /// The place of the route in the policy, from [`Pending::begin`] to [`Pending::finish`].
    route: Option<usize>,
    who: Who,
    /// Whether a token was presented that leaves the scope of the route out.
    narrowed: bool,
    /// Whether the payment that the host stored belongs to the credential.
    owned: bool,
    client: Client,
    signature: Verification,
    body: BodyProgress,
    body_failure: Option<Denial<'static>>,
    answer: Decision,
}

impl Pending {
    /// One that was not begun. It denies.
    pub fn new() -> Self {
        Self {
            begun: false,
            route: None,
            who: Who::Unknown,
            narrowed: false,
            owned: false,
            client: Client { address: None, https: false },
            signature: Verification::new(),
            body: BodyProgress::default(),
            body_failure: None,
            answer: Decision::default(),
        }
    }

    /// Decides on a request whose body is there, as [`verify`] does, and leaves the decision where
    /// it was made.
    pub fn decide(
        &mut self,
        policy: &Policy,
        limits: Option<&Table<'_>>,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
    ) -> &Decision {
        if self.head(policy, limits, route, request, now) {
            if let Body::Whole(body) = request.body {
                self.update(policy, body);
            }
            self.tail(policy, limits, now);
        }
        &self.answer
    }

    /// Decides what the head of a request can decide. A decision says that the head was enough:
    /// the request is denied and its body need not be read. It is begun once; if it is begun again,
    /// neither request passes.
    pub fn begin(
        &mut self,
        policy: &Policy,
        limits: Option<&Table<'_>>,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
    ) -> Option<Decision> {
        let open = self.head(policy, limits, route, request, now);
        if open { None } else { Some(self.answer) }
    }

    /// Whether the request is still open after its head; if not, the answer denies.
    fn head(
        &mut self,
        policy: &Policy,
        limits: Option<&Table<'_>>,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
    ) -> bool {
        if core::mem::replace(&mut self.begun, true) {
            // What the first request left behind must not help a second one.
            self.route = None;
            deny(policy, &mut self.answer, Reason::Internal.into());
            return false;
        }
        let (place, route) = match enter(policy, route, request) {
            Ok(entered) => entered,
            Err(denial) => {
                deny(policy, &mut self.answer, denial);
                return false;
            }
        };
        self.answer.challenges = route.challenges;
        let pipeline = Pipeline { policy, limits, route, now };
        match pipeline.head(request, self) {
            Ok(()) => self.route = Some(place),
            Err((client, denial)) => pipeline.refuse(&mut self.answer, client, denial),
        }
        self.route.is_some()
    }

    /// Takes the next piece of the body, exactly as it was received. `false` says that the
    /// request is lost already, so the rest need not be read; [`Pending::finish`] says why.
    pub fn update(&mut self, policy: &Policy, bytes: &[u8]) -> bool {
        if self.body_failure.is_none() {
            let taken = match self.route.and_then(|place| policy.routes.get(place)) {
                Some(route) => self.body.update(route, bytes),
                None => Err(Reason::Internal.into()),
            };
            self.body_failure = taken.err();
        }
        if self.body_failure.is_none() {
            self.signature.update(bytes);
        }
        self.body_failure.is_none()
    }

    /// Decides. `now` is the time after the last piece of the body.
    pub fn finish(&mut self, policy: &Policy, limits: Option<&Table<'_>>, now: Now) -> Decision {
        self.tail(policy, limits, now);
        self.answer
    }

    fn tail(&mut self, policy: &Policy, limits: Option<&Table<'_>>, now: Now) {
        let Some(route) = self.route.take().and_then(|place| policy.routes.get(place)) else {
            return deny(policy, &mut self.answer, Reason::Internal.into());
        };
        let pipeline = Pipeline { policy, limits, route, now };
        match pipeline.tail(self) {
            Ok(()) => allow(&mut self.answer),
            Err(denial) => pipeline.refuse(&mut self.answer, Some(self.client), denial),
        }
    }
}

impl Default for Pending {
    fn default() -> Self {
        Self::new()
    }
}

/// Framing is looked at before the route, because nothing else may see a request without it.
fn enter<'p>(
    policy: &'p Policy,
    route: &[u8],
    request: &Request<'_>,
) -> Result<(usize, &'p Route), Denial<'static>> {
    framing::framing(&policy.limits, request)?;
    policy.route(route).ok_or(Reason::ConfigMissing.into())
}

/// What every step needs.
struct Pipeline<'p> {
    policy: &'p Policy,
    limits: Option<&'p Table<'p>>,
    route: &'p Route,
    now: Now,
}

impl<'p> Pipeline<'p> {
    /// Steps 2 to 6. The client goes with the denial once it is known, so that its failures can
    /// be counted.
    fn head(
        &self,
        request: &Request<'p>,
        pending: &mut Pending,
    ) -> Result<(), (Option<Client>, Denial<'p>)> {
        let client = self.arrival(request, pending).map_err(|denial| (None, denial))?;
        self.credential(request, pending).map_err(|denial| (Some(client), denial))
    }

    /// Steps 2 and 3.
    fn arrival(&self, request: &Request<'p>, pending: &mut Pending) -> Result<Client, Denial<'p>> {
        let trusted = |address| self.policy.trusted_hops.contains(address);
        let client = request.client(trusted, self.policy.limits.hops)?;
        self.transport(request, &client, &mut pending.answer)?;
        let declared = media::declared_length(self.route, request)?;
        self.throttle(&client, &mut pending.answer)?;
        pending.client = client;
        let dry = self.route.dry_run.contains(Check::MediaType);
        let unexpected = !dry && media::lacks_media_type(self.route, request);
        pending.body = BodyProgress::new(self.route, declared, unexpected);
        Ok(client)
    }

    /// Step 2.
    fn transport(
        &self,
        request: &Request<'p>,
        client: &Client,
        answer: &mut Decision,
    ) -> Result<(), Denial<'p>> {
        let route = self.route;
        self.observe(answer, Check::Host, transport::host(self.policy, request))?;
        self.observe(answer, Check::Https, transport::https(route, client))?;
        transport::method(route, request)?;
        self.observe(answer, Check::RequiredHeaders, transport::required_headers(route, request))?;
        self.observe(answer, Check::MediaType, media::media_type(route, request))?;
        media::content_encoding(route, request)
    }

    /// Step 3.
    fn throttle(&self, client: &Client, answer: &mut Decision) -> Result<(), Denial<'p>> {
        let Some(rate) = &self.policy.failures else { return Ok(()) };
        let (result, wait_ms) =
            throttle::failures(self.limits, rate, client, self.now.monotonic_ns);
        let result = self.observe(answer, Check::Throttle, result);
        if result.is_err() {
            answer.retry_after_ms = wait_ms;
        }
        result
    }

    /// Steps 4 to 6.
    fn credential(&self, request: &Request<'p>, pending: &mut Pending) -> Result<(), Denial<'p>> {
        let identified = identify(self.policy, self.route, request, self.now.unix_ms)?;
        let credential = identified.who.record(self.policy);
        let answer = &mut pending.answer;
        pending.who = identified.who;
        pending.narrowed = identified.narrowed;
        pending.owned = signature::owns(self.policy, self.route, credential, request);
        answer.quirks = identified.quirks;
        answer.credential = Text::truncated(&credential.id);
        // The signature has the last word on an unknown key, so that it takes as long as a known
        // one. A wrong passphrase is lost at once, and so is an unknown user.
        if !self.is_deferred(&identified) {
            identified.secret?;
        }
        // Where no signature proves a secret, the credential was all the proof there is.
        answer.authenticated = !signature::proves(self.policy, self.route);
        let (unix_ms, signature) = (self.now.unix_ms, &mut pending.signature);
        let begun =
            signature::begin(self.policy, self.route, credential, request, unix_ms, signature);
        self.observe(answer, Check::Signature, begun)?;
        // Without a proved secret, an early answer would tell a known key from an unknown one.
        match request.body {
            Body::Streamed if identified.is_proved(answer.authenticated) => {
                self.early(credential, &pending.client, pending.narrowed, answer)
            }
            _ => Ok(()),
        }
    }

    fn is_deferred(&self, identified: &Identified) -> bool {
        identified.is_unknown_key() && signature::proves(self.policy, self.route)
    }

    /// What a host should know before it reads a body. All of it is asked again at the end.
    fn early(
        &self,
        credential: &Credential,
        client: &Client,
        narrowed: bool,
        answer: &mut Decision,
    ) -> Result<(), Denial<'p>> {
        let mut scratch = *answer;
        self.standing(credential, client, narrowed, &mut scratch)?;
        if answer.authenticated {
            self.rate(credential, client, &mut scratch, Count::Peek)
                .inspect_err(|_| *answer = scratch)?;
        }
        Ok(())
    }

    /// Steps 7 to 11.
    fn tail(&self, pending: &mut Pending) -> Result<(), Denial<'p>> {
        pending.body_failure.map_or(Ok(()), Err)?;
        pending.body.finish()?;
        let credential = pending.who.record(self.policy);
        let (unix_ms, signature) = (self.now.unix_ms, &mut pending.signature);
        let finished = signature::finish(self.policy, self.route, credential, signature, unix_ms);
        pending.who.known()?;
        let answer = &mut pending.answer;
        if let Some(matched) = self.observed(answer, Check::Signature, finished)?.flatten() {
            answer.generation = matched.generation;
            answer.authenticated = true;
            signature::generation(credential, matched, unix_ms)?;
        }
        signature::binding(self.policy, self.route, pending.body.is_empty())?;
        self.standing(credential, &pending.client, pending.narrowed, answer)?;
        let owner = if pending.owned { Ok(()) } else { Err(Reason::TrustMismatch) };
        self.observe(answer, Check::Signature, owner)?;
        self.rate(credential, &pending.client, answer, Count::Charge)
    }

    /// Steps 8 to 10.
    fn standing(
        &self,
        credential: &Credential,
        client: &Client,
        narrowed: bool,
        answer: &mut Decision,
    ) -> Result<(), Denial<'p>> {
        state::state(credential)?;
        state::environment(credential)?;
        self.observe(answer, Check::Network, network::network(self.route, credential, client))?;
        self.observe(answer, Check::Scope, scope::scope(self.route, credential, narrowed))
    }

    /// Step 11.
    fn rate(
        &self,
        credential: &Credential,
        client: &Client,
        answer: &mut Decision,
        count: Count,
    ) -> Result<(), Denial<'p>> {
        let asked =
            rates(self.limits, self.route, credential, client, self.now.monotonic_ns, count);
        answer.rate = asked.report;
        let result = self.observe(answer, Check::Rate, asked.result);
        if result.is_err() {
            answer.retry_after_ms = asked.retry_after_ms;
        }
        result
    }

    /// Lets a refusal by a check in dry run pass, and takes note of it.
    fn observe(
        &self,
        answer: &mut Decision,
        check: Check,
        result: Result<(), impl Into<Denial<'p>>>,
    ) -> Result<(), Denial<'p>> {
        self.observed(answer, check, result).map(|_| ())
    }

    fn observed<T>(
        &self,
        answer: &mut Decision,
        check: Check,
        result: Result<T, impl Into<Denial<'p>>>,
    ) -> Result<Option<T>, Denial<'p>> {
        match result.map_err(Into::into) {
            Ok(value) => Ok(Some(value)),
            Err(denial) if self.route.dry_run.contains(check) => {
                if answer.would_deny.is_empty() {
                    answer.would_deny_reason = denial.reason;
                }
                answer.would_deny = answer.would_deny.with(check);
                Ok(None)
            }
            Err(denial) => Err(denial),
        }
    }

    /// A denial, counted against the address if it was a failed attempt.
    #[cold]
    fn refuse(&self, answer: &mut Decision, client: Option<Client>, denial: Denial<'_>) {
        let failed = matches!(denial.reason.group(), Group::Credential);
        if let (true, Some(rate), Some(client)) = (failed, &self.policy.failures, client) {
            throttle::record(self.limits, rate, &client, self.now.monotonic_ns);
        }
        match denial.reason {
            Reason::MethodNotAllowed => answer.allow = allowed_methods(self.route),
            Reason::InsufficientScope => {
                answer.scope = self
                    .route
                    .scope
                    .as_ref()
                    .map_or(Text::EMPTY, |scope| Text::truncated(&scope.name));
            }
            _ => (),
        }
        deny(self.policy, answer, denial);
    }
}

fn allow(answer: &mut Decision) {
    answer.verdict = Verdict::Allow;
    answer.reason = match () {
        () if !answer.would_deny.is_empty() => Reason::OkWouldDeny,
        () if answer.quirks != 0 => Reason::OkQuirk,
        () => Reason::Ok,
    };
    answer.http_status = answer.reason.http_status();
}

#[cold]
fn deny(policy: &Policy, answer: &mut Decision, denial: Denial<'_>) {
    answer.verdict = Verdict::Deny;
    answer.reason = denial.reason;
    answer.header = Text::truncated(denial.header);
    answer.realm = Text::truncated(&policy.realm);
    answer.http_status = match denial.reason.group() {
        // Told only to those who proved the secret.
        Group::State | Group::Authorization if !answer.authenticated => 401,
        _ => denial.reason.http_status(),
    };
    if denial.reason.group() == Group::Dependency {
        answer.retry_after_ms = Some(DEPENDENCY_RETRY_MS);
    }
}

/// What a caller is told to wait where the gate lacks something: nobody knows how long.
const DEPENDENCY_RETRY_MS: u64 = 1000;

fn allowed_methods(route: &Route) -> Text<64> {
    let mut joined = Text::EMPTY;
    for method in route.methods.iter().flatten() {
        if !joined.is_empty() {
            joined.push(", ");
        }
        joined.push(method);
    }
    joined
}
