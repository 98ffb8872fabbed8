//! Access tokens, and the JSON Web Signatures under them.

use core::hint::black_box;

use tollgate::primitive::hmac::HmacSha256Key;
use tollgate::primitive::jws::Jws;
use tollgate::token::{
    Grant, MAX_TOKEN, Refusal, Rules, TokenKey, issue, message_claims, sign_message, verify,
    verify_message,
};

use crate::Answers;

const SECRET: &[u8] = b"a key of 32 bytes for the tokens";
const UNIX_MS: u64 = 1_700_000_000_000;

pub fn ask(answers: &mut Answers) {
    let Ok(key) = TokenKey::new(black_box("k1"), black_box(SECRET)) else {
        return answers.expect(false);
    };
    answers.expect(key.id() == "k1" && key.is_active(black_box(UNIX_MS)));
    answers.expect(TokenKey::new(black_box("k1"), black_box(&SECRET[1..])).is_err());
    let keys = [key];
    let rules = black_box(Rules {
        issuer: "pay",
        audience: "production",
        token_type: "JWT",
        lifetime_s: 600,
        leeway_s: 0,
    });
    let grant = black_box(Grant { subject: "m\"1", generation: 3, scope: Some("read write") });
    let mut room = [0; MAX_TOKEN];
    let Ok(token) = issue(&keys, &rules, &grant, black_box(UNIX_MS), &mut room) else {
        return answers.expect(false);
    };
    let token = black_box(token.as_bytes());
    answers.expect(verify(token, &keys, &rules, black_box(UNIX_MS)).is_ok_and(|claims| {
        let scoped = claims.scopes().is_some_and(|mut scopes| scopes.any(|scope| scope == "write"));
        claims.subject() == "m\"1" && claims.generation == 3 && scoped
    }));
    let late = verify(token, &keys, &rules, black_box(UNIX_MS + 600_000));
    answers.expect(late == Err(Refusal::Expired));
    answers.expect(issue(&keys, &rules, &grant, UNIX_MS, black_box(&mut [0; 8])).is_err());
    signed(answers, token);
    message(answers);
}

fn message(answers: &mut Answers) {
    let claims = black_box(&b"{\"amount\":7}"[..]);
    let mut room = [0; 256];
    let Ok(made) = sign_message(black_box(SECRET), claims, &mut room) else {
        return answers.expect(false);
    };
    let made = black_box(made.as_bytes());
    let mut read = [0; 256];
    answers.expect(verify_message(black_box(SECRET), made, &mut read) == Ok(claims));
    answers.expect(message_claims(made, &mut read) == Ok(claims));
    answers.expect(verify_message(black_box(&SECRET[1..]), made, &mut read).is_err());
}

fn signed(answers: &mut Answers, token: &[u8]) {
    let Ok(jws) = Jws::parse(token, black_box(MAX_TOKEN)) else { return answers.expect(false) };
    let mut room = [0; MAX_TOKEN];
    answers.expect(jws.header(&mut room).is_ok_and(|header| {
        header.has_type(black_box("JWT")) && header.has_key_id(black_box("k1"))
    }));
    answers.expect(jws.payload(&mut room).is_ok_and(|payload| payload.starts_with(b"{")));
    answers.expect(jws.signing_input().len() > jws.signature().len());
    answers.expect(jws.verify(&HmacSha256Key::new(black_box(SECRET))).is_ok());
    answers.expect(jws.verify(&HmacSha256Key::new(black_box(b"another"))).is_err());
}
