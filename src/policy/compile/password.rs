//! The passphrases that are kept as slow hashes: what verifying them costs.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::compiled::Credential;
use super::super::fields::Fields;
use super::Work;
use crate::password::{MAX_COSTS, PasswordHash, Verifier};

/// What verifies the passphrases, which have these costs.
pub(super) fn verifier(root: &Fields<'_, '_>, costs: &Costs, work: &mut Work<'_>) -> Verifier {
    let fields = root.object("passwords");
    let at_once = usize::try_from(fields.number("at_once")).unwrap_or(usize::MAX);
    let remember_ns = fields.number("remember_s").saturating_mul(1_000_000_000);
    Verifier::new(&costs.hashes, at_once, remember_ns).unwrap_or_else(|error| {
        work.problems.add(fields.start, error.to_string());
        Verifier::idle()
    })
}

/// A hash for each of the costs, as many times as one credential has it. Every wrong passphrase is
/// to cost the same, so it costs all of them together, and they are few.
#[derive(Default)]
pub(super) struct Costs {
    hashes: Vec<PasswordHash>,
    /// Whether there were too many.
    full: bool,
}

impl Costs {
    /// Adds those of a credential, which `fields` write.
    pub(super) fn add(
        &mut self,
        fields: &Fields<'_, '_>,
        credential: &Credential,
        work: &mut Work<'_>,
    ) {
        let passphrases = || credential.basic.iter().flat_map(|basic| &*basic.passphrases);
        let own = || passphrases().filter_map(|passphrase| passphrase.hash.password());
        for hash in own() {
            let alike = |cost: &&PasswordHash| cost.costs_like(hash);
            if self.full || self.hashes.iter().filter(alike).count() >= own().filter(alike).count()
            {
                continue;
            }
            self.full = self.hashes.len() == MAX_COSTS;
            if self.full {
                let message = format!(
                    "with this one every wrong passphrase costs more than {MAX_COSTS} slow hashes; \
                     write one with the parameters of another credential, or fewer values"
                );
                let reference = fields.object("basic").object("passphrase");
                work.problems.add(reference.at("password_hash"), message);
            } else {
                self.hashes.push(hash.clone());
            }
        }
    }
}
