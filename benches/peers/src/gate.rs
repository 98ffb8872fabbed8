//! A gate of Tollgate, and requests as a host hands them in.

use std::ffi::c_void;
use std::net::IpAddr;
use std::ptr::null_mut;

use crate::peers::composition::Incoming;
use crate::tollgate::{
    bytes, tollgate_decision, tollgate_gate, tollgate_gate_attach_limits, tollgate_gate_new,
    tollgate_gate_verify, tollgate_header_line, tollgate_limits_init, tollgate_limits_size,
    tollgate_policy_free, tollgate_policy_load, tollgate_request,
};

/// A gate that lives until the program ends.
pub struct Gate(*mut tollgate_gate);

// SAFETY: any number of threads may use a gate; the header says so.
unsafe impl Send for Gate {}
// SAFETY: as above.
unsafe impl Sync for Gate {}

impl Gate {
    /// Loads a policy, makes a gate with it, and gives it memory for limits.
    pub fn load(document: &str, credentials: usize) -> Self {
        let (mut policy, mut gate, mut length) = (null_mut(), null_mut(), 0);
        let mut errors = [0_u8; 4096];
        let (text, name, base) = (bytes(document.as_bytes()), bytes(b"bench.json"), bytes(b""));
        let (room, capacity) = (errors.as_mut_ptr(), errors.len());
        // SAFETY: the document is read, and the others are variables of this function.
        let status = unsafe {
            tollgate_policy_load(text, name, 0, base, room, capacity, &mut length, &mut policy)
        };
        assert_eq!(status, 0, "{}", String::from_utf8_lossy(&errors[..length.min(4096)]));
        // SAFETY: the policy was loaded, and the gate holds on to it.
        unsafe {
            assert_eq!(tollgate_gate_new(policy, &mut gate), 0);
            tollgate_policy_free(policy);
        }
        attach_limits(gate, credentials);
        Self(gate)
    }

    /// Whether a request may pass.
    #[inline]
    pub fn verify(&self, request: &tollgate_request, decision: &mut tollgate_decision) -> bool {
        // SAFETY: what the request points to lives as long as the program.
        let status = unsafe { tollgate_gate_verify(self.0, request, decision) };
        status == 0 && decision.verdict == 1
    }
}

/// Gives a gate memory that lives until the program ends.
fn attach_limits(gate: *mut tollgate_gate, credentials: usize) {
    let (mut size, credentials) = (0, credentials.max(1024));
    // SAFETY: the memory is as large as the library wants it, aligned, and never freed.
    unsafe {
        assert_eq!(tollgate_limits_size(credentials, 1024, &mut size), 0);
        let memory: *mut c_void = leaked(size);
        assert_eq!(tollgate_limits_init(memory, size, credentials, 1024, bytes(&[7; 16])), 0);
        assert_eq!(tollgate_gate_attach_limits(gate, memory, size), 0);
    }
}

/// `size` bytes, aligned to 64, that live until the program ends.
fn leaked(size: usize) -> *mut c_void {
    let memory = vec![0_u8; size + 64].leak().as_mut_ptr();
    memory.wrapping_add(memory.align_offset(64)).cast()
}

/// `TOLLGATE_DECISION_INIT`.
pub fn decision() -> tollgate_decision {
    // SAFETY: of numbers and texts; zeros are what the initialiser has beside the size.
    let zeros: tollgate_decision = unsafe { std::mem::zeroed() };
    tollgate_decision { size: size_of::<tollgate_decision>(), ..zeros }
}

/// A request as it was sent. What it has lives until the program ends.
pub struct Sent {
    headers: &'static [(&'static [u8], &'static [u8])],
    lines: &'static [tollgate_header_line],
    body: &'static [u8],
    peer: IpAddr,
    address: &'static [u8],
    tls: bool,
    host: &'static str,
}

impl Sent {
    /// With these header lines.
    pub fn new(
        headers: Vec<(&'static str, &'static str)>,
        body: &'static [u8],
        peer: IpAddr,
        tls: bool,
        host: &'static str,
    ) -> Self {
        let pair =
            |(name, value): (&'static str, &'static str)| (name.as_bytes(), value.as_bytes());
        let headers: Vec<_> = headers.into_iter().map(pair).collect();
        let line = |(name, value): &(&[u8], &[u8])| tollgate_header_line {
            name: bytes(name),
            value: bytes(value),
        };
        let lines: Vec<_> = headers.iter().map(line).collect();
        let address = match peer {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        let (headers, lines, address) = (headers.leak(), lines.leak(), address.leak());
        Self { headers, lines, body, peer, address, tls, host }
    }

    /// Its body.
    pub fn body(&self) -> &'static [u8] {
        self.body
    }

    /// As Tollgate takes it.
    pub fn request(&self) -> tollgate_request {
        // SAFETY: of numbers and pointers; zeros are what the initialiser has beside the size.
        let zeros: tollgate_request = unsafe { std::mem::zeroed() };
        tollgate_request {
            size: size_of::<tollgate_request>(),
            route: bytes(b"cashout"),
            method: bytes(b"POST"),
            target: bytes(b"/v3/cashout"),
            host: bytes(self.host.as_bytes()),
            headers: self.lines.as_ptr(),
            header_count: self.lines.len(),
            body: bytes(self.body),
            peer: bytes(self.address),
            tls: u32::from(self.tls),
            unix_ms: 1_700_000_000_000,
            monotonic_ns: 1,
            ..zeros
        }
    }

    /// As the composition takes it.
    pub fn incoming(&self) -> Incoming {
        Incoming {
            method: b"POST",
            headers: self.headers.to_vec(),
            body: self.body,
            peer: self.peer,
            tls: self.tls,
        }
    }
}

// SAFETY: all that it points to is only read.
unsafe impl Sync for Sent {}
