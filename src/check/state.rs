//! May the credential be used, and here?

use crate::decision::Reason;
use crate::policy::{Credential, State};

pub(crate) fn state(credential: &Credential) -> Result<(), Reason> {
    match credential.state {
        State::Active => Ok(()),
        State::Suspended => Err(Reason::Suspended),
        State::Revoked => Err(Reason::Revoked),
    }
}

pub(crate) fn environment(credential: &Credential) -> Result<(), Reason> {
    if credential.foreign { Err(Reason::WrongEnvironment) } else { Ok(()) }
}
