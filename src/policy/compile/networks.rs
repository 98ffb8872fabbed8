//! Lists of networks, as one text or as an array.

use super::super::document::{Node, Value};
use super::super::fields::Fields;
use super::Work;
use crate::primitive::cidr::{Network, NetworkError, NetworkSet, networks_in_list};

use alloc::string::ToString;

/// The networks in the member `name`; `None` if it is absent.
pub(super) fn networks(
    fields: &Fields<'_, '_>,
    name: &str,
    work: &mut Work<'_>,
) -> Option<NetworkSet> {
    let node = fields.get(name)?;
    Some(match &node.value {
        Value::Array(items) => {
            let parsed = items.iter().map(|item| (item, Network::parse(item.text().unwrap_or(""))));
            NetworkSet::new(parsed.filter_map(|(item, result)| keep(item, 0, result, work)))
        }
        _ => {
            let results = networks_in_list(node.text().unwrap_or(""));
            NetworkSet::new(results.filter_map(|result| match result {
                Ok(network) => Some(network),
                Err((at, error)) => keep(node, at, Err(error), work),
            }))
        }
    })
}

/// The network, or else its error, `at` bytes into the text of `node`.
fn keep(
    node: &Node<'_>,
    at: usize,
    result: Result<Network, NetworkError>,
    work: &mut Work<'_>,
) -> Option<Network> {
    let report = |error: NetworkError| work.problems.add(node.inside(at), error.to_string());
    result.map_err(report).ok()
}
