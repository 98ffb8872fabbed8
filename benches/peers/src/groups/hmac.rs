//! One message under one prepared key.

use crate::harness::{Contender, Group, Mode};
use crate::inputs;
use crate::peers::openssl::{EvpMac, HmacCtx, Newest, System};
use crate::peers::{
    Hmac, aws_lc::AwsLc, boringssl::BoringSsl, graviola::Graviola, ring::Ring,
    rustcrypto::RustCrypto, sodium::Sodium, tollgate::Tollgate,
};

/// Messages with their tags: the first half right, the second half wrong.
pub struct Case {
    key: Vec<u8>,
    items: Vec<(&'static [u8], [u8; 32])>,
}

impl Case {
    fn new(length: usize, count: usize) -> Self {
        let mut random = inputs::random(&format!("hmac {length}"));
        let key = inputs::secret(&mut random);
        let messages = inputs::messages(&mut random, &vec![length; 2 * count]);
        let item = |(place, message): (usize, &'static [u8])| {
            let tag = inputs::tag(&key, message);
            (message, if place < count { tag } else { inputs::spoilt(&mut random, tag) })
        };
        let items = messages.into_iter().enumerate().map(item).collect();
        Self { key, items }
    }
}

fn contender<P: Hmac>(case: &'static Case) -> Option<Contender> {
    let mut peer = P::new(&case.key)?;
    Some(Contender::new(P::NAME, move |input| {
        let (message, tag) = &case.items[input];
        peer.verify(message, tag)
    }))
}

/// Verification of messages of `length` bytes.
pub fn group(length: usize) -> Group {
    let count = if length > 4096 { 16 } else { 64 };
    let case: &'static Case = Box::leak(Box::new(Case::new(length, count)));
    let contenders = [
        contender::<Tollgate>(case),
        contender::<BoringSsl>(case),
        contender::<HmacCtx<Newest>>(case),
        contender::<EvpMac<Newest>>(case),
        contender::<HmacCtx<System>>(case),
        contender::<EvpMac<System>>(case),
        contender::<AwsLc>(case),
        contender::<Ring>(case),
        contender::<Graviola>(case),
        contender::<RustCrypto>(case),
        contender::<Sodium>(case),
    ];
    Group {
        name: format!("HMAC-SHA256 verify, {length} B"),
        per_call: 1.0,
        answers: (0..2 * count).map(|input| input < count).collect(),
        timed: count,
        modes: vec![Mode::Iso, Mode::Back],
        contenders: contenders.into_iter().flatten().collect(),
    }
}
