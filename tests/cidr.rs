//! Networks: every rule of the strict text, and the sets against a plain scan and `ipnet`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reports by panicking"
)]

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tollgate::primitive::BufferTooSmall;
use tollgate::primitive::cidr::{
    Network, NetworkError, NetworkSet, RangeSet, SmallSet, fold, networks_in_list, parse_address,
};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn network(text: &str) -> Network {
    Network::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_is_accepted_and_what_it_becomes() {
    for (text, canonical) in [
        ("192.0.2.1", "192.0.2.1/32"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("0.0.0.0", "0.0.0.0/32"),
        ("0.0.0.0/1", "0.0.0.0/1"),
        ("255.255.255.255/32", "255.255.255.255/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1/128"),
        ("::", "::/128"),
        ("8000::/1", "8000::/1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0/128"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221/128"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::ffff:c000:200/120", "192.0.2.0/24"),
        ("::ffff:0:0/97", "0.0.0.0/1"),
        ("any", "any"),
        ("any-ipv4", "any-ipv4"),
        ("any-ipv6", "any-ipv6"),
    ] {
        let parsed = network(text);
        assert_eq!(parsed.to_string(), canonical, "{text}");
        assert_eq!(network(canonical), parsed, "{canonical}");
    }
}

#[test]
fn what_is_refused_and_why() {
    use NetworkError::{Empty, LeadingZero, NotAnAddress, PrefixLength, Space, ZoneId};
    let all = |word| NetworkError::WholeFamily { word };
    for (text, error) in [
        ("", Empty),
        (" 192.0.2.1", Space),
        ("192.0.2.1 ", Space),
        ("192.0.2.0 /24", Space),
        ("192.0.2.1\n", Space),
        ("192.0.2.1\u{a0}", Space),
        ("fe80::1%eth0", ZoneId),
        ("fe80::1%25eth0/64", ZoneId),
        ("010.0.0.1", LeadingZero),
        ("10.0.0.01", LeadingZero),
        ("00.0.0.0", LeadingZero),
        ("10.0.0.0/08", LeadingZero),
        ("::ffff:010.0.0.1", LeadingZero),
        ("1.2.3", NotAnAddress),
        ("1.2.3.4.5", NotAnAddress),
        ("1.2.3.", NotAnAddress),
        ("1..2.3", NotAnAddress),
        ("16909060", NotAnAddress),
        ("0x7f.1", NotAnAddress),
        ("0x7f.0.0.1", NotAnAddress),
        ("256.0.0.1", NotAnAddress),
        ("1.2.3.999999999999", NotAnAddress),
        ("+1.2.3.4", NotAnAddress),
        ("1.2.3.\u{661}", NotAnAddress),
        ("192.0.2.1:80", NotAnAddress),
        ("[2001:db8::1]", NotAnAddress),
        ("localhost", NotAnAddress),
        ("Any", NotAnAddress),
        ("1:2:3:4:5:6:7", NotAnAddress),
        ("1:2:3:4:5:6:7:8:9", NotAnAddress),
        ("1:2:3:4:5:6:7:8::", NotAnAddress),
        ("::1::", NotAnAddress),
        (":::", NotAnAddress),
        (":1::", NotAnAddress),
        ("1::2:", NotAnAddress),
        ("12345::", NotAnAddress),
        ("g::", NotAnAddress),
        ("1.2.3.4::", NotAnAddress),
        ("::1.2.3.4:5", NotAnAddress),
        ("1:2:3:4:5:6:7:1.2.3.4", NotAnAddress),
        ("::1.2.3", NotAnAddress),
        ("/24", NotAnAddress),
        ("192.0.2.0/", PrefixLength { most: 32 }),
        ("192.0.2.0/33", PrefixLength { most: 32 }),
        ("192.0.2.0/256", PrefixLength { most: 32 }),
        ("192.0.2.0/+24", PrefixLength { most: 32 }),
        ("192.0.2.0/-1", PrefixLength { most: 32 }),
        ("192.0.2.0/24/24", PrefixLength { most: 32 }),
        ("192.0.2.0/255.255.255.0", PrefixLength { most: 32 }),
        ("2001:db8::/129", PrefixLength { most: 128 }),
        ("0.0.0.0/0", all("any-ipv4")),
        ("10.0.0.0/0", all("any-ipv4")),
        ("::/0", all("any-ipv6")),
        ("::ffff:0:0/96", all("any-ipv4")),
    ] {
        assert_eq!(Network::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn host_bits_are_refused_with_the_network_to_write() {
    for (text, message) in [
        ("10.0.0.5/8", "10.0.0.5/8 has host bits set; write 10.0.0.0/8, or 10.0.0.5"),
        ("10.0.0.1/31", "10.0.0.1/31 has host bits set; write 10.0.0.0/31, or 10.0.0.1"),
        ("2001:db8::1/64", "2001:db8::1/64 has host bits set; write 2001:db8::/64, or 2001:db8::1"),
        ("::ffff:10.0.0.5/104", "10.0.0.5/8 has host bits set; write 10.0.0.0/8, or 10.0.0.5"),
        ("::ffff:0:0/95", "::ffff:0.0.0.0/95 has host bits set; write ::fffe:0:0/95, or"),
    ] {
        let error = Network::parse(text).unwrap_err();
        assert!(matches!(error, NetworkError::HostBits { .. }), "{text}: {error:?}");
        assert!(error.to_string().starts_with(message), "{text}: {error}");
    }
}

#[test]
fn every_error_says_what_to_write() {
    for (text, advice) in [
        ("", "write an address"),
        (" ", "without spaces"),
        ("::1%1", "without the %"),
        ("01.2.3.4", "write it without"),
        ("1.2.3", "all four numbers"),
        ("1.2.3.4/x", "from 1 to 32"),
        ("1::/x", "from 1 to 128"),
        ("::/0", "write any-ipv6"),
    ] {
        let error = Network::parse(text).unwrap_err().to_string();
        assert!(error.contains(advice), "{text:?}: {error}");
    }
    assert!(NetworkError::TrailingComma.to_string().contains("remove it"));
}

#[test]
fn a_list_is_read_whole_and_its_errors_have_positions() {
    let parsed: Vec<_> = networks_in_list("12.12.12.12,41.41.41.41,10.0.0.0/28").collect();
    let texts = ["12.12.12.12/32", "41.41.41.41/32", "10.0.0.0/28"];
    assert_eq!(parsed, texts.map(|text| Ok(network(text))));
    for (text, position, error) in [
        ("", 0, NetworkError::Empty),
        (",", 0, NetworkError::Empty),
        ("12.12.12.12,", 11, NetworkError::TrailingComma),
        ("12.12.12.12,,41.41.41.41", 12, NetworkError::Empty),
        (",12.12.12.12", 0, NetworkError::Empty),
        ("12.12.12.12, 41.41.41.41", 12, NetworkError::Space),
        ("12.12.12.12 ,41.41.41.41", 11, NetworkError::Space),
        ("12.12.12.12;41.41.41.41", 0, NetworkError::NotAnAddress),
        ("12.12.12.12,010.0.0.1", 12, NetworkError::LeadingZero),
    ] {
        let first = networks_in_list(text).find_map(Result::err);
        assert_eq!(first, Some((position, error)), "{text:?}");
    }
    let faults = networks_in_list("x,1.2.3.4,y,").filter_map(Result::err).count();
    assert_eq!(faults, 3, "all of them, not the first");
}

#[test]
fn only_mapped_addresses_are_folded() {
    for (address, folded) in [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:0.0.0.0", "0.0.0.0"),
        ("192.0.2.1", "192.0.2.1"),
        ("::192.0.2.1", "::192.0.2.1"),
        ("::fffe:192.0.2.1", "::fffe:192.0.2.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.1"),
        ("2002:c000:201::", "2002:c000:201::"),
    ] {
        assert_eq!(fold(ip(address)), ip(folded), "{address}");
    }
    let listed = network("192.0.2.0/24");
    assert!(listed.contains(ip("::ffff:192.0.2.1")));
    assert!(!listed.contains(ip("64:ff9b::192.0.2.1")));
    assert!(!listed.contains(ip("2002:c000:201::")));
    for wide in ["::/1", "::/64", "any-ipv6"] {
        assert!(!network(wide).contains(ip("192.0.2.1")), "{wide}");
        assert!(!network(wide).contains(ip("::ffff:192.0.2.1")), "{wide}");
        assert!(network(wide).contains(ip("::1")), "{wide}");
    }
}

#[test]
fn addresses_agree_with_core() {
    let pieces = ["", "0", "1", "9", "01", "ff", "FFFF", "12345", "255", "256", "g"];
    let marks = ["", ".", ":", "::", "%", "/", " "];
    let mut accepted = 0;
    let mut visit = |text: &str| {
        let own = parse_address(text.as_bytes());
        assert_eq!(own, text.parse::<IpAddr>().ok(), "{text:?}");
        accepted += usize::from(own.is_some());
    };
    for first in pieces {
        for mark in marks {
            for second in pieces {
                for other in marks {
                    for third in pieces {
                        let text = format!("{first}{mark}{second}{other}{third}");
                        visit(&text);
                        visit(&format!("{text}.2.3"));
                        visit(&format!("1.2.{text}"));
                        visit(&format!("::{text}"));
                        visit(&format!("1:2:3:4:5:{text}"));
                        visit(&format!("1:2:3:4:{text}:1.2.3.4"));
                        visit(&format!("{text}::4:5:6"));
                    }
                }
            }
        }
    }
    assert!(accepted > 2_000, "{accepted}");
    assert_eq!(parse_address(b"1.2.3.\xff"), None);
}

/// A generator of numbers that are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) ^ (self.0 << 31)
    }

    /// A network, crowded together with others so that they overlap and touch.
    fn network(&mut self) -> ipnet::IpNet {
        let net = if self.next().is_multiple_of(2) {
            let address = 0x0a00_0000 | (self.next() as u32 & 0xffff);
            ipnet::IpNet::new(Ipv4Addr::from(address).into(), 16 + (self.next() % 17) as u8)
        } else {
            let address = (0x2001_0db8_u128 << 96) | u128::from(self.next() & 0xffff);
            ipnet::IpNet::new(Ipv6Addr::from(address).into(), 110 + (self.next() % 19) as u8)
        };
        net.unwrap().trunc()
    }
}

/// What `core` and `ipnet` make of the text of a network without a word; `None` if it is none.
fn by_others(text: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let prefix = match prefix {
        Some(text) => {
            let prefix: u8 = text.parse().ok()?;
            (prefix.to_string() == text).then_some(prefix)?
        }
        None => {
            if address.is_ipv4() {
                32
            } else {
                128
            }
        }
    };
    let net = ipnet::IpNet::new(address, prefix).ok()?;
    let (folded, length) = match fold(address) {
        folded if folded != address && prefix >= 96 => (folded, prefix - 96),
        _ => (address, prefix),
    };
    (net.trunc() == net && length > 0).then_some((folded, length))
}

/// One byte is changed, added or taken away, so most texts are nearly right.
#[test]
fn networks_agree_with_others_alone_and_in_a_list() {
    let (mut numbers, mut accepted, mut refused) = (Numbers(11), 0, 0);
    for turn in 0..60_000 {
        let mut text = match turn % 4 {
            0 => String::from("::ffff:192.0.2.0/120"),
            1 => String::from("2001:db8:0:12::/64"),
            _ => numbers.network().to_string(),
        };
        let at = numbers.next() as usize % text.len();
        let bytes = b"0123456789abcdefF.:/ %g-";
        let byte = char::from(bytes[numbers.next() as usize % bytes.len()]);
        match numbers.next() % 4 {
            0 => text.insert(at, byte),
            1 => _ = text.remove(at),
            2 => text.replace_range(at..=at, &byte.to_string()),
            _ => {}
        }
        let own = Network::parse(&text);
        let wanted = by_others(&text).map(|(address, prefix)| format!("{address}/{prefix}"));
        assert_eq!(own.ok().map(|network| network.to_string()), wanted, "{text:?}");
        let list = format!("10.0.0.1,{text},2001:db8::1");
        let read: Vec<_> = networks_in_list(&list).collect();
        assert_eq!(read.len(), 3, "{list:?}");
        assert_eq!(read[1].map_err(|(_, error)| error), own, "{list:?}");
        assert_eq!(read[2], Ok(network("2001:db8::1")), "{list:?}");
        *if own.is_ok() { &mut accepted } else { &mut refused } += 1;
    }
    assert!(accepted > 10_000 && refused > 10_000, "{accepted}, {refused}");
}

/// The addresses at and beside both ends of a network.
fn around(net: &ipnet::IpNet) -> Vec<IpAddr> {
    match net {
        ipnet::IpNet::V4(net) => {
            let (first, last) = (net.network().to_bits(), net.broadcast().to_bits());
            [first, last, first.wrapping_sub(1), last.wrapping_add(1)]
                .map(|bits| Ipv4Addr::from(bits).into())
                .to_vec()
        }
        ipnet::IpNet::V6(net) => {
            let (first, last) = (net.network().to_bits(), net.broadcast().to_bits());
            [first, last, first.wrapping_sub(1), last.wrapping_add(1)]
                .map(|bits| Ipv6Addr::from(bits).into())
                .to_vec()
        }
    }
}

#[test]
fn sets_agree_with_a_scan_of_ipnet() {
    let mut numbers = Numbers(7);
    let (mut inside, mut outside) = (0, 0);
    for count in (0..=20).chain([60, 200]) {
        for _ in 0..20 {
            let theirs: Vec<_> = (0..count).map(|_| numbers.network()).collect();
            let own = || theirs.iter().map(|net| network(&net.to_string()));
            let set = NetworkSet::new(own());
            let ranges = RangeSet::new(own());
            assert_eq!(set.networks(), count);
            assert!(ranges.ranges() <= count);
            let strangers = (0..4).map(|_| numbers.network()).collect::<Vec<_>>();
            for address in theirs.iter().chain(&strangers).flat_map(around) {
                let expected = theirs.iter().any(|net| net.contains(&address));
                assert_eq!(set.contains(address), expected, "{address} in {theirs:?}");
                assert_eq!(ranges.contains(address), expected, "{address} in {theirs:?}");
                *(if expected { &mut inside } else { &mut outside }) += 1;
            }
        }
    }
    assert!(inside > 5_000 && outside > 1_000, "{inside} inside, {outside} outside");
}

/// Asks for all addresses at once, as octets of each width, and compares with one answer after the
/// other.
fn ask_many(set: &NetworkSet, addresses: &[IpAddr]) {
    let octets = |address: &IpAddr| match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    };
    let wide: Vec<[u8; 16]> = addresses.iter().map(octets).collect();
    let narrow: Vec<[u8; 4]> = wide.iter().map(|octets| *octets.last_chunk().unwrap()).collect();
    for start in 0..addresses.len().min(3) {
        let count = addresses.len() - start;
        let (mut inside, mut of_narrow) = (vec![7; count + 2], vec![7; count + 2]);
        set.contain_each_v6(&wide[start..], &mut inside).unwrap();
        set.contain_each_v4(&narrow[start..], &mut of_narrow).unwrap();
        assert_eq!((&inside[count..], &of_narrow[count..]), (&[7, 7][..], &[7, 7][..]));
        for (at, address) in addresses[start..].iter().enumerate() {
            assert_eq!(inside[at], u8::from(set.contains(*address)), "{address} in {set:?}");
            let v4 = Ipv4Addr::from(narrow[start + at]);
            assert_eq!(of_narrow[at], u8::from(set.contains_v4(v4)), "{v4} in {set:?}");
        }
    }
}

#[test]
fn many_at_once_are_answered_as_one_by_one() {
    let mut numbers = Numbers(17);
    for count in (0..=20).chain([60, 300]) {
        let nets: Vec<_> = (0..count).map(|_| numbers.network()).collect();
        let strangers: Vec<_> = (0..10).map(|_| numbers.network()).collect();
        let set = NetworkSet::new(nets.iter().map(|net| network(&net.to_string())));
        let mixed: Vec<_> = nets.iter().chain(&strangers).flat_map(around).collect();
        let (v4, v6): (Vec<_>, Vec<_>) = mixed.iter().partition(|address| address.is_ipv4());
        for addresses in [&mixed, &v4, &v6] {
            ask_many(&set, addresses);
            (0..addresses.len().min(40)).for_each(|length| ask_many(&set, &addresses[..length]));
        }
    }
    for (_, list) in adversarial_lists() {
        let own = list.iter().filter_map(|net| Network::new(net.addr(), net.prefix_len()).ok());
        ask_many(&NetworkSet::new(own), &list.iter().flat_map(around).collect::<Vec<_>>());
    }
}

/// A set that is too large for the memory of the processor is asked in another way.
#[test]
fn many_at_once_of_a_large_set_agree_with_ipnet() {
    let mut numbers = Numbers(19);
    let nets: Vec<ipnet::IpNet> = (0..120_000)
        .map(|number| {
            let bits = numbers.next();
            let net = if number % 2 == 0 {
                ipnet::IpNet::new(Ipv4Addr::from(bits as u32).into(), 22 + (bits >> 60) as u8 % 11)
            } else {
                let bits = u128::from(bits) << 64 | u128::from(numbers.next());
                ipnet::IpNet::new(Ipv6Addr::from(bits).into(), 32 + (bits >> 121) as u8 % 97)
            };
            net.unwrap().trunc()
        })
        .collect();
    let set = NetworkSet::new(nets.iter().map(|net| network(&net.to_string())));
    let asked = &nets[..4_000];
    ask_many(&set, &asked.iter().flat_map(around).collect::<Vec<_>>());
    let inside = asked.iter().all(|net| set.contains(net.addr()));
    assert!(inside && set.memory() > 2 << 20, "{} bytes", set.memory());
}

#[test]
fn too_little_room_for_many_answers_is_left_alone() {
    let set = NetworkSet::new([network("any")]);
    let mut room = [7; 4];
    let refused = Err(BufferTooSmall { needed: 5 });
    assert_eq!(set.contain_each_v4(&[[1; 4]; 5], &mut room), refused);
    assert_eq!(set.contain_each_v6(&[[1; 16]; 5], &mut room), refused);
    assert_eq!(room, [7; 4]);
    assert_eq!(set.contain_each_v4(&[], &mut []), Ok(()));
    assert_eq!(set.contain_each_v4(&[[1; 4]; 4], &mut room), Ok(()));
    assert_eq!(room, [1; 4]);
}

#[test]
fn an_empty_set_contains_nothing() {
    let (set, ranges) = (NetworkSet::new([]), RangeSet::new([]));
    for address in ["0.0.0.0", "0.0.0.1", "255.255.255.255", "::", "::1", "::ffff:0.0.0.1"] {
        let address = ip(address);
        assert!(!set.contains(address) && !NetworkSet::EMPTY.contains(address), "{address}");
        assert!(!ranges.contains(address) && !SmallSet::EMPTY.contains(address), "{address}");
    }
    assert_eq!((set.networks(), ranges.networks(), SmallSet::EMPTY.networks()), (0, 0, 0));
    assert_eq!((set.memory(), ranges.memory()), (0, 0));
}

#[test]
fn the_ends_of_the_address_space() {
    for count in [1, 5, 9] {
        for (text, inside, outside) in [
            ("any", &["0.0.0.0", "255.255.255.255", "::", "ffff::"][..], &[][..]),
            ("any-ipv4", &["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], &["::", "::1"]),
            ("any-ipv6", &["::", "ffff::"], &["0.0.0.0", "::ffff:1.2.3.4"]),
            ("128.0.0.0/1", &["128.0.0.0", "255.255.255.255"], &["127.255.255.255", "0.0.0.0"]),
            ("0.0.0.0/1", &["0.0.0.0", "127.255.255.255"], &["128.0.0.0", "255.255.255.255"]),
            ("255.255.255.255", &["255.255.255.255"], &["255.255.255.254", "0.0.0.0"]),
            ("8000::/1", &["8000::", "ffff::"], &["7fff::", "::"]),
        ] {
            let set = NetworkSet::new([network(text)].repeat(count));
            assert!(inside.iter().all(|address| set.contains(ip(address))), "{text}");
            assert!(!outside.iter().any(|address| set.contains(ip(address))), "{text}");
        }
    }
}

/// The bytes of a small set on the heap.
const SMALL: usize = size_of::<SmallSet>();

#[test]
fn a_set_takes_the_form_that_suits_it() {
    let v4 = |count| (0..count).map(|n| network(&format!("10.{n}.0.0/24"))).collect::<Vec<_>>();
    let v6 = |count| (0..count).map(|n| network(&format!("2001:db8:{n}::/48"))).collect::<Vec<_>>();
    assert!(size_of::<Option<NetworkSet>>() <= 40);
    for (few, memory) in [(v4(1), 0), (v4(4), 0), (v4(5), SMALL), (v4(8), SMALL), (v6(1), SMALL)] {
        let set = NetworkSet::new(few.clone());
        assert_eq!((set.networks(), set.memory()), (few.len(), memory), "{few:?}");
    }
    let small = [v4(8), v6(8)].concat();
    assert_eq!(NetworkSet::new(small.clone()).memory(), SMALL);
    assert_eq!(SmallSet::new(small.clone()).unwrap().networks(), 16);
    assert_eq!(NetworkSet::new([Network::ANY]).networks(), 1);
    for ninth in ["10.9.0.0/16", "2001:db9::/32", "any"] {
        let more: Vec<_> = small.iter().copied().chain([network(ninth)]).collect();
        assert!(SmallSet::new(more.clone()).is_none(), "{ninth}");
        let (set, ranges) = (NetworkSet::new(more.clone()), RangeSet::new(more));
        assert_eq!(set.memory(), size_of::<RangeSet>() + ranges.memory(), "{ninth}");
        assert_eq!(set.networks(), 17);
    }
    let neighbours = RangeSet::new([network("10.0.0.0/24"), network("10.0.1.0/24")]);
    assert_eq!(neighbours.ranges(), 1, "neighbours are merged");
}

/// Lists that are hard on an index: each with its name.
fn adversarial_lists() -> Vec<(&'static str, Vec<ipnet::IpNet>)> {
    let v4 = |bits: u32, prefix: u8| ipnet::IpNet::new(Ipv4Addr::from(bits).into(), prefix);
    let v6 = |bits: u128, prefix: u8| ipnet::IpNet::new(Ipv6Addr::from(bits).into(), prefix);
    let crowd = |n: u32| v4(0x0a00_0000 + 2 * n, 32);
    let crowd6 = |n: u32| v6((0x2001_0db8 << 96) + 2 * u128::from(n), 128);
    let ends4 = || [v4(1, 32), v4(u32::MAX, 32)].into_iter();
    let ends6 = || [v6(1, 128), v6(u128::MAX, 128)].into_iter();
    let lists: Vec<(_, Vec<_>)> = vec![
        ("a crowd and both ends", (0..700).map(crowd).chain(ends4()).collect()),
        ("a crowd and both ends of IPv6", (0..700).map(crowd6).chain(ends6()).collect()),
        (
            "two crowds",
            (0..300).map(crowd).chain((0..300).map(|n| v4((n << 31) | (n * 2), 32))).collect(),
        ),
        ("nested", (1..=32).map(|prefix| v4(0x8000_0000, prefix)).collect()),
        ("nested at the end", (1..=128).map(|prefix| v6(u128::MAX, prefix)).collect()),
        ("touching", (0..300).map(|n| v4(0xc0a8_0000 + n, 32)).collect()),
        ("all but the last", (1..=32).map(|prefix| v4(!(1 << (32 - prefix)), prefix)).collect()),
        ("all of it", (0..16).map(|n| v4(n << 28, 4)).collect()),
        ("the last addresses", (0..20).map(|n| v4(u32::MAX - 2 * n, 32)).collect()),
        ("doubling gaps", (0..32).map(|n| v4(1 << n, 32)).collect()),
        ("doubling gaps of IPv6", (0..128).map(|n| v6(1 << n, 128)).collect()),
        ("below and above /64", (0..200).map(|n| v6(n << 60, 68 + (n % 60) as u8)).collect()),
    ];
    let truncated = |list: Vec<Result<ipnet::IpNet, _>>| {
        list.into_iter().map(|net: Result<_, ipnet::PrefixLenError>| net.unwrap().trunc()).collect()
    };
    lists.into_iter().map(|(name, list)| (name, truncated(list))).collect()
}

#[test]
fn adversarial_lists_agree_with_a_scan_of_ipnet() {
    let mut numbers = Numbers(11);
    let is_mapped = |net: &ipnet::IpNet| fold(net.addr()).is_ipv4() && net.addr().is_ipv6();
    for (name, list) in adversarial_lists() {
        let list: Vec<_> = list.into_iter().filter(|net| !is_mapped(net)).collect();
        let set = RangeSet::new(list.iter().map(|net| network(&net.to_string())));
        let random = (0..2_000).map(|_| {
            let bits = (u128::from(numbers.next()) << 64) | u128::from(numbers.next());
            let shift = (numbers.next() % 128) as u32;
            [IpAddr::from(Ipv4Addr::from_bits((bits >> 96) as u32 >> (shift % 32))), {
                Ipv6Addr::from_bits(bits >> shift).into()
            }]
        });
        for address in list.iter().flat_map(around).chain(random.flatten()) {
            // What ipnet says of an address of the other family, or in disguise, is another matter.
            let folded = fold(address);
            let expected = list.iter().any(|net| net.contains(&folded));
            assert_eq!(set.contains(address), expected, "{address} in {name}");
        }
    }
}

#[test]
fn memory_stays_in_bounds_for_every_list() {
    let mut numbers = Numbers(13);
    let mut lists: Vec<(String, Vec<Network>)> = Vec::new();
    for (name, list) in adversarial_lists() {
        let parsed = list.iter().filter_map(|net| Network::new(net.addr(), net.prefix_len()).ok());
        lists.push((name.to_owned(), parsed.collect()));
    }
    for count in [9, 1_000, 1_025, 20_000] {
        let v4 = (0..count).map(|_| {
            let net =
                ipnet::Ipv4Net::new(Ipv4Addr::from(numbers.next() as u32), 24 + count as u8 % 9);
            let net = net.unwrap().trunc();
            Network::new(net.network().into(), net.prefix_len()).unwrap()
        });
        lists.push((format!("{count} random"), v4.collect()));
    }
    for (name, list) in lists {
        let v6 = list.iter().filter(|network| network.to_string().contains(':')).count();
        let most = 16 * (list.len() - v6) + 40 * v6;
        let memory = RangeSet::new(list).memory();
        assert!(memory > 0 && memory <= most, "{name}: {memory} bytes, not {most}");
    }
}
