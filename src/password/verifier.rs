//! Verifies the passwords of one policy: so many at once, and wrong ones for the same work.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hint::black_box;
use std::sync::{Mutex, MutexGuard, TryLockError};

use super::argon2id::Memory;
use super::{Busy, HashError, PasswordHash};

/// The places at which verifications run, each with its memory, and what a wrong one costs. A
/// verification takes a free place or is turned away: nobody waits.
pub(crate) struct Verifier {
    places: Box<[Mutex<Memory>]>,
    /// A hash for every cost that the policy has, as many times as one user has it.
    costs: Box<[PasswordHash]>,
}

impl Verifier {
    /// `at_once` places, each with the memory for any of `costs`; none if there are no costs.
    ///
    /// # Errors
    ///
    /// [`HashError::NoMemory`].
    pub(crate) fn new(costs: &[PasswordHash], at_once: usize) -> Result<Self, HashError> {
        let most = costs.iter().map(|hash| hash.cost.memory_kib()).max();
        let mut places = Vec::new();
        if let Some(kib) = most {
            for _ in 0..at_once {
                places.push(Mutex::new(Memory::new(kib)?));
            }
        }
        Ok(Self { places: places.into_boxed_slice(), costs: Box::from(costs) })
    }

    /// For a policy without slow hashes.
    pub(crate) fn idle() -> Self {
        Self { places: Box::from([]), costs: Box::from([]) }
    }

    /// Whether the policy has any slow hash.
    pub(crate) fn verifies(&self) -> bool {
        !self.costs.is_empty()
    }

    /// The place of the first of `hashes` that `presented` matches. If it matches none, or if there
    /// is none, every cost of the policy was paid, so the time does not tell which hashes a user
    /// has, how many, or whether there is such a user. A match is answered at once: it says so
    /// itself.
    ///
    /// # Errors
    ///
    /// [`Busy`] if there is no free place. Nothing is computed then.
    pub(crate) fn matches<'h>(
        &self,
        hashes: impl Iterator<Item = (usize, &'h PasswordHash)> + Clone,
        presented: &[u8],
    ) -> Result<Option<usize>, Busy> {
        let mut memory = self.places.iter().find_map(free).ok_or(Busy)?;
        let right = |(_, hash): &(usize, &PasswordHash)| hash.matches(presented, &mut memory);
        if let Some((place, _)) = hashes.clone().find(right) {
            return Ok(Some(place));
        }
        for (at, cost) in self.costs.iter().enumerate() {
            let before = self.costs.iter().take(at).filter(|other| other.costs_like(cost)).count();
            let paid = hashes.clone().filter(|(_, hash)| hash.costs_like(cost)).count();
            if before >= paid {
                black_box(cost.matches(presented, &mut memory));
            }
        }
        Ok(None)
    }
}

/// The place, if it is free. What a panic left in its memory is overwritten by the next one.
fn free(place: &Mutex<Memory>) -> Option<MutexGuard<'_, Memory>> {
    match place.try_lock() {
        Ok(memory) => Some(memory),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}
