//! A gateway that is put together of the fastest crates, with care: what somebody would write who has
//! no Tollgate. It does what Tollgate does for a cashout request, check for check, in the same order
//! as far as that is possible without its structures, and allocates nothing for a request. Where it can
//! do less it does: it keeps the passphrase itself, of which Tollgate keeps the SHA-256.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use hashbrown::HashMap;
use ipnet::IpNet;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Hmac;

/// The time that the host passes, as Tollgate has it: no contender reads a clock.
#[derive(Clone)]
pub struct HostClock(&'static AtomicU64);

static NOW: AtomicU64 = AtomicU64::new(0);

impl HostClock {
    /// The one of this program.
    pub fn new() -> Self {
        Self(&NOW)
    }

    /// Sets it.
    pub fn set(now_ns: u64) {
        NOW.store(now_ns, Ordering::Relaxed);
    }
}

impl Clock for HostClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.load(Ordering::Relaxed).into()
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, HostClock, NoOpMiddleware<Nanos>>;

/// A million requests a second, all of them at once if need be.
pub fn quota() -> Quota {
    Quota::per_second(NonZeroU32::new(1_000_000).expect("not 0"))
}

/// What a client has.
pub struct Client {
    /// Its name.
    pub user: String,
    /// Its passphrase.
    pub passphrase: String,
    /// Its signing secret.
    pub secret: Vec<u8>,
    /// From where it may come.
    pub networks: Vec<IpNet>,
    /// What it may do.
    pub scope: String,
}

struct Record<P> {
    /// Its SHA-256: as with Tollgate, what is kept is not the passphrase.
    passphrase: [u8; 32],
    key: P,
    networks: Vec<IpNet>,
    scopes: Vec<String>,
    limiter: Limiter,
}

/// A request, as a server has parsed it.
pub struct Incoming {
    /// The method.
    pub method: &'static [u8],
    /// The header lines.
    pub headers: Vec<(&'static [u8], &'static [u8])>,
    /// The body.
    pub body: &'static [u8],
    /// From where it comes.
    pub peer: IpAddr,
    /// Whether the connection is TLS.
    pub tls: bool,
}

/// Why a request is denied.
#[derive(Clone, Copy)]
pub enum Denied {
    /// The connection is not TLS.
    Transport,
    /// Its head is not what the route takes.
    Head,
    /// Nobody has these credentials.
    Credentials,
    /// The signature is another one.
    Signature,
    /// It comes from elsewhere.
    Network,
    /// It may not do that.
    Scope,
    /// It has done too much.
    Rate,
}

/// The headers that count, each at most once.
#[derive(Default)]
struct Head {
    host: Option<&'static [u8]>,
    user_agent: Option<&'static [u8]>,
    media_type: Option<&'static [u8]>,
    length: Option<&'static [u8]>,
    authorization: Option<&'static [u8]>,
    signature: Option<&'static [u8]>,
}

impl Head {
    /// Goes through the lines once.
    #[inline]
    fn read(lines: &[(&'static [u8], &'static [u8])]) -> Option<Self> {
        let mut head = Self::default();
        for (name, value) in lines {
            let slot = match name.len() {
                4 if name.eq_ignore_ascii_case(b"host") => &mut head.host,
                10 if name.eq_ignore_ascii_case(b"user-agent") => &mut head.user_agent,
                12 if name.eq_ignore_ascii_case(b"content-type") => &mut head.media_type,
                13 if name.eq_ignore_ascii_case(b"authorization") => &mut head.authorization,
                14 if name.eq_ignore_ascii_case(b"content-length") => &mut head.length,
                17 if name.eq_ignore_ascii_case(b"payload-signature") => &mut head.signature,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        Some(head)
    }
}

/// The gateway, with the HMAC of `P`.
pub struct Gateway<P> {
    clients: HashMap<Box<[u8]>, Record<P>, ahash::RandomState>,
    host: &'static [u8],
    scope: String,
    max_body: usize,
}

impl<P: Hmac> Gateway<P> {
    /// For these clients.
    pub fn new(clients: &[Client], host: &'static str, scope: &str) -> Option<Self> {
        let record = |client: &Client| {
            let record = Record {
                passphrase: Sha256::digest(&client.passphrase).into(),
                key: P::new(&client.secret)?,
                networks: client.networks.clone(),
                scopes: vec![client.scope.clone()],
                limiter: RateLimiter::direct_with_clock(quota(), HostClock::new()),
            };
            Some((client.user.clone().into_bytes().into_boxed_slice(), record))
        };
        let clients = clients.iter().map(record).collect::<Option<_>>()?;
        let (host, scope) = (host.as_bytes(), String::from(scope));
        Some(Self { clients, host, scope, max_body: 65536 })
    }

    /// Whether a request may pass.
    #[inline]
    pub fn verify(&mut self, request: &Incoming) -> Result<(), Denied> {
        if !request.tls {
            return Err(Denied::Transport);
        }
        let head = self.head(request).ok_or(Denied::Head)?;
        let mut room = [0_u8; 256];
        let (user, passphrase) = basic(head.authorization, &mut room).ok_or(Denied::Credentials)?;
        let client = self.clients.get_mut(user).ok_or(Denied::Credentials)?;
        let presented: [u8; 32] = Sha256::digest(passphrase).into();
        if !bool::from(client.passphrase.ct_eq(&presented)) {
            return Err(Denied::Credentials);
        }
        let signature = head.signature.ok_or(Denied::Signature)?;
        let mut tag = [0_u8; 32];
        if signature.len() != 64 || faster_hex::hex_decode(signature, &mut tag).is_err() {
            return Err(Denied::Signature);
        }
        if !client.key.verify(request.body, &tag) {
            return Err(Denied::Signature);
        }
        if !client.networks.iter().any(|network| network.contains(&request.peer)) {
            return Err(Denied::Network);
        }
        if !client.scopes.contains(&self.scope) {
            return Err(Denied::Scope);
        }
        client.limiter.check().map_err(|_| Denied::Rate)
    }

    /// The head, if it is what the route takes.
    #[inline]
    fn head(&self, request: &Incoming) -> Option<Head> {
        let head = Head::read(&request.headers)?;
        let length: usize = std::str::from_utf8(head.length?).ok()?.parse().ok()?;
        let right = request.method == b"POST"
            && head.host? == self.host
            && !head.user_agent?.is_empty()
            && head.media_type?.eq_ignore_ascii_case(b"application/json")
            && length == request.body.len()
            && length <= self.max_body;
        right.then_some(head)
    }
}

/// User and passphrase of Basic credentials.
#[inline]
fn basic<'r>(value: Option<&[u8]>, room: &'r mut [u8; 256]) -> Option<(&'r [u8], &'r [u8])> {
    let (scheme, text) = value?.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"Basic ") || text.len() > 340 {
        return None;
    }
    let out = base64_simd::Out::from_slice(&mut room[..]);
    let decoded: &[u8] = base64_simd::STANDARD.decode(text, out).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some((&decoded[..colon], &decoded[colon + 1..]))
}
