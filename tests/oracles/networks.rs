//! Networks against Python's `ipaddress`.

use core::fmt::Write as _;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tollgate::primitive::cidr::{Network, NetworkError, NetworkSet, RangeSet};

use crate::{Numbers, ask, hex};

/// A network in text and the numbers of its first and last address.
#[derive(Clone)]
struct Drawn {
    text: String,
    v6: bool,
    first: u128,
    last: u128,
}

/// A network of any size, most of them near each other so that they overlap and touch. A third
/// is IPv6, and some IPv4 ones are written as v4-mapped.
fn draw(numbers: &mut Numbers) -> Drawn {
    let v6 = numbers.below(3) == 0;
    let width: u32 = if v6 { 128 } else { 32 };
    let prefix = match numbers.below(200) {
        0 => 1 + numbers.below(width as usize) as u32,
        1..50 => width / 2 + numbers.below(width as usize / 2) as u32,
        _ => width - numbers.below(17) as u32,
    };
    let near: u128 = if v6 { 0x2001_0db8 << 96 } else { 0xc0a8_0000 };
    let random = (u128::from(numbers.next()) << 64) | u128::from(numbers.next());
    let bits = match numbers.below(4) {
        0 => random >> (128 - width),
        _ => near | (random & 0xfff),
    };
    let host = (1u128 << (width - prefix)) - 1;
    let (first, last) = (bits & !host, bits | host);
    let mapped = !v6 && numbers.below(5) == 0;
    let address = address(first, v6, mapped);
    let prefix = if mapped { prefix + 96 } else { prefix };
    Drawn { text: format!("{address}/{prefix}"), v6, first, last }
}

fn address(bits: u128, v6: bool, mapped: bool) -> IpAddr {
    match (v6, mapped) {
        (true, _) => Ipv6Addr::from_bits(bits).into(),
        (false, true) => Ipv4Addr::from_bits(bits as u32).to_ipv6_mapped().into(),
        (false, false) => Ipv4Addr::from_bits(bits as u32).into(),
    }
}

/// An address at an end of one of `networks`, beside it, or anywhere.
fn draw_address(numbers: &mut Numbers, networks: &[Drawn]) -> IpAddr {
    let stranger = draw(numbers);
    let at = numbers.below(networks.len() + 1);
    let near = networks.get(at).unwrap_or(&stranger);
    let bits = match numbers.below(5) {
        0 => near.first,
        1 => near.last,
        2 => near.first.wrapping_sub(1),
        3 => near.last.wrapping_add(1),
        _ => near.first + (u128::from(numbers.next()) & (near.last - near.first)),
    };
    let mapped = numbers.below(4) == 0;
    address(bits, near.v6, mapped)
}

/// Asks about sets of `sizes` networks, `addresses` addresses each; gives how many are inside.
fn compare_sets(numbers: &mut Numbers, sizes: &[usize], addresses: usize) -> usize {
    let (mut questions, mut own) = (String::new(), Vec::new());
    for &size in sizes {
        let networks: Vec<Drawn> = (0..size).map(|_| draw(numbers)).collect();
        let parsed = || networks.iter().map(|drawn| Network::parse(&drawn.text).unwrap());
        let (set, ranges) = (NetworkSet::new(parsed()), RangeSet::new(parsed()));
        let texts: Vec<&str> = networks.iter().map(|drawn| drawn.text.as_str()).collect();
        let list = if texts.is_empty() { "-".to_owned() } else { texts.join(",") };
        write!(questions, "set {list}\nin").unwrap();
        let mut answer = String::new();
        for _ in 0..addresses {
            let address = draw_address(numbers, &networks);
            write!(questions, " {address}").unwrap();
            let inside = set.contains(address);
            assert_eq!(ranges.contains(address), inside, "{address} in {texts:?}");
            answer.push(if inside { '1' } else { '0' });
        }
        questions.push('\n');
        own.push((list, answer));
    }
    let answers = ask("networks.py", &questions);
    assert_eq!(answers.len(), own.len());
    for (answer, (list, own)) in answers.iter().zip(&own) {
        assert_eq!(answer, own, "{list}");
    }
    answers.iter().flat_map(|answer| answer.chars()).filter(|&mark| mark == '1').count()
}

#[test]
fn sets_agree_with_ipaddress() {
    let mut numbers = Numbers::new("networks");
    let small: Vec<usize> = (0..2_500).map(|_| numbers.below(9)).collect();
    let large: Vec<usize> = (0..60).map(|_| 9 + numbers.below(250)).collect();
    let (of_small, of_large) = (small.len() * 40, large.len() * 500);
    let inside_small = compare_sets(&mut numbers, &small, 40);
    let inside_large = compare_sets(&mut numbers, &large, 500);
    println!("networks: {of_small} cases in small sets, {inside_small} of them inside");
    println!("networks: {of_large} cases in large sets, {inside_large} of them inside");
    assert!(of_small >= 100_000);
    assert!(inside_small > of_small / 4 && inside_small < of_small * 3 / 4);
    assert!(inside_large > of_large / 4 && inside_large < of_large * 9 / 10);
}

/// The texts that Python takes and Tollgate does not, each for a reason of its own.
fn named_difference(text: &str, error: NetworkError) -> Option<&'static str> {
    let prefix = text.split_once('/').map_or("", |(_, prefix)| prefix);
    match error {
        NetworkError::WholeFamily { .. } => Some("a whole family, for which there are words"),
        NetworkError::ZoneId | NetworkError::Space if text.contains('%') => Some("a zone id"),
        NetworkError::LeadingZero if prefix.starts_with('0') => Some("a leading zero in a prefix"),
        NetworkError::PrefixLength { .. } if prefix.contains('.') => Some("a netmask"),
        _ => None,
    }
}

/// A text that is a network, or was one before something happened to it.
fn draw_text(numbers: &mut Numbers) -> String {
    let drawn = draw(numbers);
    let mut text = match numbers.below(8) {
        0 => drawn.text.split('/').next().unwrap().to_owned(),
        1 => format!("{}/{}", address(drawn.last, drawn.v6, false), numbers.below(140)),
        2 => format!("{}/255.255.255.0", address(drawn.first & !0xff, drawn.v6, false)),
        3 => numbers.one_of(&["0.0.0.0/0", "::/0", "::ffff:0:0/96", "fe80::1%eth0"]).to_owned(),
        _ => drawn.text,
    };
    for _ in 0..numbers.below(3) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(3) {
            0 if at < text.len() => drop(text.remove(at)),
            1 => text.insert(at, numbers.one_of(&['0', '1', '9', 'f', ':', '.', '/', ' ', '-'])),
            _ => {}
        }
    }
    text
}

/// The form in which the script answers.
fn plain(network: Network) -> String {
    let text = network.to_string();
    let (address, prefix) = text.split_once('/').unwrap();
    let octets = match address.parse().unwrap() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    format!("{}/{prefix}", hex(&octets))
}

#[test]
fn text_is_accepted_as_by_ipaddress() {
    let mut numbers = Numbers::new("network text");
    let texts: Vec<String> = (0..60_000).map(|_| draw_text(&mut numbers)).collect();
    let mut questions = String::new();
    for text in &texts {
        writeln!(questions, "text {}", hex(text.as_bytes()).trim_matches('-')).unwrap();
    }
    let answers = ask("networks.py", &questions);
    assert_eq!(answers.len(), texts.len());
    let (mut accepted, mut refused) = (0, 0);
    let mut differences = std::collections::BTreeMap::new();
    for (text, answer) in texts.iter().zip(&answers) {
        match Network::parse(text) {
            Ok(network) => {
                assert_eq!(&plain(network), answer, "{text:?}");
                accepted += 1;
            }
            Err(_) if answer == "refused" => refused += 1,
            Err(error) => {
                let name = named_difference(text, error);
                let name = name.unwrap_or_else(|| panic!("{text:?} is {answer}, not {error:?}"));
                *differences.entry(name).or_insert(0) += 1;
            }
        }
    }
    println!("network text: {accepted} accepted, {refused} refused, {differences:?}");
    assert!(accepted > 10_000 && refused > 10_000);
    assert_eq!(differences.len(), 4, "every named difference was seen");
}
