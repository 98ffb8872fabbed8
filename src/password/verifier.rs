//! Verifies the passwords of one policy: so many at once, and wrong ones for the same work.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hint::black_box;
use std::sync::{Mutex, MutexGuard, TryLockError};

use super::argon2id::Memory;
use super::remembered::Attempt;
use super::{Busy, HashError, Own, PasswordHash, Recall};

/// The places at which verifications run, each with its memory, and what a wrong one costs. A
/// verification takes a free place or is turned away: nobody waits.
pub(crate) struct Verifier {
    places: Box<[Mutex<Memory>]>,
    /// A hash for every cost that the policy has, as many times as one user has it.
    costs: Box<[PasswordHash]>,
    /// For how long a verified password is not verified again.
    remember_ns: u64,
}

impl Verifier {
    /// `at_once` places, each with the memory for any of `costs`; none if there are no costs.
    /// `remember_ns` is the time for which a verified password may be recalled.
    ///
    /// # Errors
    ///
    /// [`HashError::NoMemory`].
    pub(crate) fn new(
        costs: &[PasswordHash],
        at_once: usize,
        remember_ns: u64,
    ) -> Result<Self, HashError> {
        let most = costs.iter().map(PasswordHash::memory_kib).max();
        let mut places = Vec::new();
        if let Some(kib) = most {
            for _ in 0..at_once {
                places.push(Mutex::new(Memory::new(kib)?));
            }
        }
        Ok(Self { places: places.into_boxed_slice(), costs: Box::from(costs), remember_ns })
    }

    /// For a policy without slow hashes.
    pub(crate) fn idle() -> Self {
        Self { places: Box::from([]), costs: Box::from([]), remember_ns: 0 }
    }

    /// Whether the policy has any slow hash.
    pub(crate) fn verifies(&self) -> bool {
        !self.costs.is_empty()
    }

    /// The place of the hash, of those in `own`, that `presented` matches; of several, the first.
    /// Those that count now stand first, and only they are recalled: one that has ended must not
    /// hide another of the same password. If there is none, the costs of the policy were paid in
    /// full, so the time does not tell which hashes the credential `id` has, or whether there is
    /// such a credential. A match is answered at once, for it says so itself: after its own cost,
    /// or, if it is recalled, after that of a MAC.
    ///
    /// # Errors
    ///
    /// [`Busy`] if there is no free place. No hash is computed then.
    pub(crate) fn matches<'h>(
        &self,
        id: &str,
        presented: &[u8],
        own: impl Iterator<Item = Own<'h>> + Clone,
        recall: Recall<'_>,
    ) -> Result<Option<usize>, Busy> {
        let now_ns = recall.now.monotonic_ns;
        let usable = now_ns != 0 && self.remember_ns != 0;
        let remembered = recall.remembered.filter(|_| usable);
        let attempt = |own: &Own<'h>| Attempt { id, hash: own.kept, presented };
        if let Some(remembered) = remembered {
            let is_known = |own: &Own<'h>| {
                own.counts && remembered.has(&attempt(own), now_ns, self.remember_ns)
            };
            if let Some(known) = own.clone().find(is_known) {
                return Ok(Some(known.place));
            }
        }
        let mut memory = self.places.iter().find_map(free).ok_or(Busy)?;
        if let Some(right) = own.clone().find(|own| own.kept.matches(presented, &mut memory)) {
            if let Some(remembered) = remembered {
                remembered.keep(&attempt(&right), now_ns);
            }
            return Ok(Some(right.place));
        }
        for (at, cost) in self.costs.iter().enumerate() {
            let before = self.costs.iter().take(at).filter(|other| other.costs_like(cost)).count();
            let paid = own.clone().filter(|own| own.kept.costs_like(cost)).count();
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

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;
    use core::slice::from_ref;

    use super::Verifier;
    use crate::password::{Busy, Own, PasswordHash, Recall, Remembered};
    use crate::request::Now;

    const HASH: &str = "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy";
    const RESET: &str =
        "$pbkdf2-sha256$i=1000$TmFDbC1vZi0xNi1ieXRlcw$CNUVwZQgpQDz4PtQMzN+Z7Tg3FsrBYmQt9HNJnxJvoA";
    const RIGHT: &[u8] = b"correct horse";
    const NOTHING: Recall<'_> = Recall { remembered: None, now: now(1) };

    const fn now(monotonic_ns: u64) -> Now {
        Now { unix_ms: 0, monotonic_ns }
    }

    fn at(remembered: &Remembered, monotonic_ns: u64) -> Recall<'_> {
        Recall { remembered: Some(remembered), now: now(monotonic_ns) }
    }

    fn hash(text: &str) -> PasswordHash {
        PasswordHash::parse(text).unwrap()
    }

    fn verifier(hash: &PasswordHash, at_once: usize, remember_ns: u64) -> Verifier {
        Verifier::new(from_ref(hash), at_once, remember_ns).unwrap()
    }

    /// Whether the password of credential "a" is right.
    fn ask(
        verifier: &Verifier,
        hash: Option<&PasswordHash>,
        presented: &[u8],
        recall: Recall<'_>,
    ) -> Result<bool, Busy> {
        let own = hash.into_iter().map(|hash| Own { place: 7, kept: hash, counts: true });
        let place = verifier.matches("a", presented, own, recall)?;
        assert!(matches!(place, None | Some(7)));
        Ok(place.is_some())
    }

    /// The same while all places are taken: only what needs none is answered.
    fn without_places(
        verifier: &Verifier,
        hash: Option<&PasswordHash>,
        presented: &[u8],
        recall: Recall<'_>,
    ) -> Result<bool, Busy> {
        let _taken: Vec<_> = verifier.places.iter().map(|place| place.lock().unwrap()).collect();
        ask(verifier, hash, presented, recall)
    }

    #[test]
    fn who_finds_no_place_is_turned_away() {
        let hash = hash(HASH);
        for at_once in [1, 3] {
            let verifier = verifier(&hash, at_once, 100);
            assert_eq!(without_places(&verifier, Some(&hash), RIGHT, NOTHING), Err(Busy));
            assert_eq!(without_places(&verifier, None, RIGHT, NOTHING), Err(Busy));
            let _all_but_one: Vec<_> =
                verifier.places.iter().skip(1).map(|place| place.lock().unwrap()).collect();
            assert_eq!(ask(&verifier, Some(&hash), RIGHT, NOTHING), Ok(true));
            assert_eq!(ask(&verifier, None, RIGHT, NOTHING), Ok(false));
        }
    }

    #[test]
    fn the_first_hash_that_matches_is_named() {
        let hashes = [RESET, HASH, "$2y$04$ZvmNibcvBAloy9apsdh.v.gw/W3RkdnY5ltub.0Gpa1RVRWEEYBSG"];
        let hashes = hashes.map(hash);
        let other = hash("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe");
        let verifier = verifier(&hashes[1], 1, 100);
        let remembered = Remembered::new().unwrap();
        let asked = |presented, places: &[usize]| {
            let own = places.iter().map(|place| {
                let hash = hashes.get(*place).unwrap_or(&other);
                Own { place: *place, kept: hash, counts: true }
            });
            verifier.matches("a", presented, own, at(&remembered, 1))
        };
        for _ in 0..2 {
            assert_eq!(asked(RIGHT, &[2, 1]), Ok(Some(2)));
            assert_eq!(asked(RIGHT, &[9, 1]), Ok(Some(1)));
            assert_eq!(asked(b"a", &[0, 1, 9]), Ok(Some(9)));
            assert_eq!(asked(b"b", &[0, 1, 2, 9]), Ok(None));
            assert_eq!(asked(RIGHT, &[]), Ok(None));
        }
    }

    /// The same password under two hashes, as when one kind replaces another.
    #[test]
    fn what_has_ended_does_not_hide_what_counts() {
        let hashes = [HASH, RESET].map(hash);
        let [old, new] = &hashes;
        let verifier = verifier(old, 1, 100);
        let remembered = Remembered::new().unwrap();
        let asked =
            |own: [Own<'_>; 2]| verifier.matches("a", RIGHT, own.into_iter(), at(&remembered, 1));
        let new = |counts| Own { place: 1, kept: new, counts };
        let old = |counts| Own { place: 0, kept: old, counts };
        assert_eq!(asked([old(true), new(true)]), Ok(Some(0)));
        assert_eq!(asked([new(true), old(false)]), Ok(Some(1)));
    }

    #[test]
    fn a_right_password_is_recalled_until_its_time_is_over() {
        let (hash, remembered) = (hash(HASH), Remembered::new().unwrap());
        let verifier = verifier(&hash, 2, 100);
        let own = Some(&hash);
        let recalled = |now| without_places(&verifier, own, RIGHT, at(&remembered, now));
        assert_eq!(recalled(50), Err(Busy));
        assert_eq!(ask(&verifier, own, RIGHT, at(&remembered, 50)), Ok(true));
        assert_eq!((recalled(150), recalled(151), recalled(49)), (Ok(true), Err(Busy), Err(Busy)));
        // A recalled one does not get younger; one that is verified again does.
        assert_eq!(ask(&verifier, own, RIGHT, at(&remembered, 151)), Ok(true));
        assert_eq!((recalled(251), recalled(252)), (Ok(true), Err(Busy)));
    }

    /// Policies with another hash of the user, under the same memory.
    #[test]
    fn a_reset_password_is_not_recalled() {
        let (before, after, remembered) = (hash(HASH), hash(RESET), Remembered::new().unwrap());
        let old = verifier(&before, 1, 100);
        let new = verifier(&after, 1, 100);
        assert_eq!(ask(&old, Some(&before), RIGHT, at(&remembered, 1)), Ok(true));
        assert_eq!(without_places(&new, Some(&after), RIGHT, at(&remembered, 1)), Err(Busy));
        // One whose user is gone.
        assert_eq!(without_places(&new, None, RIGHT, at(&remembered, 1)), Err(Busy));
        assert_eq!(ask(&new, None, RIGHT, at(&remembered, 1)), Ok(false));
        // The same hash in another policy is the same one.
        let again = verifier(&before, 1, 100);
        assert_eq!(without_places(&again, Some(&before), RIGHT, at(&remembered, 1)), Ok(true));
    }

    #[test]
    fn ten_thousand_wrong_passwords_are_not_kept_and_drive_nothing_out() {
        // Not worth much as a hash, and verified often enough here.
        let hash =
            hash("$argon2id$v=19$m=8,t=1,p=1$YSBzYWx0IG9mIDE4IGJ5dGVz$iLUWi6yvVEGhE4WKpZjOzw");
        let remembered = Remembered::new().unwrap();
        let verifier = verifier(&hash, 1, u64::MAX);
        let own = Some(&hash);
        assert_eq!(ask(&verifier, own, RIGHT, at(&remembered, 1)), Ok(true));
        for number in 0..10_000_u32 {
            let wrong = format!("wrong {number}");
            assert_eq!(ask(&verifier, own, wrong.as_bytes(), at(&remembered, 2)), Ok(false));
            if number % 100 == 0 {
                let again = without_places(&verifier, own, wrong.as_bytes(), at(&remembered, 2));
                assert_eq!(again, Err(Busy));
            }
        }
        assert_eq!(remembered.used(), 1);
        assert_eq!(without_places(&verifier, own, RIGHT, at(&remembered, 2)), Ok(true));
    }

    #[test]
    fn nothing_is_recalled_without_a_clock_or_if_the_policy_says_so() {
        let (hash, remembered) = (hash(HASH), Remembered::new().unwrap());
        for (remember_ns, now) in [(100, 0), (0, 7)] {
            let verifier = verifier(&hash, 1, remember_ns);
            let recall = at(&remembered, now);
            assert_eq!(ask(&verifier, Some(&hash), RIGHT, recall), Ok(true));
            assert_eq!(without_places(&verifier, Some(&hash), RIGHT, recall), Err(Busy));
        }
        assert_eq!(remembered.used(), 0);
    }

    /// Two threads with one memory: a right one stays right, a wrong one stays wrong.
    #[test]
    fn threads_share_what_is_remembered() {
        let (hash, remembered) = (hash(HASH), Remembered::new().unwrap());
        let verifier = verifier(&hash, 2, u64::MAX);
        std::thread::scope(|scope| {
            for presented in [RIGHT, b"wrong horse"] {
                let (hash, remembered, verifier) = (&hash, &remembered, &verifier);
                scope.spawn(move || {
                    for now in 1..200 {
                        let answer = ask(verifier, Some(hash), presented, at(remembered, now));
                        assert_eq!(answer, Ok(presented == RIGHT));
                    }
                });
            }
        });
        assert_eq!(remembered.used(), 1);
    }
}
