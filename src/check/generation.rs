//! Does the value of the secret that was proved count now: from `not_before` on and strictly before
//! `not_after`?

use crate::decision::Reason;
use crate::policy::{Credential, Generation, Presented, SecretGeneration};

/// For an API key or a passphrase.
pub(crate) fn presented(
    credential: &Credential,
    presented: Presented,
    unix_ms: u64,
) -> Result<(), Reason> {
    match presented {
        Presented::Nothing => Ok(()),
        Presented::ApiKey(place) => judge(credential.key_generations(), place, unix_ms),
        Presented::Passphrase(place) => judge(credential.passphrase_generations(), place, unix_ms),
    }
}

fn judge<'p>(
    all: impl Iterator<Item = &'p Generation> + Clone,
    place: usize,
    unix_ms: u64,
) -> Result<(), Reason> {
    let held = all.clone().nth(place).ok_or(Reason::Internal)?;
    held.judge(all, unix_ms)
}

/// For a signing secret. Another one took its place if it is for the same scheme.
pub(crate) fn signed(
    credential: &Credential,
    matched: &SecretGeneration,
    unix_ms: u64,
) -> Result<(), Reason> {
    let shares = |other: &&SecretGeneration| other.schemes & matched.schemes != 0;
    let all = credential.secrets.iter().filter(shares).map(|secret| &secret.generation);
    matched.generation.judge(all, unix_ms)
}
