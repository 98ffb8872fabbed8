//! Many requests in one call, whose MACs are computed together.
//!
//! The decisions are those of one call after the other. The heads are looked at first, in turn;
//! then the MACs are computed of all messages that came so far; then each request is decided in its
//! turn, so that one that comes twice passes once, and rate limits are used up from the first on.
//!
//! Of all that a decision changes, a head looks at the failed attempts from its address alone. It
//! asks for them again when it is its turn, and begins anew if they are too many by then.

use super::entry::{Refused, enter};
use super::{Memory, Pending, Pipeline};
use crate::check::throttle;
use crate::decision::{Check, Decision};
use crate::policy::Policy;
use crate::primitive::hmac::{HmacSha256, finish_batch};
use crate::primitive::wipe;
use crate::request::{Body, Client, Now, Request};
use crate::scheme::MAX_GENERATIONS;

/// One of the requests that are decided together.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The name of the route that it is on.
    pub route: &'a [u8],
    /// The request, with its body.
    pub request: Request<'a>,
    /// The time.
    pub now: Now,
}

/// Requests whose MACs are computed together: as many as the widest vectors have lanes.
const TOGETHER: usize = 16;

/// Decides on requests whose bodies are there, in their order, as [`verify`](super::verify) does
/// one after the other, and gives `tell` the number of each and its decision. Where the bodies of
/// 16 requests have 1 KiB or more on average, the MACs of schemes with HMAC-SHA256 that cover nothing
/// behind the body are computed several at once, and so take less time for each; everything else
/// takes as long as with [`verify`](super::verify).
///
/// Nothing is allocated, nothing is locked, no clock is read. It takes some 100 KiB of stack.
pub fn verify_batch(
    policy: &Policy,
    memory: &Memory<'_>,
    questions: &[Question<'_>],
    tell: &mut dyn FnMut(usize, &Decision),
) {
    let mut number = 0_usize;
    for questions in questions.chunks(TOGETHER) {
        verify_together(policy, memory, questions, &mut |decision| {
            tell(number, decision);
            number = number.saturating_add(1);
        });
    }
}

/// Decides on at most [`TOGETHER`] requests, and tells the decisions in their order.
fn verify_together(
    policy: &Policy,
    memory: &Memory<'_>,
    questions: &[Question<'_>],
    tell: &mut dyn FnMut(&Decision),
) {
    if !is_worth_it(questions) {
        for Question { route, request, now } in questions {
            tell(Pending::new().decide(policy, memory, route, request, *now));
        }
        return;
    }
    // Each is made when it is needed, where it stays: it is large.
    let mut seats = [const { None }; TOGETHER];
    for (place, question) in seats.iter_mut().zip(questions) {
        place.insert(Seat::new()).begin(policy, memory, question);
    }
    let mut tags = [[[0; 32]; MAX_GENERATIONS]; TOGETHER];
    compute(&seats, &mut tags);
    for (seat, tags) in seats.iter_mut().flatten().zip(&mut tags) {
        seat.settle(tags);
    }
    for (seat, question) in seats.iter_mut().flatten().zip(questions) {
        tell(seat.decide(policy, memory, question));
    }
}

/// Whether the bodies are so many and so long that what computing their MACs together saves is more
/// than what it takes to look at each request twice.
fn is_worth_it(questions: &[Question<'_>]) -> bool {
    let length = |question: &Question<'_>| match question.request.body {
        Body::Whole(body) => body.len(),
        Body::Streamed => 0,
    };
    let total = questions.iter().map(length).fold(0, usize::saturating_add);
    questions.len() > 1 && total >= questions.len().saturating_mul(WORTH_IT)
}

/// The mean length, in bytes, of bodies whose MACs are worth to be computed together.
const WORTH_IT: usize = 1024;

/// The tags of one request each, at the places of their keys.
type Tags = [[[u8; 32]; MAX_GENERATIONS]; TOGETHER];

/// Computes the MACs that are due.
fn compute(seats: &[Option<Seat<'_>>], tags: &mut Tags) {
    let due = || seats.iter().flatten().enumerate().flat_map(|(at, seat)| seat.due(at));
    let length = |(_, (_, rest)): &(usize, (_, &[u8]))| rest.len();
    let (count, total) = due().fold((0_usize, 0_usize), |(count, total), due| {
        (count.saturating_add(1), total.saturating_add(length(&due)))
    });
    // The long ones first: whichever is last has most lanes idle beside it.
    let mean = total.checked_div(count).unwrap_or(0);
    let long = due().filter(|due| length(due) > mean);
    let mut all = long.chain(due().filter(|due| length(due) <= mean));
    finish_batch(count, mean, &mut all, &mut |number, tag| {
        if let Some(room) = tags.as_flattened_mut().get_mut(number) {
            *room = *tag;
        }
    });
}

/// A request until its turn.
struct Seat<'a> {
    pending: Pending,
    /// `None` if all of it waits for its turn.
    begun: Option<Begun<'a>>,
    /// The body, if it is as it should be and MACs that end with it are due.
    body: Option<&'a [u8]>,
}

impl<'a> Seat<'a> {
    fn new() -> Self {
        Self { pending: Pending::new(), begun: None, body: None }
    }

    /// Looks at the head of a request whose MAC can be computed together with others.
    fn begin(&mut self, policy: &'a Policy, memory: &'a Memory<'_>, question: &Question<'a>) {
        let Question { route, request, now } = question;
        let Body::Whole(body) = request.body else { return };
        let Ok(entered) = enter(policy, route, request) else { return };
        if !policy.scheme_of(entered.route).is_some_and(|(_, scheme)| scheme.is_deferrable()) {
            return;
        }
        let pending = &mut self.pending;
        let (pipeline, head) = pending.look(policy, memory, &entered, *now);
        if head.is_ok() {
            pending.body_failure = pending.body.update(entered.route, body).err();
            if pending.body_failure.is_none() {
                pending.signature.defer(body);
                self.body = Some(body).filter(|_| pending.body.finish().is_ok());
            }
        }
        self.begun = Some(Begun { pipeline, head });
    }

    /// The MACs that are due, numbered by the place `at` of the seat and those of their keys.
    fn due(&self, at: usize) -> impl Iterator<Item = (usize, (&HmacSha256, &[u8]))> {
        let first = at.saturating_mul(MAX_GENERATIONS);
        let due = self.body.into_iter().flat_map(|body| self.pending.signature.due(body));
        due.map(move |(place, mac)| (first.saturating_add(place), mac))
    }

    /// Takes the tags that were due.
    fn settle(&mut self, tags: &mut [[u8; 32]; MAX_GENERATIONS]) {
        if self.body.is_some() {
            self.pending.signature.settle(tags);
            tags.iter_mut().for_each(wipe);
        }
    }

    /// Decides on it, in its turn.
    fn decide(
        &mut self,
        policy: &Policy,
        memory: &Memory<'_>,
        question: &Question<'_>,
    ) -> &Decision {
        let pending = &mut self.pending;
        match self.begun.take() {
            Some(begun) if !begun.is_stale(&pending.client, &pending.answer) => {
                match begun.head {
                    Ok(()) => pending.tail(policy, memory, question.now),
                    Err((client, denial)) => {
                        begun.pipeline.refuse(&mut pending.answer, client, denial);
                    }
                }
                &pending.answer
            }
            begun => {
                if begun.is_some() {
                    *pending = Pending::new();
                }
                let Question { route, request, now } = question;
                pending.decide(policy, memory, route, request, *now)
            }
        }
    }
}

/// What came of the head of a request.
struct Begun<'a> {
    pipeline: Pipeline<'a>,
    head: Result<(), Refused<'a>>,
}

impl Begun<'_> {
    /// Whether the failed attempts that were counted meanwhile could make a difference.
    fn is_stale(&self, client: &Client, answer: &Decision) -> bool {
        let Pipeline { policy, memory, now, .. } = &self.pipeline;
        let Some(rate) = &policy.failures else { return false };
        // Without a client it was refused for them, or for something that is as soon found again.
        let arrived = self.head.as_ref().map_or_else(|(client, _)| client.is_some(), |()| true);
        let (allowed, _) =
            throttle::failures(memory.limits.as_ref(), rate, client, now.monotonic_ns);
        !arrived || answer.would_deny.contains(Check::Throttle) || allowed.is_err()
    }
}
