//! Many messages, each under a key of its own.

use rand::seq::SliceRandom;

use crate::harness::{Contender, Group, Mode};
use crate::inputs;
use crate::peers::ipsec_mb::{Manager, WAYS, Way};
use crate::peers::openssl::{HmacCtx, Newest, System};
use crate::peers::{
    Hmac, aws_lc::AwsLc, boringssl::BoringSsl, graviola::Graviola, ring::Ring,
    rustcrypto::RustCrypto, sodium::Sodium, tollgate::Tollgate,
};
use crate::tollgate::{
    bytes, tollgate_hmac_sha256_item, tollgate_hmac_sha256_key, tollgate_hmac_sha256_verify_batch,
};

/// Batches of messages: in the first half every tag is right, in each of the second half one is wrong.
pub struct Case {
    keys: Vec<Vec<u8>>,
    batches: Vec<Vec<(&'static [u8], [u8; 32])>>,
}

/// How many batches are measured.
const BATCHES: usize = 8;

impl Case {
    fn new(name: &str, lengths: &[usize]) -> Self {
        let mut random = inputs::random(name);
        let keys: Vec<Vec<u8>> = lengths.iter().map(|_| inputs::secret(&mut random)).collect();
        let batch = |place: usize| {
            let mut lengths = lengths.to_vec();
            lengths.shuffle(&mut random);
            let messages = inputs::messages(&mut random, &lengths);
            let wrong = (place >= BATCHES).then_some(place % lengths.len());
            let item = |(place, (message, key)): (usize, (&'static [u8], &Vec<u8>))| {
                let tag = inputs::tag(key, message);
                let spoilt = wrong == Some(place);
                (message, if spoilt { inputs::spoilt(&mut random, tag) } else { tag })
            };
            messages.into_iter().zip(&keys).enumerate().map(item).collect()
        };
        Self { batches: (0..2 * BATCHES).map(batch).collect(), keys }
    }
}

/// Tollgate's entry for batches.
fn tollgate(case: &'static Case, name: &str) -> Contender {
    let keys: Vec<tollgate_hmac_sha256_key> =
        case.keys.iter().map(|key| Tollgate::new(key).expect("any length is a key").0).collect();
    let keys: &'static [tollgate_hmac_sha256_key] = keys.leak();
    let batches: Vec<Vec<tollgate_hmac_sha256_item>> = case
        .batches
        .iter()
        .map(|batch| {
            let items = batch.iter().zip(keys);
            items
                .map(|((message, tag), key)| tollgate_hmac_sha256_item {
                    key,
                    message: bytes(message),
                    tag: bytes(tag),
                })
                .collect()
        })
        .collect();
    let mut results = vec![0_u8; keys.len()];
    Contender::new(name, move |input| {
        let items = &batches[input];
        // SAFETY: there are as many results as items, and what the items point to is never freed.
        let status = unsafe {
            tollgate_hmac_sha256_verify_batch(items.as_ptr(), items.len(), results.as_mut_ptr())
        };
        status == 0 && results.iter().all(|result| *result == 1)
    })
}

/// A peer that takes one message at a time, in a loop.
fn one_by_one<P: Hmac>(case: &'static Case) -> Option<Contender> {
    let mut peers: Vec<P> = case.keys.iter().map(|key| P::new(key)).collect::<Option<_>>()?;
    Some(Contender::new(P::NAME, move |input| {
        let items = case.batches[input].iter().zip(&mut peers);
        let mut all = true;
        items.for_each(|((message, tag), peer)| all &= peer.verify(message, tag));
        all
    }))
}

/// Intel's library, which makes tags: they are compared here, in constant time.
fn ipsec_mb(case: &'static Case, name: &str, way: Way) -> Option<Contender> {
    use subtle::ConstantTimeEq;
    let mut manager = Manager::new(&case.keys, way)?;
    type Pointers = (Vec<*const u8>, Vec<usize>);
    let pointers = |batch: &Vec<(&'static [u8], [u8; 32])>| -> Pointers {
        batch.iter().map(|(message, _)| (message.as_ptr(), message.len())).unzip()
    };
    let batches: Vec<Pointers> = case.batches.iter().map(pointers).collect();
    Some(Contender::new(name, move |input| {
        let (messages, lengths) = &batches[input];
        let Some(made) = manager.tags(messages, lengths) else { return false };
        let wanted = case.batches[input].iter();
        let mut all = subtle::Choice::from(1);
        made.iter().zip(wanted).for_each(|(made, (_, tag))| all &= made.ct_eq(tag));
        all.into()
    }))
}

/// A batch of messages of these lengths, which come in another order in each batch.
pub fn group(title: &str, lengths: &[usize]) -> Group {
    let case: &'static Case = Box::leak(Box::new(Case::new(title, lengths)));
    let mut contenders = vec![tollgate(case, "Tollgate (C ABI)")];
    contenders.extend(WAYS.iter().filter_map(|(name, way)| ipsec_mb(case, name, *way)));
    let loops = [
        one_by_one::<BoringSsl>(case),
        one_by_one::<HmacCtx<Newest>>(case),
        one_by_one::<HmacCtx<System>>(case),
        one_by_one::<AwsLc>(case),
        one_by_one::<Ring>(case),
        one_by_one::<Graviola>(case),
        one_by_one::<RustCrypto>(case),
        one_by_one::<Sodium>(case),
    ];
    contenders.extend(loops.into_iter().flatten());
    Group {
        name: format!("batch, {title}"),
        per_call: lengths.len() as f64,
        answers: (0..2 * BATCHES).map(|input| input < BATCHES).collect(),
        timed: BATCHES,
        modes: vec![Mode::Iso],
        contenders,
    }
}

/// Tollgate with as many blocks, in messages of equal lengths.
pub const EQUAL: &str = "Tollgate (C ABI), equal lengths";

/// 64 messages from 64 B to 448 B, with as many blocks in all as 64 of 256 B, which stand beside them.
pub fn mixed() -> Group {
    let lengths: Vec<usize> = (0..63).map(|place| 64 + 64 * (place % 7)).chain([256]).collect();
    let equal: &'static Case = Box::leak(Box::new(Case::new("equal", &[256; 64])));
    let mut group = group("64 mixed", &lengths);
    group.contenders.push(tollgate(equal, EQUAL));
    group
}
