//! The pipeline: the only file that knows the order of the checks.
//!
//! 1. framing and limits
//! 2. host, HTTPS, method, required headers, media type, announced length
//! 3. the throttle on earlier failures from the address
//! 4. to 6. at a token endpoint what is asked for; the credential: read, looked up, its secret
//!    checked; then the signature
//! 7. the end of the body: its length, the MAC, the time again
//! 8. the state of the credential, the generation of the secret, the environment
//! 9. its networks, 10. its scope, and at a token endpoint the scopes that are asked for,
//!    11. the rate limits
//! 12. the claim of the message, where the route takes each only once, before 11 charges anything
//!
//! The claim comes so late because it takes room in memory that all credentials share, even if it
//! is given back: nothing claims that would not pass otherwise. A message that was taken is still
//! told as such before anything of 8 to 11 is.
//!
//! What the head can decide is decided in [`Pending::begin`], before the body is read; a failure of 8 to 10
//! that is found there is answered like a wrong secret, because the secret is not proved yet.

mod token_endpoint;

use crate::check::body::BodyProgress;
use crate::check::credential::{Identified, Who, identify};
use crate::check::grant::{self, Asked};
use crate::check::rate::{self, Count, rates};
use crate::check::{
    generation, media, network, replay, scope, signature, state, throttle, transport,
};
use crate::decision::{Check, Decision, Denial, Quirk, Reason};
use crate::password::Recall;
use crate::policy::{Credential, Policy, Presented, Replay, Route, SecretGeneration};
use crate::request::{Body, Client, Head, Now, Request};
use crate::scheme::Verification;
pub use token_endpoint::{MAX_TOKEN_ANSWER, TokenAnswer, answer_token_request};

mod answer;
mod batch;
mod entry;
mod memory;

use answer::{allow, deny};
pub use batch::{Question, verify_batch};
use entry::{Entered, Refused, enter};
pub use memory::Memory;

/// Decides on a request whose body is there.
///
/// `memory` is what outlives the policy; a policy that needs what is not there denies. Nothing is
/// allocated, nothing is locked, no clock is read. A request whose body is [`Body::Streamed`] is
/// taken to have none.
pub fn verify(
    policy: &Policy,
    memory: &Memory<'_>,
    route: &[u8],
    request: &Request<'_>,
    now: Now,
) -> Decision {
    *Pending::new().decide(policy, memory, route, request, now)
}

/// One request whose body comes in. It refers to nothing: the policy is given to each step, and it
/// has to be the same one. It is large, so it is made once and worked on where it is.
pub struct Pending {
    begun: bool,
    /// The place of the route in the policy, from [`Pending::begin`] to [`Pending::finish`].
    route: Option<usize>,
    who: Who,
    presented: Presented,
    /// Whether a token was presented that leaves the scope of the route out.
    narrowed: bool,
    /// Whether the payment that the host stored belongs to the credential.
    owned: bool,
    /// At a token endpoint, what a token is asked for.
    asked: Option<Asked>,
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
            presented: Presented::Nothing,
            narrowed: false,
            owned: false,
            asked: None,
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
        memory: &Memory<'_>,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
    ) -> &Decision {
        let body = if let Body::Whole(body) = request.body { body } else { &[] };
        self.decide_with(policy, memory, route, request, body, now)
    }

    /// Decides as [`Pending::begin`], [`Pending::update`] with all of `body` and
    /// [`Pending::finish`] at the same time do, if the body of the request is [`Body::Streamed`].
    /// If it is [`Body::Whole`], `body` is the same.
    pub fn decide_with(
        &mut self,
        policy: &Policy,
        memory: &Memory<'_>,
        route: &[u8],
        request: &Request<'_>,
        body: &[u8],
        now: Now,
    ) -> &Decision {
        if self.head(policy, memory, route, request, now) {
            self.update(policy, body);
            self.tail(policy, memory, now);
        }
        &self.answer
    }

    /// Decides what the head of a request can decide. A decision says that the head was enough:
    /// the request is denied and its body need not be read. It is begun once; if it is begun again,
    /// neither request passes.
    pub fn begin(
        &mut self,
        policy: &Policy,
        memory: &Memory<'_>,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
    ) -> Option<Decision> {
        let open = self.head(policy, memory, route, request, now);
        if open { None } else { Some(self.answer) }
    }

    /// Whether the request is still open after its head; if not, the answer denies.
    fn head(
        &mut self,
        policy: &Policy,
        memory: &Memory<'_>,
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
        match enter(policy, route, request) {
            Ok(entered) => {
                let (pipeline, looked) = self.look(policy, memory, &entered, now);
                if let Err((client, denial)) = looked {
                    pipeline.refuse(&mut self.answer, client, denial);
                }
            }
            Err(denial) => deny(policy, &mut self.answer, denial),
        }
        self.route.is_some()
    }

    /// Looks at the head of a request whose framing is right and whose route is known.
    fn look<'p>(
        &mut self,
        policy: &'p Policy,
        memory: &'p Memory<'p>,
        entered: &Entered<'_, 'p>,
        now: Now,
    ) -> (Pipeline<'p>, Result<(), Refused<'p>>) {
        let Entered { head, place, route } = entered;
        self.begun = true;
        self.answer.challenges = route.challenges;
        let pipeline = Pipeline { policy, memory, route, now };
        let looked = pipeline.head(head, self);
        if looked.is_ok() {
            self.route = Some(*place);
        }
        (pipeline, looked)
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
    pub fn finish(&mut self, policy: &Policy, memory: &Memory<'_>, now: Now) -> Decision {
        *self.finish_here(policy, memory, now)
    }

    /// As [`Pending::finish`], and leaves the decision where it was made.
    pub(crate) fn finish_here(
        &mut self,
        policy: &Policy,
        memory: &Memory<'_>,
        now: Now,
    ) -> &Decision {
        self.tail(policy, memory, now);
        &self.answer
    }

    fn tail(&mut self, policy: &Policy, memory: &Memory<'_>, now: Now) {
        let Some(route) = self.route.take().and_then(|place| policy.routes.get(place)) else {
            return deny(policy, &mut self.answer, Reason::Internal.into());
        };
        let pipeline = Pipeline { policy, memory, route, now };
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

/// What a request proved to have.
#[derive(Clone, Copy)]
struct Proved<'p> {
    /// The API key or the passphrase.
    presented: Presented,
    /// The signing secret.
    signed: Option<&'p SecretGeneration>,
    /// Whether it is a token that leaves the scope of the route out.
    narrowed: bool,
}

/// What every step needs.
struct Pipeline<'p> {
    policy: &'p Policy,
    memory: &'p Memory<'p>,
    route: &'p Route,
    now: Now,
}

impl<'p> Pipeline<'p> {
    /// Steps 2 to 6.
    fn head(&self, head: &Head<'_, 'p>, pending: &mut Pending) -> Result<(), Refused<'p>> {
        self.arrival(head, pending).map_err(|denial| (None, denial))?;
        self.credential(head, pending).map_err(|denial| (Some(pending.client), denial))
    }

    /// Steps 2 and 3.
    fn arrival(&self, request: &Head<'_, 'p>, pending: &mut Pending) -> Result<(), Denial<'p>> {
        let trusted = |address| self.policy.trusted_hops.contains(address);
        let client = request.client(trusted, self.policy.limits.hops)?;
        self.transport(request, &client, &mut pending.answer)?;
        self.memory_of_messages(&mut pending.answer)?;
        let declared = media::declared_length(self.route, request)?;
        self.throttle(&client, &mut pending.answer)?;
        pending.client = client;
        let dry = self.route.dry_run.contains(Check::MediaType);
        let unexpected = !dry && media::lacks_media_type(self.route, request);
        pending.body = BodyProgress::new(self.route, declared, unexpected);
        Ok(())
    }

    /// Step 2.
    fn transport(
        &self,
        request: &Head<'_, 'p>,
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

    /// What step 12 needs, asked for early so that no body is read in vain.
    fn memory_of_messages(&self, answer: &mut Decision) -> Result<(), Denial<'p>> {
        let Some(rule) = &self.route.replay else { return Ok(()) };
        let available = replay::available(self.memory.replay.as_ref(), rule).map(|_| ());
        self.observe(answer, Check::Replay, available)
    }

    /// Step 3.
    fn throttle(&self, client: &Client, answer: &mut Decision) -> Result<(), Denial<'p>> {
        let Some(rate) = &self.policy.failures else { return Ok(()) };
        let (result, wait_ms) =
            throttle::failures(self.memory.limits.as_ref(), rate, client, self.now.monotonic_ns);
        let result = self.observe(answer, Check::Throttle, result);
        if result.is_err() {
            answer.retry_after_ms = wait_ms;
        }
        result
    }

    /// Steps 4 to 6.
    fn credential(&self, request: &Head<'_, 'p>, pending: &mut Pending) -> Result<(), Denial<'p>> {
        if self.route.token_endpoint {
            let asked = grant::request(self.policy, self.route, request, self.now.unix_ms)?;
            pending.asked = Some(asked);
        }
        let recall = Recall { remembered: self.memory.passwords, now: self.now };
        let identified = identify(self.policy, self.route, request, recall)?;
        let credential = identified.who.record(self.policy);
        rate::prefetch(self.memory.limits.as_ref(), self.route, credential, &pending.client);
        let answer = &mut pending.answer;
        (pending.who, pending.presented) = (identified.who, identified.value);
        pending.narrowed = identified.narrowed;
        pending.owned = signature::owns(self.policy, self.route, credential, request);
        answer.quirks = identified.quirks;
        answer.credential = credential.id;
        answer.generation = credential.presented_number(identified.value);
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
                let Identified { value: presented, narrowed, .. } = identified;
                let proved = Proved { presented, signed: None, narrowed };
                self.early(credential, proved, &pending.client, answer)
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
        proved: Proved<'_>,
        client: &Client,
        answer: &mut Decision,
    ) -> Result<(), Denial<'p>> {
        let mut scratch = *answer;
        self.standing(credential, proved, client, &mut scratch)?;
        if answer.authenticated {
            self.rate(credential, client, &mut scratch, Count::Peek)
                .inspect_err(|_| *answer = scratch)?;
        }
        Ok(())
    }

    /// Steps 7 to 12.
    fn tail(&self, pending: &mut Pending) -> Result<(), Denial<'p>> {
        pending.body_failure.map_or(Ok(()), Err)?;
        pending.body.finish()?;
        let credential = pending.who.record(self.policy);
        let (unix_ms, signature) = (self.now.unix_ms, &mut pending.signature);
        let finished = signature::finish(self.policy, self.route, credential, signature, unix_ms);
        pending.who.known()?;
        let answer = &mut pending.answer;
        let verified = self.observed(answer, Check::Signature, finished)?;
        let signed = verified.flatten();
        if let Some(secret) = signed {
            answer.generation = secret.generation.number;
            answer.authenticated = true;
        }
        match &self.route.replay {
            Some(rule) if verified.is_some() => self.once(rule, credential, signed, pending),
            // A message whose signature is wrong, which dry run lets pass, claims nothing.
            _ => self.permission(credential, signed, pending, Count::Charge),
        }
    }

    /// Steps 8 to 11.
    fn permission(
        &self,
        credential: &Credential,
        signed: Option<&SecretGeneration>,
        pending: &mut Pending,
        count: Count,
    ) -> Result<(), Denial<'p>> {
        signature::binding(self.policy, self.route, pending.body.is_empty())?;
        let (presented, narrowed) = (pending.presented, pending.narrowed);
        let proved = Proved { presented, signed, narrowed };
        self.standing(credential, proved, &pending.client, &mut pending.answer)?;
        let owner = if pending.owned { Ok(()) } else { Err(Reason::TrustMismatch) };
        self.observe(&mut pending.answer, Check::Signature, owner)?;
        pending.asked.map_or(Ok(()), |asked| grant::scopes(credential, asked))?;
        self.rate(credential, &pending.client, &mut pending.answer, count)
    }

    /// Steps 8 to 12 of a message that may pass once. The rate limits are looked at before it is
    /// claimed, and charged after it: a message that comes again uses up nothing.
    fn once(
        &self,
        rule: &Replay,
        credential: &Credential,
        signed: Option<&SecretGeneration>,
        pending: &mut Pending,
    ) -> Result<(), Denial<'p>> {
        let permitted = self.permission(credential, signed, pending, Count::Peek);
        let (answer, signature) = (&mut pending.answer, &pending.signature);
        let (memory, unix_ms) = (self.memory.replay.as_ref(), self.now.unix_ms);
        let question = replay::Question { memory, rule, credential, signature, unix_ms };
        if let Err(denial) = permitted {
            // Who sends again what somebody else signed learns no more than that.
            self.replayed(answer, question.peek())?;
            return Err(denial);
        }
        if let Some(claimed) = self.replayed(answer, question.claim())? {
            answer.claim = claimed.claim;
            answer.quirks |= if claimed.full { Quirk::ReplayFull as u32 } else { 0 };
        }
        let charged = self.rate(credential, &pending.client, answer, Count::Charge);
        if charged.is_err()
            && let Some(claim) = answer.claim.take()
        {
            self.memory.release(&claim);
        }
        charged
    }

    /// Steps 8 to 10.
    fn standing(
        &self,
        credential: &Credential,
        proved: Proved<'_>,
        client: &Client,
        answer: &mut Decision,
    ) -> Result<(), Denial<'p>> {
        state::state(credential)?;
        let unix_ms = self.now.unix_ms;
        generation::presented(credential, proved.presented, unix_ms)?;
        if let Some(secret) = proved.signed {
            generation::signed(credential, secret, unix_ms)?;
        }
        state::environment(credential)?;
        self.observe(answer, Check::Network, network::network(self.route, credential, client))?;
        self.observe(answer, Check::Scope, scope::scope(self.route, credential, proved.narrowed))
    }

    /// Step 11.
    fn rate(
        &self,
        credential: &Credential,
        client: &Client,
        answer: &mut Decision,
        count: Count,
    ) -> Result<(), Denial<'p>> {
        let (result, wait_ms) = rates(
            self.memory.limits.as_ref(),
            self.route,
            credential,
            client,
            self.now.monotonic_ns,
            count,
            &mut answer.rate,
        );
        let result = self.observe(answer, Check::Rate, result);
        if result.is_err() {
            answer.retry_after_ms = wait_ms;
        }
        result
    }
}
