//! Routes that take each message only once.

use alloc::format;

use super::super::compiled::Replay;
use super::super::fields::Fields;
use super::super::wants::quoted;
use super::Work;
use crate::scheme::{Scheme, TimeSource, Timestamp};

/// What the route says of messages that come again.
pub(super) fn replay(
    route: &Fields<'_, '_>,
    scheme: Option<&Scheme>,
    work: &mut Work<'_>,
) -> Option<Replay> {
    let start = route.get("replay")?.start;
    let fields = route.object("replay");
    if route.get("signature").is_none() {
        let message =
            "only a signature tells one message from another; write \"signature\" into the route";
        work.problems.add(start, message);
    }
    if let Some(scheme) = scheme.filter(|scheme| !scheme.proves_secret()) {
        let message = format!(
            "a signature of {} says nothing of who sends the message, or how often; remove it",
            quoted(&scheme.name)
        );
        work.problems.add(start, message);
    }
    Some(Replay {
        window_ms: window_ms(&fields, scheme, work),
        lease_ms: fields.optional_number("lease_s").map(|lease| lease.saturating_mul(1000)),
        pass_when_full: fields.text("on_full") == "allow",
    })
}

/// How long a message has to be remembered. As long as it is fresh it could come again.
fn window_ms(fields: &Fields<'_, '_>, scheme: Option<&Scheme>, work: &mut Work<'_>) -> u64 {
    let written = fields.optional_number("window_s").map(|seconds| seconds.saturating_mul(1000));
    let Some(scheme) = scheme else { return written.unwrap_or(0) };
    let fresh = scheme.timestamp.as_ref().map(longest_ms);
    match (written, fresh) {
        (None, None) => {
            let message = "the scheme has no timestamp, so its messages are fresh for ever; write \
                           \"window_s\", how long they are remembered";
            work.problems.add(fields.start, message);
        }
        (Some(written), Some(fresh)) if written < fresh => {
            let message = format!(
                "a message is fresh for {} seconds and would pass again; write at least that",
                fresh.div_ceil(1000)
            );
            work.problems.add(fields.at("window_s"), message);
        }
        _ => {}
    }
    written.or(fresh).unwrap_or(0)
}

/// The longest time for which a message can be fresh.
fn longest_ms(timestamp: &Timestamp) -> u64 {
    let usual = u64::from(timestamp.past_s).saturating_mul(1000);
    let past = match &timestamp.source {
        TimeSource::Parameter { window: Some(window), .. } => usual.max(u64::from(window.most_ms)),
        _ => usual,
    };
    past.saturating_add(u64::from(timestamp.future_s).saturating_mul(1000))
}
