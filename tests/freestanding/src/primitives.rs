//! Every public function of the primitives, on input that the compiler cannot see.

use core::fmt::Write;
use core::hint::black_box;
use core::net::{IpAddr, Ipv4Addr};

use tollgate::primitive::base64::{self, Alphabet, Padding};
use tollgate::primitive::cidr::{Network, SmallSet, fold, networks_in_list, parse_address};
use tollgate::primitive::compare::{equal_arrays, equal_slices};
use tollgate::primitive::hashed::HashedSecret;
use tollgate::primitive::hex::{self, Case};
use tollgate::primitive::hmac::{
    HmacSha256Key, HmacSha512Key, Item, mac_batch, mac_batch_on, verify_batch, verify_batch_on,
};
use tollgate::primitive::sha2::{Sha256, Sha512, sha256, sha512};
use tollgate::primitive::sha256::Backend;
use tollgate::primitive::siphash::{siphash13, siphash24};
use tollgate::primitive::text::Text;
use tollgate::primitive::utf8::Utf8Check;

use crate::Answers;

/// RFC 4231 section 4.3.
const KEY: &[u8] = b"Jefe";
const MESSAGE: &[u8] = b"what do ya want for nothing?";
const TAG: [u8; 32] = [
    0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
    0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43,
];

pub fn ask(answers: &mut Answers) {
    #[cfg(target_arch = "x86_64")]
    tollgate::primitive::upper_halves::clean();
    hmac(answers);
    batches(answers);
    hashes(answers);
    compare(answers);
    encodings(answers);
    networks(answers);
    text(answers);
}

fn hmac(answers: &mut Answers) {
    let (secret, message) = (black_box(KEY), black_box(MESSAGE));
    let key = HmacSha256Key::new(secret);
    answers.expect(key.mac(message) == TAG);
    answers.expect(key.verify(message, black_box(&TAG)).is_ok());
    answers.expect(key.verify(black_box(b"something else"), &TAG).is_err());
    let mut state = key.start();
    state.update(message);
    answers.expect(state.clone().finish() == TAG);
    answers.expect(state.verify(black_box(&TAG[..31])).is_err());

    let key = HmacSha512Key::new(black_box(&[7; 200]));
    let tag = key.mac(message);
    let mut state = key.start();
    state.update(message);
    answers.expect(state.clone().finish() == tag && state.verify(&tag).is_ok());
    answers.expect(key.verify(message, black_box(&tag)).is_ok());
}

fn batches(answers: &mut Answers) {
    let key = HmacSha256Key::new(black_box(KEY));
    let items = [Item { key: &key, message: black_box(MESSAGE), tag: black_box(&TAG) }; 20];
    let mut results = [false; 20];
    answers.expect(verify_batch(black_box(&items), &mut results).is_ok() && results == [true; 20]);
    let mut right = 0_u32;
    let mut count = |_, tag: &[u8; 32]| right = right.wrapping_add(u32::from(*tag == TAG));
    let jobs = || items.iter().map(|item| (item.key, item.message));
    mac_batch(&mut jobs(), &mut count);
    for backend in Backend::available() {
        answers.expect(!backend.name().is_empty());
        answers.expect(verify_batch_on(backend, &items, &mut results).is_ok());
        mac_batch_on(backend, &mut jobs().take(1), &mut count);
    }
    answers.expect(right == 20 + Backend::available().fold(0, |count, _| count + 1));
}

fn hashes(answers: &mut Answers) {
    let hashed = black_box(HashedSecret::Sha256(sha256(KEY)));
    answers.expect(hashed.matches(black_box(KEY)) && !hashed.matches(black_box(MESSAGE)));
    let message = black_box(MESSAGE);
    let (mut short, mut long) = (Sha256::new(), Sha512::default());
    short.update(message);
    long.update(message);
    answers.expect(short.finish() == sha256(message) && long.finish() == sha512(message));
    answers.expect(siphash24(black_box(&[7; 16]), message) != siphash24(&[8; 16], message));
    answers.expect(siphash13(black_box(&[7; 16]), message) != siphash13(&[8; 16], message));
}

fn compare(answers: &mut Answers) {
    answers.expect(equal_arrays(black_box(&TAG), black_box(&TAG)));
    answers.expect(!equal_slices(black_box(KEY), black_box(MESSAGE)));
}

fn encodings(answers: &mut Answers) {
    let mut room = black_box([0; 64]);
    let room = &mut room[..];
    let (alphabet, padding) = (black_box(Alphabet::Standard), black_box(Padding::Required));
    answers.expect(base64::encode(black_box(KEY), alphabet, padding, room) == Ok("SmVmZQ=="));
    answers.expect(base64::decode(black_box(b"SmVmZQ=="), alphabet, padding, room) == Ok(KEY));
    answers.expect(base64::decode(black_box(b"SmVmZR=="), alphabet, padding, room).is_err());
    answers.expect(base64::decoded_len(black_box(8)) == 6);
    answers.expect(base64::encoded_len(black_box(4), padding) == Some(8));

    let case = black_box(Case::Any);
    answers.expect(hex::encode(black_box(KEY), case, room) == Ok("4a656665"));
    answers.expect(hex::decode(black_box(b"4A656665"), case, room) == Ok(KEY));
    answers.expect(hex::decode(black_box(b"4A6"), case, room).is_err());
    answers.expect(hex::decoded_len(black_box(8)) == 4);
    answers.expect(hex::encoded_len(black_box(4)) == Some(8));
}

fn networks(answers: &mut Answers) {
    let inside = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 15));
    answers.expect(parse_address(black_box(b"10.0.0.15")) == Some(inside));
    answers.expect(parse_address(black_box(b"2001:db8::g")).is_none());
    answers.expect(parse_address(black_box(b"::ffff:10.0.0.15")).map(fold) == Some(inside));

    let network = Network::parse(black_box("10.0.0.0/28"));
    answers.expect(network.is_ok_and(|network| network.contains(black_box(inside))));
    answers.expect(Network::new(black_box(inside), black_box(28)).is_err());
    let mut list = networks_in_list(black_box("2001:db8::/32,10.0.0.0/28,10.0.0.1/28"));
    let known = SmallSet::new(list.by_ref().take(2).flatten());
    answers.expect(list.next().is_some_and(|last| last.is_err_and(|(at, _)| at == 26)));
    answers.expect(known.is_some_and(|set| set.contains(black_box(inside)) && set.networks() == 2));
    answers.expect(!black_box(SmallSet::EMPTY).contains(black_box(inside)));
}

fn text(answers: &mut Answers) {
    let mut short = Text::<8>::truncated(black_box("a sh"));
    answers.expect(short.padded() == b"a sh\0\0\0\0");
    short.push(black_box("ort text"));
    answers.expect(short.as_str() == "a short " && !short.is_empty());
    let mut utf8 = Utf8Check::new();
    answers.expect(utf8.update(black_box(b"\xc3")) && !utf8.finish());
    answers.expect(utf8.update(black_box(b"\xa9")) && utf8.finish());
    let mut shown = Shown(0);
    answers.expect(write!(shown, "{short}").is_ok() && shown.0 == 8);
}

/// Counts what would be shown.
struct Shown(usize);

impl Write for Shown {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 = self.0.wrapping_add(text.len());
        Ok(())
    }
}
