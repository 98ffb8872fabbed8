//! Tollgate as a C program sees it: the structs and functions of `include/tollgate.h` that the
//! benchmarks use, written out by hand. The sizes are checked against the library at run time,
//! which refuses a struct of a size that it does not know.

use std::ffi::{c_char, c_void};
use std::ptr::null;

/// `tollgate_bytes`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Bytes {
    /// The first byte.
    pub data: *const u8,
    /// How many there are.
    pub len: usize,
}

impl Bytes {
    /// Lends `bytes`.
    pub const fn of(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), len: bytes.len() }
    }
}

/// `tollgate_header_line`.
#[repr(C)]
pub struct HeaderLine {
    /// The field name.
    pub name: Bytes,
    /// The field value.
    pub value: Bytes,
}

/// `tollgate_request`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Request {
    /// `sizeof`.
    pub size: usize,
    /// The route.
    pub route: Bytes,
    /// The method.
    pub method: Bytes,
    /// The target.
    pub target: Bytes,
    /// The host.
    pub host: Bytes,
    /// The header lines.
    pub headers: *const HeaderLine,
    /// How many there are.
    pub header_count: usize,
    /// The body.
    pub body: Bytes,
    /// The address of the peer.
    pub peer: Bytes,
    /// Whether the connection is TLS.
    pub tls: u32,
    /// 0.
    pub reserved: u32,
    /// Wall-clock time.
    pub unix_ms: u64,
    /// Monotonic time.
    pub monotonic_ns: u64,
}

/// `tollgate_hmac_sha256_key`.
#[repr(C)]
pub struct HmacKey {
    opaque: [u64; 8],
}

impl HmacKey {
    /// The key of these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        // The library is linked through its Rust crate, which would else be left out.
        assert_eq!(tollgate::ffi::version::tollgate_abi(), 1);
        let mut key = Self { opaque: [0; 8] };
        // SAFETY: `key` is a variable, and `bytes` are read.
        assert_eq!(unsafe { tollgate_hmac_sha256_key_init(&mut key, Bytes::of(bytes)) }, 0);
        key
    }

    /// Whether `tag` is that of `message`.
    pub fn verifies(&self, message: &[u8], tag: &[u8]) -> bool {
        // SAFETY: everything is read.
        unsafe { tollgate_hmac_sha256_verify(self, Bytes::of(message), Bytes::of(tag)) == 0 }
    }
}

/// `tollgate_decision`.
#[repr(C)]
pub struct Decision {
    /// `sizeof`.
    pub size: usize,
    /// 1 allows.
    pub verdict: u32,
    /// The reason.
    pub reason: u32,
    rest: [u32; 8],
    times: [u64; 5],
    texts: [c_char; 5 * 65 + 35],
    claim: [u64; 8],
    replay: [u32; 2],
}

impl Decision {
    /// `TOLLGATE_DECISION_INIT`.
    pub const fn new() -> Self {
        Self {
            size: size_of::<Self>(),
            verdict: 0,
            reason: 0,
            rest: [0; 8],
            times: [0; 5],
            texts: [0; 5 * 65 + 35],
            claim: [0; 8],
            replay: [0; 2],
        }
    }
}

impl Default for Decision {
    fn default() -> Self {
        Self::new()
    }
}

unsafe extern "C" {
    fn tollgate_policy_load(
        document: Bytes,
        name: Bytes,
        secrets: u32,
        base: Bytes,
        errors: *mut u8,
        capacity: usize,
        length: *mut usize,
        policy: *mut *mut c_void,
    ) -> u32;
    fn tollgate_gate_new(policy: *const c_void, gate: *mut *mut c_void) -> u32;
    fn tollgate_limits_size(credentials: usize, addresses: usize, size: *mut usize) -> u32;
    fn tollgate_limits_init(
        memory: *mut c_void,
        size: usize,
        credentials: usize,
        addresses: usize,
        seed: Bytes,
    ) -> u32;
    fn tollgate_gate_attach_limits(gate: *const c_void, memory: *mut c_void, size: usize) -> u32;
    fn tollgate_replay_size(messages: usize, size: *mut usize) -> u32;
    fn tollgate_replay_init(
        memory: *mut c_void,
        size: usize,
        messages: usize,
        window_ms: u64,
        seed: Bytes,
    ) -> u32;
    fn tollgate_gate_attach_replay(gate: *const c_void, memory: *mut c_void, size: usize) -> u32;
    /// See `include/tollgate.h`.
    pub fn tollgate_gate_verify_batch(
        gate: *const c_void,
        requests: *const Request,
        count: usize,
        decisions: *mut Decision,
    ) -> u32;
    /// See `include/tollgate.h`.
    pub fn tollgate_hmac_sha256_key_init(key: *mut HmacKey, bytes: Bytes) -> u32;
    /// See `include/tollgate.h`.
    pub fn tollgate_hmac_sha256_verify(key: *const HmacKey, message: Bytes, tag: Bytes) -> u32;
    /// See `include/tollgate.h`.
    pub fn tollgate_gate_verify(
        gate: *const c_void,
        request: *const Request,
        decision: *mut Decision,
    ) -> u32;
}

/// How long the replay memory of the benchmarks remembers, in milliseconds.
pub const WINDOW_MS: u64 = 600_000;

/// `size` bytes, aligned as the library wants them, that live until the program ends.
fn leaked(size: usize) -> *mut c_void {
    let lines: Vec<[u64; 8]> = vec![[0; 8]; size.div_ceil(64) + 1];
    let memory = lines.leak().as_mut_ptr().cast::<u8>();
    memory.wrapping_add(memory.align_offset(64)).cast()
}

/// A gate that lives until the program ends.
pub struct Gate(pub *const c_void);

impl Gate {
    /// Loads `document`, makes a gate with it and gives it memory.
    pub fn load(document: &str) -> Self {
        let (mut policy, mut gate) = (null::<c_void>().cast_mut(), null::<c_void>().cast_mut());
        let (mut errors, mut length, mut size) = ([0_u8; 4096], 0, 0);
        let empty = Bytes::of(b"");
        // SAFETY: every pointer is to a variable of this function or to memory that is leaked.
        unsafe {
            let document = Bytes::of(document.as_bytes());
            let name = Bytes::of(b"bench.json");
            let (room, capacity) = (errors.as_mut_ptr(), errors.len());
            let status = tollgate_policy_load(
                document,
                name,
                0,
                empty,
                room,
                capacity,
                &mut length,
                &mut policy,
            );
            assert_eq!(status, 0, "{}", String::from_utf8_lossy(&errors[..length.min(4096)]));
            assert_eq!(tollgate_gate_new(policy, &mut gate), 0);
            assert_eq!(tollgate_limits_size(1024, 1024, &mut size), 0);
            let memory = leaked(size);
            assert_eq!(tollgate_limits_init(memory, size, 1024, 1024, Bytes::of(&[7; 16])), 0);
            assert_eq!(tollgate_gate_attach_limits(gate, memory, size), 0);
            assert_eq!(tollgate_replay_size(10_000, &mut size), 0);
            let (memory, seed) = (leaked(size), Bytes::of(&[7; 16]));
            assert_eq!(tollgate_replay_init(memory, size, 10_000, WINDOW_MS, seed), 0);
            assert_eq!(tollgate_gate_attach_replay(gate, memory, size), 0);
        }
        // The library is linked through its Rust crate, which would else be left out.
        assert_eq!(tollgate::ffi::version::tollgate_abi(), 1);
        Self(gate)
    }
}

/// The signing secret of the merchant in [`POLICY`].
pub const SECRET: &[u8] = b"cashout API signature of a merchant";

/// A policy with the route `cashout`, as a Directa24 merchant uses it, and the same once more as
/// `once`, on which each message passes only once.
pub const POLICY: &str = r#"{
  "tollgate": 1,
  "environment": "production",
  "hosts": ["api.example.com"],
  "failures": { "limit": 10, "period_s": 60 },
  "routes": {
    "cashout": {
      "methods": ["POST"],
      "required_headers": ["User-Agent"],
      "media_type": "application/json",
      "max_body": 65536,
      "credentials": ["basic"],
      "signature": "directa24-cashout",
      "scope": "cashout:write",
      "rates": [{ "name": "merchant", "per": "credential", "limit": 1000000, "period_s": 1 }]
    },
    "once": {
      "methods": ["POST"],
      "required_headers": ["User-Agent"],
      "media_type": "application/json",
      "max_body": 65536,
      "credentials": ["basic"],
      "signature": "directa24-cashout",
      "replay": { "window_s": 600 },
      "scope": "cashout:write",
      "rates": [{ "name": "merchant", "per": "credential", "limit": 1000000, "period_s": 1 }]
    }
  },
  "credentials": [{
    "id": "merchant-1",
    "basic": { "user": "cashout_API_Key", "passphrase": { "text": "cashout_API_Passphrase" } },
    "secrets": [{ "generation": 1, "key": { "text": "cashout API signature of a merchant" } }],
    "networks": "203.0.113.7,198.51.100.0/24,192.0.2.0/28,2001:db8::/32",
    "scopes": ["cashout:write"]
  }]
}"#;

/// The bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The API key of a credential in a policy with many.
pub fn api_key(number: usize) -> String {
    format!("API key of {number:08}")
}

/// A header line.
pub const fn line(name: &'static str, value: &str) -> HeaderLine {
    HeaderLine { name: Bytes::of(name.as_bytes()), value: Bytes::of(value.as_bytes()) }
}

/// A request on `route` with these lines and this body, from a network of the credentials of all
/// benchmarks.
pub const fn request(route: &'static str, lines: &[HeaderLine], body: &[u8]) -> Request {
    Request {
        size: size_of::<Request>(),
        route: Bytes::of(route.as_bytes()),
        method: Bytes::of(b"POST"),
        target: Bytes::of(b"/v3/cashout"),
        host: Bytes::of(b"api.example.com"),
        headers: lines.as_ptr(),
        header_count: lines.len(),
        body: Bytes::of(body),
        peer: Bytes::of(&[203, 0, 113, 7]),
        tls: 1,
        reserved: 0,
        unix_ms: 1_700_000_000_000,
        monotonic_ns: 1,
    }
}

/// A cashout of the merchant in [`POLICY`].
pub struct Cashout {
    /// The body.
    pub body: Vec<u8>,
    length: String,
    signature: String,
}

impl Cashout {
    /// The one of this number, with a body of `length` bytes, or as few as it takes. `sign` makes
    /// the HMAC-SHA256 of the body under [`SECRET`].
    pub fn new(number: usize, length: usize, sign: impl Fn(&[u8]) -> [u8; 32]) -> Self {
        let mut body =
            format!(r#"{{"external_id":"{number}","country":"MX","amount":2000,"note":""#)
                .into_bytes();
        body.resize(length.max(body.len() + 2) - 2, b'x');
        body.extend(b"\"}");
        Self { length: body.len().to_string(), signature: hex(&sign(&body)), body }
    }

    /// Its header lines.
    pub fn lines(&self) -> [HeaderLine; 7] {
        [
            line("Host", "api.example.com"),
            line("User-Agent", "merchant/1.0"),
            line("Accept", "application/json"),
            line("Content-Type", "application/json"),
            line("Content-Length", &self.length),
            line("Authorization", "Basic Y2FzaG91dF9BUElfS2V5OmNhc2hvdXRfQVBJX1Bhc3NwaHJhc2U="),
            line("Payload-Signature", &self.signature),
        ]
    }
}

impl Gate {
    /// Decides on a request, which has to pass.
    pub fn allow(&self, request: &Request, decision: &mut Decision) {
        // SAFETY: whoever made the request lends what it points to, and the gate is never freed.
        let status = unsafe { tollgate_gate_verify(self.0, request, decision) };
        assert_eq!((status, decision.verdict), (0, 1), "reason {}", decision.reason);
    }
}
