//! The passphrases that are kept as slow hashes: what verifying them costs.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::compiled::Credential;
use super::super::fields::Fields;
use super::Work;
use crate::password::{MAX_COSTS, PasswordHash, Verifier};

/// What verifies the passphrases of `credentials`, which `root` has in the same order.
pub(super) fn verifier(
    root: &Fields<'_, '_>,
    credentials: &[Credential],
    work: &mut Work<'_>,
) -> Verifier {
    let costs = costs(root, credentials, work);
    let fields = root.object("passwords");
    let at_once = usize::try_from(fields.number("at_once")).unwrap_or(usize::MAX);
    let remember_ns = fields.number("remember_s").saturating_mul(1_000_000_000);
    Verifier::new(&costs, at_once, remember_ns).unwrap_or_else(|error| {
        work.problems.add(fields.start, error.to_string());
        Verifier::idle()
    })
}

/// A hash for each of the costs, as many times as one credential has it. Every wrong passphrase is
/// to cost the same, so it costs all of them together, and they are few.
fn costs(
    root: &Fields<'_, '_>,
    credentials: &[Credential],
    work: &mut Work<'_>,
) -> Vec<PasswordHash> {
    let mut costs: Vec<PasswordHash> = Vec::new();
    for (fields, credential) in root.objects("credentials").zip(credentials) {
        let passphrases = credential.basic.iter().flat_map(|basic| &basic.passphrases);
        let own: Vec<_> = passphrases.filter_map(|passphrase| passphrase.hash.password()).collect();
        for hash in &own {
            let alike = |cost: &&PasswordHash| cost.costs_like(hash);
            let wanted = own.iter().copied().filter(alike).count();
            if costs.iter().filter(alike).count() >= wanted {
                continue;
            }
            if costs.len() == MAX_COSTS {
                let message = format!(
                    "with this one every wrong passphrase costs more than {MAX_COSTS} slow hashes; \
                     write one with the parameters of another credential, or fewer values"
                );
                let reference = fields.object("basic").object("passphrase");
                work.problems.add(reference.at("password_hash"), message);
                return costs;
            }
            costs.push((*hash).clone());
        }
    }
    costs
}
