//! What only the host can give: the secrets that a policy document refers to, and randomness.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

#[cfg(feature = "std")]
pub use operating_system::HostSecrets;
#[cfg(feature = "std")]
pub(super) use operating_system::random_key;

/// The longest secret, in bytes.
pub const MAX_SECRET: usize = 64 << 10;

/// The bytes of a secret. They are wiped when they are dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

/// Resolves the references to secrets in a policy document while it is loaded.
///
/// An error is one line of text without the secret in it: what is wrong, a semicolon, what to do.
/// It is reported at the place of the reference. A secret is used to its last byte, so a source
/// that reads lines takes their ends away.
pub trait SecretSource {
    /// The value of the environment variable `name`.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn env(&self, name: &str) -> Result<SecretBytes, String>;

    /// The content of the file `path`.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    fn file(&self, path: &str) -> Result<SecretBytes, String>;
}

/// Refuses every reference: for hosts that put secrets into the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSecrets;

impl SecretSource for NoSecrets {
    fn env(&self, _: &str) -> Result<SecretBytes, String> {
        Err(String::from("this gateway reads no environment variables; write \"text\""))
    }

    fn file(&self, _: &str) -> Result<SecretBytes, String> {
        Err(String::from("this gateway reads no files; write \"text\""))
    }
}

#[cfg(feature = "std")]
mod operating_system {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::hash::BuildHasher;
    use std::env::var_os;
    use std::fs::File;
    use std::hash::RandomState;
    use std::io::{self, Read};
    use std::path::{Path, PathBuf};

    use zeroize::Zeroizing;

    use super::{MAX_SECRET, SecretBytes, SecretSource};

    /// Environment variables of the process, and files.
    ///
    /// One line end (LF or CRLF) at the end of a file does not belong to the secret; every other
    /// byte does, and every byte of a variable.
    #[derive(Clone, Debug)]
    pub struct HostSecrets {
        base: PathBuf,
    }

    impl HostSecrets {
        /// Relative file names are looked up in the folder `base`; an empty one is the working
        /// folder of the process.
        pub fn new(base: impl Into<PathBuf>) -> Self {
            Self { base: base.into() }
        }
    }

    impl SecretSource for HostSecrets {
        fn env(&self, name: &str) -> Result<SecretBytes, String> {
            let value = var_os(name).ok_or_else(|| {
                format!("the environment variable {name} is not set; set it for the gateway")
            })?;
            within_limit(Zeroizing::new(value.into_encoded_bytes()))
        }

        fn file(&self, path: &str) -> Result<SecretBytes, String> {
            let path = self.base.join(path);
            let content = File::open(&path).and_then(read);
            let mut content = content.map_err(|error| unreadable(&path, &error))?;
            let kept =
                content.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            let length = kept.map_or(content.len(), <[u8]>::len);
            content.truncate(length);
            within_limit(content)
        }
    }

    fn unreadable(path: &Path, error: &io::Error) -> String {
        let path = path.to_string_lossy();
        let path = path.escape_debug();
        format!("\"{path}\" cannot be read ({error}); write a file that the gateway may read")
    }

    /// One secret, its line end, and one byte that shows that there are more.
    const MOST_READ: usize = MAX_SECRET + 3;

    /// Reads into memory that never moves, so that no copy stays behind.
    fn read(file: File) -> io::Result<SecretBytes> {
        let mut content = Zeroizing::new(Vec::with_capacity(MOST_READ));
        file.take(MOST_READ as u64).read_to_end(&mut content)?;
        Ok(content)
    }

    fn within_limit(secret: SecretBytes) -> Result<SecretBytes, String> {
        if secret.len() > MAX_SECRET {
            return Err(format!(
                "the secret has more than {MAX_SECRET} bytes; write a shorter one"
            ));
        }
        Ok(secret)
    }

    /// 16 bytes that nobody outside of the process can guess.
    pub(in crate::policy) fn random_key() -> [u8; 16] {
        let mut key = [0; 16];
        for half in key.chunks_exact_mut(8) {
            half.copy_from_slice(&RandomState::new().hash_one(0_u64).to_le_bytes());
        }
        key
    }
}
