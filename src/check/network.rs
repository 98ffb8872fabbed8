//! Does the request come from where the credential may be used?

use crate::decision::Reason;
use crate::policy::{Credential, NetworkRule, Route};
use crate::request::Client;

/// A client without an address is in no network.
pub(crate) fn network(
    route: &Route,
    credential: &Credential,
    client: &Client,
) -> Result<(), Reason> {
    let inside = match (route.network, &credential.networks) {
        (NetworkRule::Off, _) | (NetworkRule::Listed, None) => true,
        (NetworkRule::Required, None) => false,
        (_, Some(networks)) => client.address.is_some_and(|address| networks.contains(address)),
    };
    if inside { Ok(()) } else { Err(Reason::IpNotAllowed) }
}
