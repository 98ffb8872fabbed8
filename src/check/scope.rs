//! Has the credential the scope of the route?

use crate::decision::Reason;
use crate::policy::{Credential, Route};

pub(crate) fn scope(route: &Route, credential: &Credential) -> Result<(), Reason> {
    match &route.scope {
        Some(scope) if credential.scopes & scope.bit == 0 => Err(Reason::InsufficientScope),
        _ => Ok(()),
    }
}
