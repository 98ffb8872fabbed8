//! The memory that the host hands in: a header and two regions of buckets.
//!
//! ```text
//! word  0       magic and version of the layout, written last
//!       1, 2    buckets for credentials, buckets for addresses
//!       3, 4    the key under which subjects are hashed
//!       5       checksum of words 1 to 4
//!       6..16   zero
//!       16..    64 words a bucket, credentials first
//! ```
//!
//! Words are in the byte order of the machine. There is no pointer in it, so processes may map it
//! at different places. Whatever strangers send fills the region of the addresses only.

use core::fmt;

use super::atomic::AtomicU64;
use super::bucket::{Bucket, Key};
use super::fill::Fill;
use super::gcra::at;
use super::header::{AttachError, Header, InitError, buckets, table_buckets, table_words};
use super::subject::Subject;
#[cfg(feature = "alloc")]
use crate::primitive::prefetch::{NEAR, prefetch};

const MAGIC: u64 = u64::from_be_bytes(*b"TollLim\x00");
const BUCKET_WORDS: usize = 64;
/// One word of each half is the bucket's own.
const CELLS: u64 = 31;
/// How many subjects a bucket is meant for. Subjects are spread by chance, so there has to be
/// slack: with 8 on average, one bucket in 10^10 gets more than its 31.
const SUBJECTS_PER_BUCKET: usize = 8;

const _: () = assert!(CELLS as usize == BUCKET_WORDS / 2 - 1);
const _: () = assert!(CELLS as usize <= super::bucket::MAX_CELLS);

/// The size of a table for so many subjects, in words of 8 bytes; `None` if no memory is that
/// large.
///
/// A subject is one limit of one credential, one limit of one address, or the failures of one
/// address, and takes room as long as it owes something: about 8 words each. Count every limit of
/// every credential, and every address that may call or fail within the time in which a burst
/// comes back. Subjects are spread by chance; the table takes about twice as many before the first
/// one finds no room, and is denied.
pub const fn size_words(credentials: usize, addresses: usize) -> Option<usize> {
    match region(credentials).checked_add(region(addresses)) {
        Some(buckets) => table_words::<BUCKET_WORDS>(buckets),
        None => None,
    }
}

/// The buckets for so many subjects.
const fn region(subjects: usize) -> usize {
    buckets(subjects, SUBJECTS_PER_BUCKET)
}

/// Makes an empty table for so many subjects (see [`size_words`]) of the beginning of `words`.
/// Nobody may use the memory meanwhile. `seed` are 16 random bytes, new for each table, so that
/// nobody can choose subjects that meet in one bucket.
///
/// Initialise shared memory again after a boot: monotonic clocks begin anew. Memory that begins at
/// a multiple of 64 bytes is fastest.
///
/// # Errors
///
/// The memory is too short, or no memory were long enough.
pub fn init(
    words: &[AtomicU64],
    credentials: usize,
    addresses: usize,
    seed: [u8; 16],
) -> Result<(), InitError> {
    let needed = size_words(credentials, addresses).ok_or(InitError::TooMany)?;
    let table = words.get(..needed).ok_or(InitError::TooShort { needed })?;
    let counts = [region(credentials) as u64, region(addresses) as u64];
    Header { counts, key: seed }.write(MAGIC, table);
    Ok(())
}

/// A table in memory that the host keeps. It may be copied freely, and any number of threads and
/// processes may use the same memory at once.
#[derive(Clone, Copy)]
pub struct Table<'m> {
    key: [u8; 16],
    credentials: &'m [[AtomicU64; BUCKET_WORDS]],
    addresses: &'m [[AtomicU64; BUCKET_WORDS]],
}

impl fmt::Debug for Table<'_> {
    /// The key stays out of logs: who knows it can choose subjects that meet in one bucket.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let buckets = (self.credentials.len(), self.addresses.len());
        write!(f, "Table {{ buckets: {buckets:?}, key: .. }}")
    }
}

impl<'m> Table<'m> {
    /// The table in `words`, as [`init`] left it. Memory behind the table is not touched.
    ///
    /// # Errors
    ///
    /// The memory is too short, was never initialised, or its header is not what [`init`] wrote.
    pub fn attach(words: &'m [AtomicU64]) -> Result<Self, AttachError> {
        let header = Header::read(MAGIC, words)?;
        let count = |count: u64| usize::try_from(count).map_err(|_| AttachError::Corrupt);
        let [credentials, addresses] = header.counts;
        let (credentials, addresses) = (count(credentials)?, count(addresses)?);
        let total = credentials.checked_add(addresses).ok_or(AttachError::Corrupt)?;
        let (credentials, addresses) = table_buckets(words, total)?
            .split_at_checked(credentials)
            .ok_or(AttachError::Corrupt)?;
        Ok(Self { key: header.key, credentials, addresses })
    }

    /// How full the table is at `now_ns`, monotonic time: subjects that owe something then, first
    /// those of credentials, then those of addresses. Others may use the table meanwhile. Every
    /// word of it is looked at.
    pub fn fill(&self, now_ns: u64) -> (Fill, Fill) {
        let now = at(now_ns);
        let fill = |region: &'m [[AtomicU64; BUCKET_WORDS]]| {
            let buckets = region.iter().filter_map(|words| Bucket::new(words));
            let owing = buckets.map(|bucket| bucket.owing(now)).fold(0, usize::saturating_add);
            Fill::new(owing, region.len(), SUBJECTS_PER_BUCKET)
        };
        (fill(self.credentials), fill(self.addresses))
    }

    /// Asks for the memory of the subject, if the table is so large that it may be far away: to find
    /// out where it is takes a while too.
    #[cfg(feature = "alloc")]
    pub(crate) fn prefetch(&self, subject: &Subject<'_>) {
        if size_of_val(self.region(subject)) > NEAR
            && let Some((words, key)) = self.words(subject)
        {
            // The words of the cell at which it is looked for first: one in each half.
            let owner = key.start.saturating_add(1);
            let words = [words.get(owner), words.get(owner.saturating_add(BUCKET_WORDS / 2))];
            words.into_iter().flatten().for_each(prefetch);
        }
    }

    fn region(&self, subject: &Subject<'_>) -> &'m [[AtomicU64; BUCKET_WORDS]] {
        match subject.is_authenticated() {
            true => self.credentials,
            false => self.addresses,
        }
    }

    /// The bucket of the subject, and what it is called there. Two subjects that share both share
    /// their limit: among n subjects in b buckets with probability n^2 / (b * 2^33), that is
    /// 2 in 100,000 for 20,000 subjects in a table sized for them. The error is on the side of
    /// denial.
    pub(super) fn place(&self, subject: &Subject<'_>) -> Option<(Bucket<'m>, Key)> {
        let (words, key) = self.words(subject)?;
        Some((Bucket::new(words)?, key))
    }

    /// The words of the bucket of the subject.
    #[inline]
    fn words(&self, subject: &Subject<'_>) -> Option<(&'m [AtomicU64; BUCKET_WORDS], Key)> {
        let region = self.region(subject);
        let hash = subject.hash(&self.key);
        // The high half of the hash picks the bucket and the first cell, the low half is the
        // fingerprint.
        let scaled = (hash >> 32).wrapping_mul(region.len() as u64);
        let start = (scaled & 0xffff_ffff).wrapping_mul(CELLS) >> 32;
        let words = region.get(usize::try_from(scaled >> 32).ok()?)?;
        let key = Key { fingerprint: (hash as u32).max(1), start: usize::try_from(start).ok()? };
        Some((words, key))
    }
}
