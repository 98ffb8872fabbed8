//! Tags of many messages on every backend that the processor has, against those of the `hmac` crate.
//! Each backend is named on the serial port with how many tags it judged as it must, or with the
//! batch in which it did not; the last line says that all was asked.

#![no_std]
#![no_main]

mod boot;
#[path = "../../freestanding/src/memory.rs"]
mod memory;

use core::fmt::{self, Write};
use core::panic::PanicInfo;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate::primitive::hmac::{HmacSha256Key, Item, verify_batch, verify_batch_on};
use tollgate::primitive::sha256::Backend;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    say(format_args!("{info}"));
    boot::end()
}

struct Serial;

impl Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        boot::say(text);
        Ok(())
    }
}

fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(Serial, "{line}");
}

pub(crate) fn work() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let text = core::array::from_fn(|_| noise.below(256) as u8);
    let secrets: [Secret; SECRETS] = core::array::from_fn(|_| Secret::new(&mut noise, &text));
    for backend in Backend::available().map(Some).chain([None]) {
        let mut asked = Asked { backend, text: &text, secrets: &secrets, tags: 0 };
        match asked.all() {
            Ok(()) => say(format_args!("{backend:?}: {} tags", asked.tags)),
            Err(Wrong { what, messages, first }) => {
                say(format_args!("{backend:?}: {what} of {messages}, the first of {first} bytes"));
            }
        }
    }
    say(format_args!("end"));
}

/// Numbers that look random and are the same on every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

/// What messages and secrets are cut from.
type Text = [u8; 8192];

const SECRETS: usize = 37;

/// One secret, as it is prepared by us and by others.
struct Secret {
    ours: HmacSha256Key,
    theirs: Hmac<Sha256>,
}

impl Secret {
    fn new(noise: &mut Noise, text: &Text) -> Self {
        let (start, length) = (noise.below(4000), 1 + noise.below(100));
        let secret = &text[start..start + length];
        let theirs = Hmac::new_from_slice(secret).expect("any length will do");
        Self { ours: HmacSha256Key::new(secret), theirs }
    }
}

/// No batch has more messages.
const MOST: usize = 301;

struct Asked<'t> {
    backend: Option<Backend>,
    text: &'t Text,
    secrets: &'t [Secret; SECRETS],
    tags: usize,
}

/// A batch that was answered wrongly: how many messages it had, and the length of the first.
struct Wrong {
    what: &'static str,
    messages: usize,
    first: usize,
}

impl Asked<'_> {
    fn all(&mut self) -> Result<(), Wrong> {
        // Every short length, beside its neighbours, and alone.
        self.batch(MOST, |place| place)?;
        self.batch(MOST, |place| MOST - 1 - place)?;
        for length in 0..=300 {
            self.batch(1, |_| length)?;
        }
        // Every number of messages, of one length and of many.
        let mut noise = Noise(7);
        for messages in 2..=40 {
            let length = noise.below(400);
            self.batch(messages, |_| length)?;
            self.batch(messages, |_| {
                let most = [1, 64, 130, 700, 4000][noise.below(5)];
                noise.below(most)
            })?;
        }
        // A long one among short ones, in each place.
        for long in 0..20 {
            self.batch(20, |place| if place == long { 3000 } else { 3 })?;
        }
        Ok(())
    }

    /// Asks about right tags, and then about the same with one bit of one of them turned.
    fn batch(
        &mut self,
        messages: usize,
        mut length: impl FnMut(usize) -> usize,
    ) -> Result<(), Wrong> {
        let text = self.text;
        let cut: [&[u8]; MOST] = core::array::from_fn(|place| {
            let start = place * 13 % 4096;
            if place < messages { &text[start..start + length(place)] } else { &[] }
        });
        let mut tags = [[0; 32]; MOST];
        for (place, message) in cut.iter().enumerate().take(messages) {
            let mac = self.secret(place).theirs.clone().chain_update(message);
            tags[place] = mac.finalize().into_bytes().into();
        }
        if cfg!(feature = "plant") && messages == 17 {
            tags[16][31] ^= 1;
        }
        let wrong = |what| Wrong { what, messages, first: cut[0].len() };
        let mut results = [false; MOST];
        let right = self.verify(&cut, &tags, &mut results[..messages]);
        if !right || results[..messages].contains(&false) {
            return Err(wrong("a right tag was refused"));
        }
        let place = self.tags % messages;
        tags[place][self.tags % 32] ^= 1 << (self.tags % 8);
        let right = self.verify(&cut, &tags, &mut results[..messages]);
        let mut answers = results.iter().enumerate().take(messages);
        self.tags += 2 * messages;
        if right || answers.any(|(at, matches)| *matches == (at == place)) {
            return Err(wrong("not only the wrong tag was refused"));
        }
        Ok(())
    }

    fn secret(&self, place: usize) -> &Secret {
        &self.secrets[place % SECRETS]
    }

    fn verify(&self, cut: &[&[u8]; MOST], tags: &[[u8; 32]; MOST], results: &mut [bool]) -> bool {
        let items: [Item<'_>; MOST] = core::array::from_fn(|place| Item {
            key: &self.secret(place).ours,
            message: cut[place],
            tag: &tags[place],
        });
        let items = &items[..results.len()];
        match self.backend {
            Some(backend) => verify_batch_on(backend, items, results).is_ok(),
            None => verify_batch(items, results).is_ok(),
        }
    }
}
