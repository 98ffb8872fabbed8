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
    /// One hash for every cost that the policy has.
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

    /// Whether `presented` matches `hash`. If it does not, or if there is no hash, every cost of
    /// the policy was paid once, so the time does not tell which hash a user has, or whether there
    /// is such a user. A match is answered at once: it says so itself.
    ///
    /// # Errors
    ///
    /// [`Busy`] if there is no free place. Nothing is computed then.
    pub(crate) fn matches(
        &self,
        hash: Option<&PasswordHash>,
        presented: &[u8],
    ) -> Result<bool, Busy> {
        let mut memory = self.places.iter().find_map(free).ok_or(Busy)?;
        if hash.is_some_and(|hash| hash.matches(presented, &mut memory)) {
            return Ok(true);
        }
        let others = self.costs.iter().filter(|cost| !hash.is_some_and(|own| own.costs_like(cost)));
        let work = others.fold(false, |work, other| work | other.matches(presented, &mut memory));
        black_box(work);
        Ok(false)
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
