//! Differential tests: the same questions to Tollgate and to what everybody trusts, OpenSSL and
//! Python's `base64` and `ipaddress`. One process answers a whole batch.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a test reports by panicking, and prints its seed and its counts; it has std"
)]

use core::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use tollgate::primitive::base64::{self, Alphabet, Padding};
use tollgate::primitive::hmac::{HmacSha256Key, HmacSha512Key};

#[path = "oracles/networks.rs"]
mod networks;

/// Numbers that are random enough, and the same on every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    /// Begins a batch and prints its seed.
    fn new(batch: &str) -> Self {
        let seed = 0x746f_6c6c_6761_7465;
        println!("{batch}: seed {seed:#x}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// Runs a program on `input` and gives its output. A program that is not there fails the test.
fn run(program: &str, arguments: &[&str], input: Vec<u8>) -> Vec<u8> {
    let child =
        Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("{program} is missing: apt-get install {program}")
        }
        Err(error) => panic!("{program} does not start: {error}"),
    };
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} {arguments:?} failed");
    output.stdout
}

/// The answers of a script in `tests/oracles` to `questions`, one a line.
fn ask(script: &str, questions: &str) -> Vec<String> {
    let path = format!("{}/tests/oracles/{script}", env!("CARGO_MANIFEST_DIR"));
    let answers = run("python3", &[&path], questions.as_bytes().to_vec());
    String::from_utf8(answers).unwrap().lines().map(str::to_owned).collect()
}

/// `bytes` in hex, or `-` for none, so that every word of a question is there.
fn hex(bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}

fn own_mac(hash: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
    match hash {
        "sha256" => HmacSha256Key::new(key).mac(message).to_vec(),
        "sha512" => HmacSha512Key::new(key).mac(message).to_vec(),
        other => panic!("{other}"),
    }
}

#[test]
fn hmac_agrees_with_openssl() {
    let mut numbers = Numbers::new("hmac");
    let (mut questions, mut own) = (String::new(), Vec::new());
    for case in 0..20_000 {
        // Every key length up to beyond two blocks, messages up to a few blocks, some long.
        let key = numbers.bytes(case % 300);
        let most = if case % 50 == 0 { 20_000 } else { 600 };
        let length = numbers.below(most);
        let message = numbers.bytes(length);
        let hash = numbers.one_of(&["sha256", "sha512"]);
        writeln!(questions, "{hash} {} {}", hex(&key), hex(&message)).unwrap();
        own.push(hex(&own_mac(hash, &key, &message)));
    }
    let answers = ask("mac.py", &questions);
    let (version, answers) = answers.split_first().unwrap();
    assert!(version.starts_with("OpenSSL"), "{version}");
    assert_eq!(answers.len(), own.len());
    for (question, (answer, own)) in questions.lines().zip(answers.iter().zip(&own)) {
        assert_eq!(answer, own, "{question}");
    }
    println!("hmac: {} cases agree with {version}", own.len());
}

#[test]
fn hmac_agrees_with_the_openssl_command() {
    let mut numbers = Numbers::new("hmac command");
    for case in 0..48 {
        let hash = ["sha256", "sha512"][case % 2];
        // The command takes no empty key.
        let key = numbers.bytes([1, 20, 32, 63, 64, 65, 127, 128, 129, 131, 200, 300][case % 12]);
        let length = numbers.below(1000);
        let message = numbers.bytes(length);
        let key_option = format!("hexkey:{}", hex(&key));
        let option = format!("-{hash}");
        let arguments = ["dgst", &option, "-mac", "HMAC", "-macopt", &key_option];
        let answer = String::from_utf8(run("openssl", &arguments, message.clone())).unwrap();
        let tag = answer.trim().rsplit("= ").next().unwrap();
        assert_eq!(tag, hex(&own_mac(hash, &key, &message)), "case {case}");
    }
    println!("hmac: 48 cases agree with the command");
}

const ALPHABETS: [(&str, Alphabet); 2] =
    [("standard", Alphabet::Standard), ("url", Alphabet::UrlSafe)];
const PADDINGS: [(&str, Padding); 3] = [
    ("required", Padding::Required),
    ("optional", Padding::Optional),
    ("forbidden", Padding::Forbidden),
];

/// Does one or two things to a text that happen to texts.
fn damage(numbers: &mut Numbers, text: &mut Vec<u8>) {
    for _ in 0..=numbers.below(2) {
        let at = numbers.below(text.len() + 1);
        let symbol = numbers.one_of(b"=+/-_ \n\rAZaz09.\0\xc3");
        match numbers.below(4) {
            0 if at < text.len() => text[at] = symbol,
            1 if at < text.len() => drop(text.remove(at)),
            2 => text.truncate(at),
            _ => text.insert(at, symbol),
        }
    }
}

#[test]
fn base64_agrees_with_python() {
    let mut numbers = Numbers::new("base64");
    let (mut questions, mut own) = (String::new(), Vec::new());
    let mut room = [0; 256];
    for case in 0..50_000 {
        let length = numbers.below(80);
        let bytes = numbers.bytes(length);
        let (alphabet_name, alphabet) = numbers.one_of(&ALPHABETS);
        let (padding_name, padding) = numbers.one_of(&PADDINGS);
        let text = base64::encode(&bytes, alphabet, padding, &mut room).unwrap();
        let mut text = text.as_bytes().to_vec();
        if case % 3 != 0 {
            damage(&mut numbers, &mut text);
        }
        writeln!(questions, "{alphabet_name} {padding_name} {}", hex(&text)).unwrap();
        own.push(match base64::decode(&text, alphabet, padding, &mut room) {
            Err(_) => "refused".to_owned(),
            Ok(value) => {
                let mut padded = [0; 256];
                let text = base64::encode(value, alphabet, Padding::Required, &mut padded).unwrap();
                format!("{} {}", hex(value), if text.is_empty() { "-" } else { text })
            }
        });
    }
    let answers = ask("base64_text.py", &questions);
    assert_eq!(answers.len(), own.len());
    for (question, (answer, own)) in questions.lines().zip(answers.iter().zip(&own)) {
        assert_eq!(answer, own, "{question}");
    }
    let refused = answers.iter().filter(|answer| *answer == "refused").count();
    assert!(refused > 10_000 && refused < 40_000, "{refused}");
    println!("base64: {} cases agree with Python, {refused} of them refused", own.len());
}

#[test]
fn base64_agrees_with_the_openssl_command() {
    let mut numbers = Numbers::new("base64 command");
    let mut room = [0; 1024];
    for length in (0..40).chain([100, 300, 600]) {
        let bytes = numbers.bytes(length);
        let text =
            base64::encode(&bytes, Alphabet::Standard, Padding::Required, &mut room).unwrap();
        let theirs = run("openssl", &["base64", "-e", "-A"], bytes.clone());
        assert_eq!(theirs, text.as_bytes());
        let decoded = run("openssl", &["base64", "-d", "-A"], text.as_bytes().to_vec());
        assert_eq!(decoded, bytes);
    }
}
