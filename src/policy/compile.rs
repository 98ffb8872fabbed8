//! From a document of the right form to a policy: names are resolved, secrets read, and whatever
//! could not work is refused.

mod basic;
mod credential;
mod endpoint;
mod generation;
mod key;
mod kinds;
mod names;
mod networks;
mod password;
mod rate;
mod replay;
mod route;
mod scheme;
mod secret;
mod stand_in;
mod tokens;

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::compiled::{Credential, Policy, Route};
use super::document::{Document, Node};
use super::error::PolicyErrors;
use super::fields::Fields;
use super::index::Index;
use super::problems::Problems;
use super::secrets::SecretSource;
use super::{read, shapes};
use crate::primitive::cidr::NetworkSet;
use crate::primitive::siphash::siphash24;
use crate::request::RequestLimits;
use names::Names;

/// A policy document and what is needed to load it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    document: &'a [u8],
    name: &'a str,
    secrets: &'a dyn SecretSource,
    index_key: [u8; 16],
}

impl<'a> Source<'a> {
    /// The text of the document, what errors call it, and where its secrets come from.
    #[cfg(feature = "std")]
    pub fn new(document: &'a [u8], name: &'a str, secrets: &'a dyn SecretSource) -> Self {
        Self::with_index_key(document, name, secrets, super::secrets::random_key())
    }

    /// The same for a host without an operating system. `index_key` must be random: callers who
    /// know it could choose names that make lookups slow.
    pub fn with_index_key(
        document: &'a [u8],
        name: &'a str,
        secrets: &'a dyn SecretSource,
        index_key: [u8; 16],
    ) -> Self {
        Self { document, name, secrets, index_key }
    }
}

/// What every step of the compilation needs.
struct Work<'a> {
    secrets: &'a dyn SecretSource,
    problems: Problems,
}

impl Policy {
    /// Loads a policy: all of it or nothing.
    ///
    /// # Errors
    ///
    /// All errors of the form of the document; if it has none, all others: names that nothing
    /// has, identifiers that two credentials share, secrets that cannot be read or used, and
    /// whatever else could not work.
    pub fn load(source: &Source<'_>) -> Result<Self, PolicyErrors> {
        compile(source).map_err(|errors| errors.in_file(source.name))
    }
}

fn compile(source: &Source<'_>) -> Result<Policy, PolicyErrors> {
    let mut problems = Problems::default();
    let document = Document::parse(source.document, &mut problems)?;
    read::check(&document.root, &shapes::POLICY, &mut problems);
    problems.report(&document)?;

    let mut work = Work { secrets: source.secrets, problems: Problems::default() };
    let policy = assemble(&document.root, source.index_key, &mut work);
    work.problems.report(&document)?;
    Ok(policy)
}

/// The policy; it is of use only if there was no problem.
fn assemble(root: &Node<'_>, index_key: [u8; 16], work: &mut Work<'_>) -> Policy {
    let fields = Fields::of(root, &shapes::POLICY);
    let environment = fields.text("environment");
    let mut names = Names::read(&fields, work);
    let routes = route::routes(&fields, &mut names, work);
    let before = work.problems.count();
    let (credentials, key_peppers) = credential::credentials(&fields, &names, work);
    if work.problems.count() == before {
        route::check_fixed(&fields, &routes, names.schemes.used(), &credentials, work);
        endpoint::check_users(&fields, &routes, &credentials, work);
    }
    let scopes = names.scopes.iter().map(|name| Box::from(*name)).collect();
    let passwords = password::verifier(&fields, &credentials, work);
    let schemes = names.schemes.into_used();
    let hash = |name: &[u8]| siphash24(&index_key, name);
    Policy {
        environment: Box::from(environment),
        realm: Box::from(fields.optional_text("realm").unwrap_or(environment)),
        hosts: fields.get("hosts").map(|_| {
            fields.texts("hosts").map(|host| host.to_ascii_lowercase().into_boxed_str()).collect()
        }),
        trusted_hops: networks::networks(&fields, "trusted_hops", work)
            .unwrap_or_else(|| NetworkSet::new([])),
        limits: limits(&fields.object("limits")),
        failures: fields.get("failures").and_then(|_| rate::rate(&fields.object("failures"), work)),
        route_index: index(&routes, |route: &Route| Vec::from([hash(route.name.as_bytes())])),
        tokens: tokens::tokens(&fields, work),
        id_index: index(&credentials, |it: &Credential| Vec::from([hash(it.id.as_bytes())])),
        key_index: index(&credentials, |it: &Credential| {
            it.api_keys.iter().map(|key| hash(&key.digest)).collect()
        }),
        user_index: index(&credentials, |it: &Credential| {
            it.basic.iter().map(|it| hash(&it.user)).collect()
        }),
        key_peppers,
        stand_in: stand_in::stand_in(&schemes, &index_key),
        passphrase_kinds: stand_in::passphrase_kinds(&credentials),
        scopes,
        passwords,
        schemes,
        routes: routes.into_boxed_slice(),
        credentials: credentials.into_boxed_slice(),
        index_key,
    }
}

/// The records by each of their hashes.
fn index<T>(records: &[T], hashes: impl Fn(&T) -> Vec<u64>) -> Index {
    let of_record = |(at, record)| hashes(record).into_iter().map(move |hash| (hash, at));
    let entries = (0_u32..).zip(records).flat_map(of_record);
    Index::build(&entries.collect::<Vec<_>>())
}

fn limits(fields: &Fields<'_, '_>) -> RequestLimits {
    let limit = |name| usize::try_from(fields.number(name)).unwrap_or(usize::MAX);
    RequestLimits {
        headers: limit("headers"),
        header_name: limit("header_name"),
        header_value: limit("header_value"),
        header_total: limit("header_total"),
        target: limit("target"),
        hops: limit("hops"),
    }
}
