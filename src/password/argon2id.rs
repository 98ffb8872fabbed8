//! argon2id (RFC 9106), and the memory that it works in.

use alloc::boxed::Box;
use alloc::vec::Vec;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroize;

use super::HashError;

/// Memory for one computation at a time. It is wiped after each: what lies there would make
/// guessing the password cheap.
pub(super) struct Memory(Box<[Block]>);

impl Memory {
    /// `kib` KiB.
    ///
    /// # Errors
    ///
    /// [`HashError::NoMemory`].
    pub(super) fn new(kib: u32) -> Result<Self, HashError> {
        let blocks = usize::try_from(kib).map_err(|_| HashError::NoMemory)?;
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).map_err(|_| HashError::NoMemory)?;
        memory.resize(blocks, Block::new());
        Ok(Self(memory.into_boxed_slice()))
    }
}

/// Computes the hash of `password` with m, t and p into `out`. `None` if the parameters are none,
/// or if there is too little memory.
pub(super) fn compute(
    [m, t, p]: [u32; 3],
    password: &[u8],
    salt: &[u8],
    memory: &mut Memory,
    out: &mut [u8],
) -> Option<()> {
    let used = memory.0.get_mut(..usize::try_from(m).ok()?)?;
    let params = Params::new(m, t, p, Some(out.len())).ok()?;
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let computed = argon2id.hash_password_into_with_memory(password, salt, out, &mut *used);
    used.iter_mut().for_each(Zeroize::zeroize);
    computed.ok()
}
