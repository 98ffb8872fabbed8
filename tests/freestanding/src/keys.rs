//! Keys: made, read, hashed.

use core::hint::black_box;

use tollgate::keys::{ENTROPY, Key, Label, Malformed, hmac_sha256_text, parse, sha256_text};
use tollgate::scheme::{TimeFormat, format_time};

use crate::Answers;

pub fn ask(answers: &mut Answers) {
    let Ok(label) = Label::new(black_box("acme"), black_box("live")) else {
        return answers.expect(false);
    };
    let mut entropy = [0; ENTROPY];
    answers.expect(Key::new(&label, black_box(&entropy)).is_err());
    for (byte, number) in entropy.iter_mut().zip(0..) {
        *byte = number;
    }
    let Ok(key) = Key::new(&label, black_box(&entropy)) else { return answers.expect(false) };
    let text = black_box(key.as_str());
    answers.expect(text == "acme_live_000aoTeCmZZmK3mmfHwCoSC16fIvB74HlwW4");
    answers.expect(text.len() == label.key_len());
    answers.expect(
        parse(black_box(text.as_bytes()))
            .is_ok_and(|label| label.prefix() == "acme" && label.environment() == "live"),
    );
    answers.expect(parse(black_box(b"acme_live_0")) == Err(Malformed::Length));
    let secret = black_box(text.as_bytes());
    answers.expect(sha256_text(secret).as_str().starts_with(black_box("2c45")));
    answers.expect(hmac_sha256_text(secret, black_box(b"a pepper")).is_err());
    let hash = hmac_sha256_text(secret, black_box(b"a pepper that is kept elsewhere"));
    answers.expect(hash.is_ok_and(|hash| hash.as_str().starts_with(black_box("2ad3"))));
    let time = format_time(black_box(TimeFormat::Rfc3339), black_box(1_769_860_800_000));
    answers.expect(time.is_some_and(|time| time.as_str() == "2026-01-31T12:00:00Z"));
}
