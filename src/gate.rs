//! What a host holds: the policy in a slot that can be swapped while other threads verify, and the
//! state that survives a swap.
//!
//! There are two places for policies and a word that says which one is current. A reader takes a
//! read lock of that place with `try_read`, which never waits, and looks at the word again: if it
//! changed, the reader begins anew. A writer fills the other place and lets go of it, changes the
//! word, and then empties the old place, for which it waits until the last verification there has
//! ended. While a place is current no writer holds it, so a reader begins anew only because a
//! writer got on, however long that writer is kept from running. The old policy is freed when
//! `swap` returns, and no reader goes back to an older policy: who takes a lock after a writer
//! filled the place also sees every change of the word that came before.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use crate::decision::{Claim, Decision};
use crate::limit::{Table, replay};
use crate::password::Remembered;
use crate::policy::Policy;
use crate::primitive::BufferTooSmall;
use crate::request::{Now, Request};
use crate::verify::{Memory, Pending, Question, TokenAnswer, answer_token_request, verify_batch};

/// A policy slot and the state that survives it. It is shared by all threads of a host.
pub struct Gate {
    places: [RwLock<Option<Arc<Policy>>>; 2],
    current: AtomicUsize,
    writer: Mutex<()>,
    limits: OnceLock<Table<'static>>,
    replay: OnceLock<replay::Memory<'static>>,
    passwords: OnceLock<Arc<Remembered>>,
}

/// Memory of this kind is attached already, and may be in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyAttached;

/// Why replay memory was not attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayError {
    /// There is some already, and it may be in use.
    AlreadyAttached,
    /// The policy in force needs messages to be remembered for longer.
    WindowTooShort {
        /// For how long, in milliseconds.
        needed_ms: u64,
    },
}

impl Gate {
    /// A gate with a policy and without memory, but for the one that it makes itself if the policy
    /// has passphrases with slow hashes: some 700 KiB for those that were verified a short while
    /// ago.
    pub fn new(policy: Arc<Policy>) -> Self {
        let passwords = OnceLock::new();
        remember(&policy, &passwords);
        Self {
            passwords,
            places: [RwLock::new(Some(policy)), RwLock::new(None)],
            current: AtomicUsize::new(0),
            writer: Mutex::new(()),
            limits: OnceLock::new(),
            replay: OnceLock::new(),
        }
    }

    /// Gives the gate the memory for rate limits and failed attempts, once for its life.
    ///
    /// # Errors
    ///
    /// [`AlreadyAttached`] the second time; nothing changes then.
    pub fn attach(&self, limits: Table<'static>) -> Result<(), AlreadyAttached> {
        self.limits.set(limits).map_err(|_| AlreadyAttached)
    }

    /// Gives the gate the memory of messages taken, once for its life. Its window has to cover
    /// [`Policy::replay_window_ms`] of every policy that will be in force: routes that need more
    /// are denied ([`Reason::ReplayUnavailable`](crate::decision::Reason::ReplayUnavailable)).
    ///
    /// # Errors
    ///
    /// [`ReplayError`] the second time, and for a window that is too short for the policy in force;
    /// nothing changes then.
    pub fn attach_replay(&self, memory: replay::Memory<'static>) -> Result<(), ReplayError> {
        match self.policy().replay_window_ms() {
            Some(needed_ms) if memory.window_ms() < needed_ms => {
                Err(ReplayError::WindowTooShort { needed_ms })
            }
            _ => self.replay.set(memory).map_err(|_| ReplayError::AlreadyAttached),
        }
    }

    /// Keeps the message that the decision claimed: see [`Memory::confirm`].
    pub fn confirm(&self, claim: &Claim) -> bool {
        self.memory().confirm(claim)
    }

    /// Gives the message that the decision claimed back: see [`Memory::release`].
    pub fn release(&self, claim: &Claim) -> bool {
        self.memory().release(claim)
    }

    fn memory(&self) -> Memory<'_> {
        Memory {
            limits: self.limits.get().copied(),
            replay: self.replay.get().copied(),
            passwords: self.passwords.get().map(|passwords| &**passwords),
        }
    }

    /// Puts `policy` in force and gives the old one back. Verifications that began before keep
    /// the old one; those that begin after the return have the new one. Other swaps wait, and so
    /// does this one until no thread is inside [`Gate::verify`] with the old policy.
    pub fn swap(&self, policy: Arc<Policy>) -> Option<Arc<Policy>> {
        let _turn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        remember(&policy, &self.passwords);
        let old = self.current.load(Ordering::Acquire);
        let new = old ^ 1;
        let (old_place, new_place) = self.places.get(old).zip(self.places.get(new))?;
        *new_place.write().unwrap_or_else(PoisonError::into_inner) = Some(policy);
        self.current.store(new, Ordering::Release);
        old_place.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        loop {
            if let Some(policy) = self.current().as_deref().and_then(Option::as_ref) {
                return Arc::clone(policy);
            }
        }
    }

    /// The current place, unless it stopped being current in this moment.
    fn current(&self) -> Option<RwLockReadGuard<'_, Option<Arc<Policy>>>> {
        let current = self.current.load(Ordering::Acquire);
        let place = self.places.get(current)?.try_read().ok()?;
        (self.current.load(Ordering::Acquire) == current).then_some(place)
    }

    /// Decides on a request whose body is there: see [`verify`](crate::verify::verify).
    pub fn verify(&self, route: &[u8], request: &Request<'_>, now: Now) -> Decision {
        self.verify_with(route, request, now, |decision| *decision)
    }

    /// As [`Gate::verify`], with the decision given to `tell` where it was made: it is large.
    pub fn verify_with<R>(
        &self,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
        tell: impl FnOnce(&Decision) -> R,
    ) -> R {
        self.with_policy(|policy, memory| {
            tell(Pending::new().decide(policy, memory, route, request, now))
        })
    }

    /// Decides on a request whose body is there as a [`Stream`] does that is given `body` in one
    /// piece: what can be decided without the body is, also about a client that has proved nothing
    /// by it yet. The body of the request is [`Body::Streamed`](crate::request::Body::Streamed).
    pub fn verify_streamed(
        &self,
        route: &[u8],
        request: &Request<'_>,
        body: &[u8],
        now: Now,
    ) -> Decision {
        self.verify_body_with(route, request, body, now, |decision| *decision)
    }

    /// As [`Gate::verify_with`] or, if the body of the request is
    /// [`Body::Streamed`](crate::request::Body::Streamed), as [`Gate::verify_streamed`]: `body` is
    /// what came either way.
    pub(crate) fn verify_body_with<R>(
        &self,
        route: &[u8],
        request: &Request<'_>,
        body: &[u8],
        now: Now,
        tell: impl FnOnce(&Decision) -> R,
    ) -> R {
        self.with_policy(|policy, memory| {
            tell(Pending::new().decide_with(policy, memory, route, request, body, now))
        })
    }

    /// Lets `decide` work with the policy in force, and with the memory that there is.
    #[inline]
    fn with_policy<R>(&self, decide: impl FnOnce(&Policy, &Memory<'_>) -> R) -> R {
        loop {
            let place = self.current();
            if let Some(policy) = place.as_deref().and_then(Option::as_ref) {
                return decide(policy, &self.memory());
            }
        }
    }

    /// Decides on requests whose bodies are there, all of them by the same policy, as
    /// [`verify_batch`] does.
    pub fn verify_batch(&self, questions: &[Question<'_>], tell: &mut dyn FnMut(usize, &Decision)) {
        self.with_policy(|policy, memory| verify_batch(policy, memory, questions, tell));
    }

    /// Answers a request to a token endpoint: see [`answer_token_request`].
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if `out` has less than [`MAX_TOKEN_ANSWER`](crate::verify::MAX_TOKEN_ANSWER)
    /// bytes; then nothing was decided.
    pub fn answer_token_request<'b>(
        &self,
        route: &[u8],
        request: &Request<'_>,
        now: Now,
        out: &'b mut [u8],
    ) -> Result<TokenAnswer<'b>, BufferTooSmall> {
        self.with_policy(|policy, memory| {
            answer_token_request(policy, memory, route, request, now, out)
        })
    }

    /// Makes a request whose body comes in ready to be begun, with the policy that is in force
    /// now.
    #[inline]
    pub fn stream(&self) -> Stream {
        Stream {
            policy: self.policy(),
            limits: self.limits.get().copied(),
            replay: self.replay.get().copied(),
            passwords: self.passwords.get().cloned(),
            pending: Pending::new(),
        }
    }
}

/// Makes the memory of verified passwords, if the policy needs it and there is none yet.
fn remember(policy: &Policy, passwords: &OnceLock<Arc<Remembered>>) {
    if policy.passwords.verifies() && passwords.get().is_none() {
        // Without random numbers every password is verified every time.
        let _ = Remembered::new().map(|made| passwords.set(Arc::new(made)));
    }
}

/// A request whose body comes in. It keeps the policy that it began with.
pub struct Stream {
    policy: Arc<Policy>,
    limits: Option<Table<'static>>,
    replay: Option<replay::Memory<'static>>,
    passwords: Option<Arc<Remembered>>,
    pending: Pending,
}

impl Stream {
    /// Decides what the head can decide: see [`Pending::begin`].
    pub fn begin(&mut self, route: &[u8], request: &Request<'_>, now: Now) -> Option<Decision> {
        let memory = Memory {
            limits: self.limits,
            replay: self.replay,
            passwords: self.passwords.as_deref(),
        };
        self.pending.begin(&self.policy, &memory, route, request, now)
    }

    /// Takes the next piece of the body: see [`Pending::update`].
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        self.pending.update(&self.policy, bytes)
    }

    /// Decides: see [`Pending::finish`].
    pub fn finish(&mut self, now: Now) -> Decision {
        self.finish_with(now, |decision| *decision)
    }

    /// As [`Stream::finish`], with the decision given to `tell` where it was made: it is large.
    pub fn finish_with<R>(&mut self, now: Now, tell: impl FnOnce(&Decision) -> R) -> R {
        let memory = Memory { limits: self.limits, replay: self.replay, passwords: None };
        tell(self.pending.finish_here(&self.policy, &memory, now))
    }
}
