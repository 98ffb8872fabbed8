//! Networks, and whether an address is in them.

use core::hint::select_unpredictable;
use core::net::IpAddr;

use alloc::format;
use alloc::string::String;

use super::boundary::{Bytes, Call, Handle, give};
use super::status::Status;
use crate::primitive::cidr::{Network, NetworkSet, networks_in_list};

/// Networks to look addresses up in. Const pointers to it may be used from any number of threads
/// at once.
#[derive(Debug)]
pub struct Networks {
    set: NetworkSet,
}

impl Handle for Networks {
    const MAGIC: u64 = 0x7c51_0e94_b3d8_26af;
}

/// The address of 4 or 16 octets in network byte order.
fn address(octets: &[u8]) -> Result<IpAddr, Status> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        Ok(IpAddr::from(octets))
    } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
        Ok(IpAddr::from(octets))
    } else {
        Err(Status::InvalidArgument)
    }
}

/// The networks of a comma-separated list, or what is wrong with it and where.
fn read(list: &[u8]) -> Result<NetworkSet, String> {
    let text = core::str::from_utf8(list)
        .map_err(|error| format!("byte {}: not UTF-8", error.valid_up_to()))?;
    let mut wrong = None;
    let read = |network: Result<Network, _>| network.map_err(|error| wrong = Some(error)).ok();
    let set = NetworkSet::new(networks_in_list(text).map_while(read));
    match wrong {
        Some((at, error)) => Err(format!("byte {at}: {error}")),
        None => Ok(set),
    }
}

// Functions of their own, which give the answer as a number: of what it sees through, the compiler
// makes a branch on the answer, which would go wrong for every other address.

#[inline(never)]
fn answer_v4(set: &NetworkSet, octets: [u8; 4]) -> Status {
    select_unpredictable(set.contains_v4(octets.into()), Status::Ok, Status::Mismatch)
}

#[inline(never)]
fn answer_v6(set: &NetworkSet, octets: [u8; 16]) -> Status {
    select_unpredictable(set.contains_v6(octets.into()), Status::Ok, Status::Mismatch)
}

/// Loads a comma-separated list of networks, such as "12.12.12.12,10.0.0.0/28,2001:db8::/32": no
/// spaces, no leading zeros, no bits set behind the prefix, no comma at the end. A whole family is
/// written "any-ipv4" or "any-ipv6", and both "any".
///
/// Any number of them may be loaded, in a time that grows little faster than their number. They
/// take at most 16 bytes of memory for each network of IPv4 and 40 for each of IPv6, and up to 80
/// and 180 more while they are loaded.
///
/// @param list      is read and not kept
/// @param networks  gets the handle, which the caller releases with tollgate_networks_free()
/// @param error     gets what is wrong with the list, as far as there is room for it, without a NUL
/// @param capacity  the room at `error` in bytes; with 0, `error` may be NULL
/// @param length    gets the length of the whole error text; 0 if nothing is wrong
/// @return TOLLGATE_STATUS_DECODE if something is wrong: `error` and `length` are then set, and
///         `networks` is as it was
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_networks_load(
    list: Bytes,
    networks: *mut *mut Networks,
    error: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let mut out = call.out(networks)?;
        let error = call.buffer(error, capacity, length)?;
        match read(call.bytes(list)?) {
            Ok(set) => {
                error.set_prefix("");
                out.set(give(Networks { set }));
                Ok(())
            }
            Err(text) => {
                error.set_prefix(&text);
                Err(Status::Decode)
            }
        }
    })
}

/// Decides whether an address is in one of the networks. An IPv4-mapped IPv6 address is the IPv4
/// address that it stands for. It costs two accesses to memory however many networks there are, and
/// a binary search where a list puts most of them close together and few far away.
///
/// @param networks  from tollgate_networks_load()
/// @param address   4 or 16 bytes in network byte order; it is read
/// @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not
///
/// May be called from any thread, by any number of them at once.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_networks_contain(
    networks: *const Networks,
    address: Bytes,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (set, octets) = (&call.handle(networks)?.set, call.bytes(address)?);
        let answer = if let Ok(octets) = <[u8; 4]>::try_from(octets) {
            answer_v4(set, octets)
        } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
            answer_v6(set, octets)
        } else {
            Status::InvalidArgument
        };
        if answer == Status::Ok { Ok(()) } else { Err(answer) }
    })
}

/// Decides for each of many addresses whether it is in one of the networks, as
/// tollgate_networks_contain() does for one: for the addresses of a log, of a list of forwarded
/// addresses or of a batch of requests. The answers overlap, so each takes a fraction of the time.
///
/// @param networks   from tollgate_networks_load()
/// @param addresses  one after the other in network byte order, without gaps: an array of
///                   `struct in_addr` or of `struct in6_addr`. It is read, and may be empty
/// @param width      the bytes of an address: 4 if all are of IPv4, or 16; among those of 16 an
///                   IPv4-mapped one is the IPv4 address that it stands for
/// @param inside     gets a byte for each address, in their order: 1 if it is in one of the
///                   networks, 0 if it is not; no part of it may lie in the addresses
/// @param capacity   the room at `inside` in bytes; with 0, `inside` may be NULL
/// @return TOLLGATE_STATUS_INVALID_ARGUMENT if `width` is another number, or the addresses are not
///         a multiple of it; TOLLGATE_STATUS_BUFFER_TOO_SMALL if there is room for fewer answers
///         than there are addresses. Nothing is written to `inside` then, nor behind the last
///         answer at any time
///
/// Nothing is allocated. May be called from any thread, by any number of them at once.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_networks_contain_many(
    networks: *const Networks,
    addresses: Bytes,
    width: usize,
    inside: *mut u8,
    capacity: usize,
) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let (set, octets) = (&call.handle(networks)?.set, call.bytes(addresses)?);
        let mut inside = call.out_array(inside, capacity)?;
        let inside = inside.apart_from(octets)?;
        let answered = match (width, octets.as_chunks(), octets.as_chunks()) {
            (4, (addresses, []), _) => set.contain_each_v4(addresses, inside),
            (16, _, (addresses, [])) => set.contain_each_v6(addresses, inside),
            _ => return Err(Status::InvalidArgument),
        };
        answered.map_err(|_| Status::BufferTooSmall)
    })
}

/// Releases networks.
///
/// @param networks  from tollgate_networks_load(), or NULL; not used afterwards, and by no other
///                  thread during the call
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tollgate_networks_free(networks: *mut Networks) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| call.free(networks))
}

/// Decides whether an address is in one network, without a handle.
///
/// @param network  such as "10.0.0.0/28"; it is read
/// @param address  4 or 16 bytes in network byte order; it is read
/// @return TOLLGATE_STATUS_OK if it is, TOLLGATE_STATUS_MISMATCH if it is not,
///         TOLLGATE_STATUS_DECODE if the network is not well formed
///
/// May be called from any thread.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn tollgate_network_contains(network: Bytes, address: Bytes) -> Status {
    // SAFETY: the caller promises what the documentation above says of each pointer.
    let call = unsafe { Call::from_c() };
    call.run(|| {
        let address = self::address(call.bytes(address)?)?;
        let text = core::str::from_utf8(call.bytes(network)?).map_err(|_| Status::Decode)?;
        let network = Network::parse(text).map_err(|_| Status::Decode)?;
        if network.contains(address) { Ok(()) } else { Err(Status::Mismatch) }
    })
}
