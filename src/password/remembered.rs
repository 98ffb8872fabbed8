//! Which passwords were verified a short while ago, so that a right one is not paid for at every
//! request.
//!
//! What is kept of one is a MAC under a key that this memory drew for itself, over the hash, the id
//! of the credential and the password. So what lies here helps nobody to guess a password without
//! that key; a hash that is replaced, as a reset does it, is another one; and nothing is found that
//! was not verified. A wrong password leaves no trace and drives nothing out.
//!
//! Nobody waits: what another thread holds at this moment counts as not there, and is not written.

use alloc::boxed::Box;
use core::fmt;
use std::sync::RwLock;

use zeroize::Zeroizing;

use super::PasswordHash;
use crate::primitive::compare::equal_arrays;
use crate::primitive::hmac::HmacSha256Key;

/// How many buckets there are.
const BUCKETS: usize = 4096;

/// How many passwords a bucket holds.
const WAYS: usize = 4;

/// Up to 16384 passwords, in some 700 KiB that never grow. It is for one process: it is never in
/// memory that others share.
pub struct Remembered {
    key: HmacSha256Key,
    buckets: Box<[RwLock<[Entry; WAYS]>]>,
}

/// One password.
#[derive(Clone, Copy)]
struct Entry {
    tag: [u8; 32],
    /// The monotonic time of the verification; 0 if there was none.
    verified_ns: u64,
}

/// An attempt to pass with a password.
pub(super) struct Attempt<'a> {
    /// The id of the credential.
    pub(super) id: &'a str,
    /// A hash of its passphrase.
    pub(super) hash: &'a PasswordHash,
    /// What was presented.
    pub(super) presented: &'a [u8],
}

const NONE: Entry = Entry { tag: [0; 32], verified_ns: 0 };

impl Remembered {
    /// Nothing, under a key from the operating system's random numbers; `None` without those.
    pub fn new() -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice()).ok()?;
        let buckets = (0..BUCKETS).map(|_| RwLock::new([NONE; WAYS])).collect();
        Some(Self { key: HmacSha256Key::new(key.as_slice()), buckets })
    }

    /// Whether the attempt was verified at most `age_ns` before `now_ns`. The time does not depend
    /// on the password.
    pub(super) fn has(&self, attempt: &Attempt<'_>, now_ns: u64, age_ns: u64) -> bool {
        let tag = self.tag(attempt);
        let Some(bucket) = self.bucket(attempt).and_then(|bucket| bucket.try_read().ok()) else {
            return false;
        };
        bucket.iter().fold(false, |found, entry| {
            let counts = entry.verified_ns != 0
                && now_ns.checked_sub(entry.verified_ns).is_some_and(|age| age <= age_ns);
            found | (equal_arrays(&entry.tag, &tag) & counts)
        })
    }

    /// Keeps a verified attempt, in the place of the oldest one if there is no other.
    pub(super) fn keep(&self, attempt: &Attempt<'_>, now_ns: u64) {
        let tag = self.tag(attempt);
        let Some(mut bucket) = self.bucket(attempt).and_then(|bucket| bucket.try_write().ok())
        else {
            return;
        };
        let own = bucket.iter().position(|entry| equal_arrays(&entry.tag, &tag));
        let by_age = bucket.iter().enumerate().min_by_key(|(_, entry)| entry.verified_ns);
        let place = own.or(by_age.map(|(place, _)| place));
        if let Some(entry) = place.and_then(|place| bucket.get_mut(place)) {
            *entry = Entry { tag, verified_ns: now_ns };
        }
    }

    /// What stands for an attempt. Its parts have known lengths, but for the last one, so no two
    /// attempts give the same message.
    fn tag(&self, attempt: &Attempt<'_>) -> [u8; 32] {
        let mut mac = self.key.start();
        mac.update(attempt.hash.version());
        mac.update(&(attempt.id.len() as u64).to_be_bytes());
        mac.update(attempt.id.as_bytes());
        mac.update(attempt.presented);
        mac.finish()
    }

    /// The bucket of a hash. It does not depend on the password.
    fn bucket(&self, attempt: &Attempt<'_>) -> Option<&RwLock<[Entry; WAYS]>> {
        let [first, second, ..] = attempt.hash.version();
        let place = u16::from_be_bytes([*first, *second]);
        self.buckets.get(usize::from(place) & const { BUCKETS - 1 })
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remembered(..)")
    }
}

#[cfg(test)]
impl Remembered {
    /// How many passwords there are.
    pub(super) fn used(&self) -> usize {
        let used = |bucket: &RwLock<[Entry; WAYS]>| {
            bucket.read().unwrap().iter().filter(|entry| entry.verified_ns != 0).count()
        };
        self.buckets.iter().map(used).sum()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::{Attempt, BUCKETS, Remembered, WAYS};
    use crate::password::PasswordHash;

    const HASH: &str = "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//Sy";
    const OTHER: &str = "$2b$04$CyxF53gldzp6IqVW4F8W1.dvX37YbSyVSXzrJGcFE9lm3g7iD//S.";

    #[test]
    fn what_was_kept_is_there_and_nothing_else() {
        let (hash, other) =
            (PasswordHash::parse(HASH).unwrap(), PasswordHash::parse(OTHER).unwrap());
        let attempt = |id, hash, presented| Attempt { id, hash, presented };
        let remembered = Remembered::new().unwrap();
        let right = attempt("ab", &hash, b"c");
        assert!(!remembered.has(&right, 10, 10));
        remembered.keep(&right, 10);
        assert!(remembered.has(&right, 10, 10));
        for (what, wrong) in [
            ("another password", attempt("ab", &hash, b"d")),
            ("no password", attempt("ab", &hash, b"")),
            ("another id", attempt("ac", &hash, b"c")),
            ("id and password cut elsewhere", attempt("a", &hash, b"bc")),
            ("another hash", attempt("ab", &other, b"c")),
        ] {
            assert!(!remembered.has(&wrong, 10, 10), "{what}");
        }
        // Another process has another key.
        let another = Remembered::new().unwrap();
        assert_ne!(another.tag(&right), remembered.tag(&right));
        assert!(!another.has(&right, 10, 10));
    }

    #[test]
    fn it_is_forgotten_in_time_and_when_the_clock_goes_back() {
        let hash = PasswordHash::parse(HASH).unwrap();
        let attempt = Attempt { id: "a", hash: &hash, presented: b"x" };
        let remembered = Remembered::new().unwrap();
        remembered.keep(&attempt, 100);
        for (now, age, expected) in
            [(100, 0, true), (101, 0, false), (200, 100, true), (201, 100, false), (99, 100, false)]
        {
            assert_eq!(remembered.has(&attempt, now, age), expected, "{now}, {age}");
        }
        // A verification later makes it younger and takes no other place.
        remembered.keep(&attempt, 300);
        assert!(remembered.has(&attempt, 400, 100));
        let bucket = remembered.bucket(&attempt).unwrap().read().unwrap();
        assert_eq!(bucket.iter().filter(|entry| entry.verified_ns != 0).count(), 1);
    }

    #[test]
    fn the_oldest_makes_room_and_there_is_no_more_of_it() {
        let hash = PasswordHash::parse(HASH).unwrap();
        let ids: Vec<String> = (0..=WAYS).map(|id| format!("id{id}")).collect();
        let attempt = |id| Attempt { id, hash: &hash, presented: b"x" };
        let remembered = Remembered::new().unwrap();
        for (id, now) in ids.iter().zip(1..) {
            remembered.keep(&attempt(id), now);
        }
        let there = ids.iter().map(|id| remembered.has(&attempt(id), 10, 100));
        assert_eq!(there.collect::<Vec<_>>(), [false, true, true, true, true]);
        assert_eq!(remembered.buckets.len(), BUCKETS);
    }

    #[test]
    fn what_somebody_holds_counts_as_not_there() {
        let hash = PasswordHash::parse(HASH).unwrap();
        let attempt = Attempt { id: "a", hash: &hash, presented: b"x" };
        let remembered = Remembered::new().unwrap();
        remembered.keep(&attempt, 1);
        let reading = remembered.bucket(&attempt).unwrap().read().unwrap();
        assert!(remembered.has(&attempt, 1, 1));
        remembered.keep(&attempt, 2);
        drop(reading);
        assert!(remembered.has(&attempt, 1, 1) && !remembered.has(&attempt, 3, 1));
        let writing = remembered.bucket(&attempt).unwrap().write().unwrap();
        assert!(!remembered.has(&attempt, 1, 1));
        drop(writing);
    }
}
