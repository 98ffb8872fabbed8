//! Many HMAC-SHA256 tags at once against the same in a loop, and every backend against each other:
//! interleaved in one run, as ratios to the loop over the `hmac` crate.

use std::hint::black_box;
use std::time::Instant;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::primitive::hmac::{HmacSha256Key, Item, verify_batch, verify_batch_on};
use tollgate::primitive::sha256::Backend;

/// How often each contender is asked in one round, at least, and how many rounds there are.
const BLOCKS: usize = 4000;
const ROUNDS: usize = 41;

type Prepared = Hmac<Sha256>;

/// One batch: its messages, and keys and tags for each.
struct Batch {
    name: &'static str,
    keys: Vec<HmacSha256Key>,
    theirs: Vec<Prepared>,
    messages: Vec<Vec<u8>>,
    tags: Vec<[u8; 32]>,
}

impl Batch {
    fn new(name: &'static str, lengths: impl Iterator<Item = usize>) -> Self {
        let mut state = 1_u64;
        let mut noise = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        let messages: Vec<Vec<u8>> =
            lengths.map(|length| (0..length).map(|_| noise()).collect()).collect();
        let secrets: Vec<[u8; 32]> =
            messages.iter().map(|_| std::array::from_fn(|_| noise())).collect();
        let keys: Vec<_> = secrets.iter().map(|secret| HmacSha256Key::new(secret)).collect();
        let theirs =
            secrets.iter().map(|secret| Prepared::new_from_slice(secret).expect("any length"));
        let tags = keys.iter().zip(&messages).map(|(key, message)| key.mac(message)).collect();
        Self { name, theirs: theirs.collect(), keys, tags, messages }
    }

    fn items(&self) -> Vec<Item<'_>> {
        let tagged = self.messages.iter().zip(&self.tags);
        let items = self.keys.iter().zip(tagged);
        items.map(|(key, (message, tag))| Item { key, message, tag }).collect()
    }

    /// The compressions that it takes.
    fn blocks(&self) -> usize {
        self.messages.iter().map(|message| (message.len() + 9).div_ceil(64) + 1).sum()
    }
}

/// Somebody who verifies a batch.
type Contender<'b> = (String, Box<dyn FnMut() -> bool + 'b>);

fn contenders(batch: &Batch) -> Vec<Contender<'_>> {
    let items = batch.items();
    let mut all: Vec<Contender<'_>> = Vec::new();
    all.push((
        "hmac crate, loop".to_string(),
        Box::new({
            let items = items.clone();
            move || {
                items.iter().zip(&batch.theirs).fold(true, |all, (item, theirs)| {
                    let mac = theirs.clone().chain_update(black_box(item.message));
                    mac.verify_slice(black_box(item.tag)).is_ok() & all
                })
            }
        }),
    ));
    all.push((
        "key.verify, loop".to_string(),
        Box::new({
            let items = items.clone();
            move || {
                items.iter().fold(true, |all, item| {
                    item.key.verify(black_box(item.message), black_box(item.tag)).is_ok() & all
                })
            }
        }),
    ));
    for backend in Backend::available() {
        let (items, mut results) = (items.clone(), vec![false; items.len()]);
        all.push((
            backend.name().to_string(),
            Box::new(move || verify_batch_on(backend, black_box(&items), &mut results).is_ok()),
        ));
    }
    let mut results = vec![false; items.len()];
    all.push((
        "verify_batch".to_string(),
        Box::new(move || verify_batch(black_box(&items), &mut results).is_ok()),
    ));
    all
}

fn compare(batch: &Batch) {
    let mut contenders = contenders(batch);
    let repeat = BLOCKS.div_ceil(batch.blocks());
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, verify), times) in contenders.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..repeat {
                assert!(verify());
            }
            times.push(start.elapsed().as_nanos() as f64 / repeat as f64);
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    println!("{} ({} blocks)", batch.name, batch.blocks());
    for ((name, _), median) in contenders.iter().zip(&medians) {
        let message = median / batch.messages.len() as f64;
        let block = median / batch.blocks() as f64;
        println!(
            "  {name:20} {:5.2} x  {message:8.1} ns a message  {block:6.1} ns a block",
            medians[0] / median
        );
    }
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mixed = |index: usize| [40, 700, 256, 1500, 90, 333, 2048, 0][index * 5 % 8];
    for batch in [
        Batch::new("1 of 32 B", std::iter::repeat_n(32, 1)),
        Batch::new("1 of 256 B", std::iter::repeat_n(256, 1)),
        Batch::new("2 of 256 B", std::iter::repeat_n(256, 2)),
        Batch::new("4 of 256 B", std::iter::repeat_n(256, 4)),
        Batch::new("5 of 256 B", std::iter::repeat_n(256, 5)),
        Batch::new("6 of 256 B", std::iter::repeat_n(256, 6)),
        Batch::new("8 of 256 B", std::iter::repeat_n(256, 8)),
        Batch::new("9 of 256 B", std::iter::repeat_n(256, 9)),
        Batch::new("12 of 256 B", std::iter::repeat_n(256, 12)),
        Batch::new("16 of 256 B", std::iter::repeat_n(256, 16)),
        Batch::new("64 of 256 B", std::iter::repeat_n(256, 64)),
        Batch::new("64 of 1 KiB", std::iter::repeat_n(1024, 64)),
        Batch::new("64 of 0 to 2 KiB", (0..64).map(mixed)),
    ] {
        compare(&batch);
    }
}
