//! Has the credential the scope of the route?

use crate::decision::Reason;
use crate::policy::{Credential, Route};

/// A token may be limited to some of the scopes of its credential, and has no others: `narrowed`
/// says that it leaves out the one of the route.
pub(crate) fn scope(route: &Route, credential: &Credential, narrowed: bool) -> Result<(), Reason> {
    match &route.scope {
        Some(scope) if narrowed || credential.scopes & scope.bit == 0 => {
            Err(Reason::InsufficientScope)
        }
        _ => Ok(()),
    }
}
