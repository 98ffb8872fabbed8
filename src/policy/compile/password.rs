//! The passphrases that are kept as slow hashes: what verifying them costs.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::compiled::Credential;
use super::super::fields::Fields;
use super::Work;
use crate::password::{self, MAX_WORK, PasswordHash, Verifier};

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
    Verifier::new(costs, at_once, remember_ns).unwrap_or_else(|error| {
        work.problems.add(fields.start, error.to_string());
        Verifier::idle()
    })
}

/// What a wrong passphrase costs: for each way of hashing the most hashes that a credential has. It
/// is the same for every attempt, so it is little.
fn costs(
    root: &Fields<'_, '_>,
    credentials: &[Credential],
    work: &mut Work<'_>,
) -> Vec<password::Work> {
    let mut costs: Vec<password::Work> = Vec::new();
    for (fields, credential) in root.objects("credentials").zip(credentials) {
        let own = credential.basic.iter().filter_map(|basic| basic.passphrase.password());
        for hash in own.clone() {
            let count = own.clone().filter(|other| other.costs_like(hash)).count();
            add(&mut costs, hash, count);
        }
        if costs.iter().map(|cost| cost.most).sum::<usize>() > MAX_WORK {
            let message = format!(
                "a wrong passphrase costs all kinds of slow hashes that a credential may have, and \
                 with this one they are more than {MAX_WORK}; write one as others have"
            );
            work.problems.add(fields.object("basic").at("passphrase"), message);
            break;
        }
    }
    costs
}

fn add(costs: &mut Vec<password::Work>, hash: &PasswordHash, count: usize) {
    match costs.iter_mut().find(|cost| cost.stand_in.costs_like(hash)) {
        Some(known) => known.most = known.most.max(count),
        None => costs.push(password::Work { stand_in: hash.clone(), most: count }),
    }
}
