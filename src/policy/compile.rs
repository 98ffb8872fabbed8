//! From a document of the right form to a policy: names are resolved, secrets read, and whatever
//! could not work is refused.

mod basic;
mod credential;
mod endpoint;
mod generation;
mod indexes;
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

use super::compiled::Policy;
use super::document::Document;
use super::error::PolicyErrors;
use super::fields::Fields;
use super::index::{Index, name_hash};
use super::problems::Problems;
use super::secrets::SecretSource;
use super::{check_form, read, shapes};
use crate::primitive::cidr::NetworkSet;
use crate::request::RequestLimits;
use credential::Compiled;
use indexes::Indexes;
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
    let mut form = Problems::default();
    let document = Document::parse_policy(source.document, &mut form)?;
    read::check(&document.root, &shapes::POLICY, &mut form);
    if form.count() > 0 {
        check_form(source.document)?;
    }
    let mut work = Work { secrets: source.secrets, problems: Problems::default() };
    let policy = assemble(&document, source.index_key, &mut form, &mut work)?;
    if form.count() > 0 {
        check_form(source.document)?;
    }
    // Should the two ever disagree, nothing is loaded.
    form.report(&document)?;
    work.problems.report(&document)?;
    Ok(policy)
}

/// The policy; it is of use only if there was no problem. The credentials, one after the other, are
/// checked for their `form`, up to the first that is wrong.
fn assemble(
    document: &Document<'_>,
    index_key: [u8; 16],
    form: &mut Problems,
    work: &mut Work<'_>,
) -> Result<Policy, PolicyErrors> {
    let fields = Fields::of(&document.root, &shapes::POLICY);
    let environment = fields.text("environment");
    let mut names = Names::read(&fields, work);
    let mut routes = route::routes(&fields, &mut names, work);
    let before = work.problems.count();
    let compiled = Compiled::read(document, environment, &names, form, work)?;
    let indexes = Indexes::build(&compiled, index_key, work);
    route::resolve_fixed(&fields, &mut routes, &compiled.credentials, &indexes, work);
    if work.problems.count() == before {
        route::check_fixed(&fields, &routes, names.schemes.used(), &compiled.credentials, work);
        endpoint::check_users(&routes, &compiled, &indexes, work);
    }
    let scopes = names.scopes.iter().map(|name| Box::from(*name)).collect();
    let passwords = password::verifier(&fields, &compiled.costs, work);
    let schemes = names.schemes.into_used();
    Ok(Policy {
        environment: Box::from(environment),
        realm: Box::from(fields.optional_text("realm").unwrap_or(environment)),
        hosts: fields.get("hosts").map(|_| {
            fields.texts("hosts").map(|host| host.to_ascii_lowercase().into_boxed_str()).collect()
        }),
        trusted_hops: networks::networks(&fields, "trusted_hops", work)
            .unwrap_or(NetworkSet::EMPTY),
        limits: limits(&fields.object("limits")),
        failures: fields.get("failures").and_then(|_| rate::rate(&fields.object("failures"), work)),
        route_index: Index::build(routes.iter().map(|route| name_hash(route.name.as_bytes()))),
        tokens: tokens::tokens(&fields, work),
        id_index: indexes.ids,
        key_index: indexes.keys,
        user_index: indexes.users,
        key_peppers: compiled.peppers.prepare(),
        stand_in: stand_in::stand_in(&schemes, &index_key),
        passphrase_kinds: stand_in::passphrase_kinds(&compiled.credentials),
        scopes,
        passwords,
        schemes,
        routes: routes.into_boxed_slice(),
        credentials: compiled.credentials.into_boxed_slice(),
        index_key,
    })
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
