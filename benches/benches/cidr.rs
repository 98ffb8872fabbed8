//! Sets of networks of every size, and a scan with `ipnet` for comparison where one is short:
//! building them, and asking for addresses of which half are inside.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use tollgate::primitive::cidr::{Network, NetworkSet};

/// How many addresses are asked for in turn.
const ADDRESSES: usize = 1 << 14;

/// The longest list that is scanned.
const MOST_SCANNED: usize = 1_000;

/// Numbers that look random and are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn wide(&mut self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }

    /// A network of IPv4 from /20 to /32.
    fn v4(&mut self) -> IpNet {
        let prefix = 20 + (self.next() % 13) as u8;
        let net = Ipv4Net::new(Ipv4Addr::from(self.next() as u32), prefix);
        IpNet::V4(net.expect("a prefix that fits").trunc())
    }

    /// A network of IPv6 from /32 to /64 in 2000::/3.
    fn v6(&mut self) -> IpNet {
        let prefix = 32 + (self.next() % 33) as u8;
        let net = Ipv6Net::new(Ipv6Addr::from((self.wide() >> 3) | (1 << 125)), prefix);
        IpNet::V6(net.expect("a prefix that fits").trunc())
    }

    /// An address in `net`.
    fn inside(&mut self, net: &IpNet) -> IpAddr {
        match net {
            IpNet::V4(net) => {
                let host = self.next() as u32 & net.hostmask().to_bits();
                Ipv4Addr::from(net.network().to_bits() | host).into()
            }
            IpNet::V6(net) => {
                let host = self.wide() & net.hostmask().to_bits();
                Ipv6Addr::from(net.network().to_bits() | host).into()
            }
        }
    }
}

fn own(net: &IpNet) -> Network {
    Network::new(net.addr(), net.prefix_len()).expect("a truncated network")
}

fn bench(criterion: &mut Criterion, family: &str, draw: fn(&mut Numbers) -> IpNet) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut group = criterion.benchmark_group(format!("networks of {family}"));
    for count in [1, 4, 8, 16, 64, 1_000, 1_000_000] {
        let nets: Vec<IpNet> = (0..count).map(|_| draw(&mut numbers)).collect();
        let listed: Vec<Network> = nets.iter().map(own).collect();
        let set = NetworkSet::new(listed.iter().copied());
        let addresses: Vec<IpAddr> = (0..ADDRESSES)
            .map(|_| {
                let known = nets[numbers.next() as usize % nets.len()];
                let net = if numbers.next() & 1 == 0 { known } else { draw(&mut numbers) };
                numbers.inside(&net)
            })
            .collect();
        group.throughput(Throughput::Elements(ADDRESSES as u64));
        group.bench_function(format!("ask {count}"), |bencher| {
            let ask = || black_box(&addresses).iter().filter(|it| set.contains(**it)).count();
            bencher.iter(ask);
        });
        if count <= MOST_SCANNED {
            group.bench_function(format!("ask {count}, ipnet scan"), |bencher| {
                let scan = |it: &&IpAddr| nets.iter().any(|net| net.contains(*it));
                bencher.iter(|| black_box(&addresses).iter().filter(scan).count());
            });
        }
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("build {count}"), |bencher| {
            let build = |listed: Vec<Network>| NetworkSet::new(listed);
            bencher.iter_batched(|| listed.clone(), build, BatchSize::PerIteration);
        });
        let bytes = set.memory() as f64 / count as f64;
        println!("{count} networks of {family}: {bytes:.1} bytes of memory for each");
    }
    group.finish();
}

fn networks(criterion: &mut Criterion) {
    bench(criterion, "IPv4", Numbers::v4);
    bench(criterion, "IPv6", Numbers::v6);
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = networks
}
criterion_main!(benches);
