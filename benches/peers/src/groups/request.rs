//! A whole request: a cashout as a Directa24 merchant sends it.

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::gate::{Gate, Sent};
use crate::harness::{Contender, Group, Mode};
use crate::inputs;
use crate::peers::composition::{Client, Gateway, HostClock, Incoming};
use crate::peers::openssl::{HmacCtx, Newest};
use crate::peers::{
    Hmac, boringssl::BoringSsl, graviola::Graviola, ring::Ring, rustcrypto::RustCrypto,
    tollgate::Tollgate,
};
use crate::tollgate::tollgate_request;

const HOST: &str = "api.example.com";
const SCOPE: &str = "cashout:write";

/// How the requests and the policy are.
#[derive(Clone)]
pub struct Shape {
    /// How many credentials the policy has.
    pub credentials: usize,
    /// How many routes.
    pub routes: usize,
    /// How many header lines a request has.
    pub headers: usize,
    /// How long its body is.
    pub body: usize,
    /// How many different requests are measured, a power of two.
    pub requests: usize,
}

impl Shape {
    /// The request of the goals: a body of 512 bytes.
    pub fn cashout(credentials: usize) -> Self {
        // With many clients many more than fit a cache near the processor.
        let requests = if credentials > 100 { 4096 } else { 64 };
        Self { credentials, routes: 1, headers: 7, body: 512, requests }
    }
}

/// What the policy has beside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// What the composition has.
    Nothing,
    /// A throttle of addresses that fail.
    Throttle,
    /// No rate limit.
    NoRate,
}

/// Clients and their requests: of the first half all may pass, of the second half none.
pub struct Case {
    shape: Shape,
    clients: Vec<Client>,
    sent: Vec<Sent>,
    /// By which client each was sent.
    by: Vec<usize>,
}

impl Case {
    /// Draws clients and requests.
    pub fn new(shape: &Shape) -> Self {
        let mut random = inputs::random("request");
        let clients: Vec<Client> =
            (0..shape.credentials).map(|number| client(&mut random, number)).collect();
        let timed = shape.requests;
        // A server has just received a request, so its body is near the processor: there are few.
        let bodies: Vec<&'static [u8]> =
            (0..16.min(timed)).map(|_| body(&mut random, shape.body)).collect();
        let by: Vec<usize> =
            (0..2 * timed).map(|_| random.random_range(0..shape.credentials)).collect();
        let sent = by
            .iter()
            .enumerate()
            .map(|(place, by)| {
                let fault = (place >= timed).then_some(place % 6);
                let body = bodies[random.random_range(0..bodies.len())];
                sent(&mut random, shape, &clients[*by], body, fault)
            })
            .collect();
        Self { shape: shape.clone(), clients, sent, by }
    }

    fn policy(&self, extra: Extra) -> String {
        let mut route = json!({
            "methods": ["POST"],
            "required_headers": ["User-Agent"],
            "media_type": "application/json",
            "max_body": 1 << 20,
            "credentials": ["basic"],
            "signature": "directa24-cashout",
            "scope": SCOPE,
        });
        if extra != Extra::NoRate {
            route["rates"] = json!([{"name": "merchant", "per": "credential", "limit": 1_000_000, "period_s": 1}]);
        }
        let mut routes = serde_json::Map::new();
        for number in 1..self.shape.routes {
            routes.insert(format!("other-{number}"), route.clone());
        }
        routes.insert(String::from("cashout"), route);
        let credentials: Vec<Value> = self.clients.iter().map(credential).collect();
        let mut policy = json!({
            "tollgate": 1,
            "environment": "production",
            "hosts": [HOST],
            "limits": { "headers": 128 },
            "routes": routes,
            "credentials": credentials,
        });
        if extra == Extra::Throttle {
            policy["failures"] = json!({"limit": 1000, "period_s": 60});
        }
        policy.to_string()
    }

    /// How many requests are measured.
    pub fn timed(&self) -> usize {
        self.shape.requests
    }

    /// Which requests may pass.
    pub fn answers(&self) -> Vec<bool> {
        (0..self.sent.len()).map(|input| input < self.timed()).collect()
    }

    /// The requests as Tollgate takes them.
    pub fn requests(&self) -> Vec<tollgate_request> {
        self.sent.iter().map(Sent::request).collect()
    }

    /// A gate with these clients.
    pub fn gate(&self, extra: Extra) -> Gate {
        Gate::load(&self.policy(extra), self.shape.credentials)
    }
}

fn client(random: &mut StdRng, number: usize) -> Client {
    let third = random.random::<u8>();
    let networks = [
        format!("203.0.113.{third}/32"),
        format!("198.51.{third}.0/24"),
        String::from("192.0.2.0/28"),
        format!("2001:db8:{third:x}::/48"),
    ];
    Client {
        user: format!("merchant-{number:07}-API-Key"),
        passphrase: hex::encode(inputs::bytes(random, 12)),
        secret: hex::encode(inputs::secret(random)).into_bytes(),
        networks: networks.iter().map(|text| text.parse().expect("a network")).collect(),
        scope: String::from(SCOPE),
    }
}

fn credential(client: &Client) -> Value {
    let bare = |network: &ipnet::IpNet| match network.prefix_len() == network.max_prefix_len() {
        true => network.addr().to_string(),
        false => network.to_string(),
    };
    let networks: Vec<String> = client.networks.iter().map(bare).collect();
    json!({
        "id": client.user,
        "basic": { "user": client.user, "passphrase": { "text": client.passphrase } },
        "secrets": [{ "generation": 1, "key": { "text": String::from_utf8_lossy(&client.secret) } }],
        "networks": networks.join(","),
        "scopes": [client.scope],
    })
}

/// A body of exactly `length` bytes, if that is enough for one.
fn body(random: &mut StdRng, length: usize) -> &'static [u8] {
    let id = hex::encode(inputs::bytes(random, 6));
    let head = format!(r#"{{"external_id":"{id}","country":"MX","amount":2000,"note":""#);
    let fill = length.saturating_sub(head.len() + 2);
    let text = format!("{head}{}\"}}", "x".repeat(fill)).into_bytes();
    let text = if length < head.len() + 2 { text[..length].to_vec() } else { text };
    let memory = inputs::messages(random, &[text.len()])[0];
    // SAFETY: the memory is as long as the text, and nobody else has it yet.
    unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), memory.as_ptr().cast_mut(), text.len()) };
    memory
}

/// A request of `client` with `body`. With a fault it has one that must keep it out.
fn sent(
    random: &mut StdRng,
    shape: &Shape,
    client: &Client,
    body: &'static [u8],
    fault: Option<usize>,
) -> Sent {
    use base64::Engine;
    // Where no length is declared it cannot be wrong.
    let fault = if shape.headers < 7 && fault == Some(3) { Some(0) } else { fault };
    let tag = inputs::tag(&client.secret, body);
    let tag = if fault == Some(0) { inputs::spoilt(random, tag) } else { tag };
    let user = if fault == Some(1) { "nobody" } else { &client.user };
    let passphrase = if fault == Some(2) { "another passphrase" } else { &client.passphrase };
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{passphrase}"));
    let length = if fault == Some(3) { body.len() + 1 } else { body.len() };
    let text = |text: String| -> &'static str { text.leak() };
    let mut headers = vec![
        ("Host", HOST),
        ("User-Agent", "merchant/1.0"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Content-Length", text(length.to_string())),
    ];
    let more = (7..shape.headers).map(|_| ("X-Request-Trace", "00-4bf92f3577b34da6-01"));
    headers.extend(more);
    headers.push(("Authorization", text(format!("Basic {basic}"))));
    headers.push(("Payload-Signature", text(hex::encode(tag))));
    if shape.headers < headers.len() {
        // The two that the route does not ask for.
        headers.retain(|(name, _)| !["Accept", "Content-Length"].contains(name));
    }
    let peer = if fault == Some(4) {
        "9.9.9.9".parse().expect("an address")
    } else {
        client.networks[0].addr()
    };
    Sent::new(headers, body, peer, fault != Some(5), HOST)
}

/// Tollgate: one call.
pub fn tollgate(case: &'static Case, name: &str, extra: Extra) -> Contender {
    let gate = case.gate(extra);
    let mut requests = case.requests();
    let mut decision = crate::gate::decision();
    let mut now = 1;
    Contender::new(name, move |input| {
        now += 1_000_000;
        requests[input].monotonic_ns = now;
        gate.verify(&requests[input], &mut decision)
    })
}

/// The composition with the HMAC of a peer.
fn composition<P: Hmac>(case: &'static Case) -> Option<Contender> {
    let mut gateway = Gateway::<P>::new(&case.clients, HOST, SCOPE)?;
    let requests: Vec<Incoming> = case.sent.iter().map(Sent::incoming).collect();
    let mut now = 1;
    Some(Contender::new(format!("composition with {}", P::NAME), move |input| {
        now += 1_000_000;
        HostClock::set(now);
        gateway.verify(&requests[input]).is_ok()
    }))
}

/// The name of the contender that is no competitor: the HMAC of the body alone.
pub const BARE: &str = "bare HMAC of the body (C ABI)";

/// Only the HMAC of each body, which a request cannot do without.
fn bare(case: &'static Case) -> Contender {
    let key = |client: &Client| Tollgate::new(&client.secret).expect("any length is a key");
    let mut keys: Vec<Tollgate> = case.clients.iter().map(key).collect();
    let half = case.sent.len() / 2;
    let tag = |(place, sent): (usize, &Sent)| {
        let tag = inputs::tag(&case.clients[case.by[place]].secret, sent.body());
        if place < half { tag } else { inputs::spoilt(&mut inputs::random("bare"), tag) }
    };
    let tags: Vec<[u8; 32]> = case.sent.iter().enumerate().map(tag).collect();
    Contender::new(BARE, move |input| {
        keys[case.by[input]].verify(case.sent[input].body(), &tags[input])
    })
}

/// The name of Tollgate with a throttle, which the composition has not.
pub const THROTTLE: &str = "Tollgate (C ABI), with the throttle of failures";
/// The name of Tollgate without a rate limit.
pub const NO_RATE: &str = "Tollgate (C ABI), without a rate limit";

/// The whole request, by everybody.
pub fn group(shape: &Shape) -> Group {
    let case: &'static Case = Box::leak(Box::new(Case::new(shape)));
    let mut contenders = vec![
        tollgate(case, "Tollgate (C ABI)", Extra::Nothing),
        tollgate(case, THROTTLE, Extra::Throttle),
        tollgate(case, NO_RATE, Extra::NoRate),
        bare(case),
    ];
    let composed = [
        composition::<BoringSsl>(case),
        composition::<HmacCtx<Newest>>(case),
        composition::<Ring>(case),
        composition::<Graviola>(case),
        composition::<RustCrypto>(case),
    ];
    contenders.extend(composed.into_iter().flatten());
    Group {
        name: format!("request, {} credentials", shape.credentials),
        per_call: 1.0,
        answers: case.answers(),
        timed: case.timed(),
        modes: vec![Mode::Iso, Mode::Back],
        contenders,
    }
}
