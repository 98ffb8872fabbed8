//! Routes.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use super::super::compiled::{Credential, MAX_SCHEMES, NetworkRule, Route};
use super::super::document::{Node, Value};
use super::super::fields::Fields;
use super::indexes::Indexes;
use super::names::{Names, unknown};
use super::{Work, endpoint, kinds, rate, replay};
use crate::credentials::Kind;
use crate::decision::{Check, Checks, Quirk};
use crate::scheme::Scheme;

/// The routes, in the order of the document.
pub(super) fn routes<'d>(
    root: &Fields<'d, '_>,
    names: &mut Names<'d>,
    work: &mut Work<'_>,
) -> Vec<Route> {
    let routes = root.entries("routes");
    let routes = routes.map(|(member, fields)| route(&member.name, &fields, names, work));
    let routes = routes.collect();
    if names.schemes.are_too_many() {
        let message = format!("the routes use more than {MAX_SCHEMES} schemes; write fewer");
        work.problems.add(root.at("routes"), message);
    }
    routes
}

fn route<'d>(
    name: &str,
    fields: &Fields<'d, '_>,
    names: &mut Names<'d>,
    work: &mut Work<'_>,
) -> Route {
    let place = signature(fields, names, work);
    let scheme = place.and_then(|place| names.schemes.used().get(place));
    let accepts = kinds::kinds(fields, scheme, names.tokens, work);
    let network = network(fields);
    let dry_run = dry_run(fields);
    check_empty_body(fields, scheme, &accepts, network, work);
    check_dry_run(fields, &accepts, work);
    endpoint::check(fields, &accepts, names.tokens, work);
    check_alone(fields, work);
    let token_endpoint = fields.flag("token_endpoint");
    Route {
        name: Box::from(name),
        token_endpoint,
        https: fields.flag("https"),
        methods: if token_endpoint {
            Some(Box::from([Box::from("POST")]))
        } else {
            fields.get("methods").map(|_| boxes(fields, "methods"))
        },
        required_headers: boxes(fields, "required_headers"),
        media_type: if token_endpoint {
            Some(Box::from(endpoint::FORM))
        } else {
            fields.optional_text("media_type").map(Box::from)
        },
        content_encodings: boxes(fields, "content_encodings"),
        max_body: fields.number("max_body"),
        utf8_body: fields.flag("utf8_body"),
        allow_empty_body: fields.flag("allow_empty_body"),
        challenges: kinds::challenges(&accepts, scheme.is_some_and(Scheme::proves_secret)),
        fixed: None,
        accepts,
        replay: replay::replay(fields, scheme, work),
        scheme: place,
        network,
        scope: fields
            .optional_text("scope")
            .map(|scope| names.need_scope(scope, fields.at("scope"), work)),
        rates: rate::route_rates(fields, names, work),
        dry_run,
        quirks: fields.texts("quirks").fold(0, |bits, word| bits | quirk(word) as u32),
    }
}

fn boxes(fields: &Fields<'_, '_>, name: &str) -> Box<[Box<str>]> {
    fields.texts(name).map(Box::from).collect()
}

/// The place of the scheme that the route names.
fn signature(fields: &Fields<'_, '_>, names: &mut Names<'_>, work: &mut Work<'_>) -> Option<usize> {
    let url = fields.optional_text("signed_url");
    let place = match fields.optional_text("signature") {
        Some(name) => names.schemes.take(name, url).or_else(|| {
            work.problems.add(fields.at("signature"), names.schemes.unknown(name));
            None
        }),
        None => None,
    };
    check_url(fields, names, work);
    place
}

/// The URL stands where the scheme covers one, and nowhere else.
fn check_url(fields: &Fields<'_, '_>, names: &Names<'_>, work: &mut Work<'_>) {
    let scheme = fields.optional_text("signature").map(|name| names.schemes.find(name));
    let unknown = matches!(scheme, Some(None));
    let lacks_url = scheme.flatten().is_some_and(Scheme::lacks_url);
    match fields.optional_text("signed_url") {
        None if lacks_url => work.problems.add(
            fields.at("signature"),
            "the signature covers the URL that the sender calls; write \"signed_url\" into the route",
        ),
        Some(_) if !lacks_url && !unknown => work.problems.add(
            fields.at("signed_url"),
            "no signature of this route covers a URL; remove it",
        ),
        _ => (),
    }
}

fn network(fields: &Fields<'_, '_>) -> NetworkRule {
    match fields.get("network").map(|node| &node.value) {
        Some(Value::Text(_)) => NetworkRule::Required,
        _ if fields.flag("network") => NetworkRule::Listed,
        _ => NetworkRule::Off,
    }
}

fn dry_run(fields: &Fields<'_, '_>) -> Checks {
    let check = |word: &str| Check::ALL.iter().find(|(_, known)| *known == word);
    let checks = fields.texts("dry_run").filter_map(check);
    checks.fold(Checks::NONE, |checks, (check, _)| checks.with(*check))
}

fn quirk(word: &str) -> Quirk {
    match word {
        "basic_unpadded" => Quirk::BasicUnpadded,
        "basic_raw" => Quirk::BasicRaw,
        _ => Quirk::BasicTrailingNewline,
    }
}

/// The item that names the one credential of the route.
fn fixed_item<'d, 't>(route: &Fields<'d, 't>) -> Option<(&'d Node<'t>, &'d str)> {
    let items = route.items("credentials").iter().zip(route.objects("credentials"));
    let mut fixed = items.filter(|(_, fields)| fields.key() == "fixed");
    fixed.next().map(|(node, fields)| (node, fields.text("fixed")))
}

/// The one credential of the route stands alone. Its signature alone proves whose a request is.
fn check_alone(route: &Fields<'_, '_>, work: &mut Work<'_>) {
    let Some((node, _)) = fixed_item(route) else { return };
    if route.items("credentials").len() > 1 {
        let message = "\"fixed\" stands alone; remove the other kinds";
        work.problems.add(node.start, message);
    }
    if route.get("signature").is_none() {
        let message =
            "nothing would prove whose the request is; write \"signature\" into the route";
        work.problems.add(node.start, message);
    }
}

/// Gives the routes of one credential the place of it.
pub(super) fn resolve_fixed(
    root: &Fields<'_, '_>,
    routes: &mut [Route],
    credentials: &[Credential],
    indexes: &Indexes,
    work: &mut Work<'_>,
) {
    for ((_, fields), route) in root.entries("routes").zip(routes) {
        let Some((node, id)) = fixed_item(&fields) else { continue };
        route.fixed = indexes.by_id(credentials, id);
        if route.fixed.is_none() {
            let ids = credentials.iter().map(|credential| credential.id.as_str());
            let mut known: Vec<_> = ids.collect();
            known.sort_unstable();
            work.problems.add(node.start, unknown("there is no credential", id, &known));
        }
    }
}

/// The one credential of a route needs a secret for the scheme of the route.
pub(super) fn check_fixed(
    root: &Fields<'_, '_>,
    routes: &[Route],
    schemes: &[Scheme],
    credentials: &[Credential],
    work: &mut Work<'_>,
) {
    for ((_, fields), route) in root.entries("routes").zip(routes) {
        let (Some((node, _)), Some(scheme)) = (fixed_item(&fields), route.scheme) else { continue };
        if schemes.get(scheme).is_none_or(|scheme| !scheme.proves_secret()) {
            continue;
        }
        let Some(credential) = route.fixed.and_then(|place| credentials.get(place)) else {
            continue;
        };
        let covers = |mask: u64| (mask >> scheme) & 1 == 1;
        if !credential.secrets.iter().any(|secret| covers(secret.schemes)) {
            let message = "the credential has no secret for the scheme of the route; write one \
                           into its \"secrets\"";
            work.problems.add(node.start, message);
        }
    }
}

/// The signature of an empty body is a constant where it covers nothing else. It may only pass
/// where something else tells that the client is who it says.
fn check_empty_body(
    fields: &Fields<'_, '_>,
    scheme: Option<&Scheme>,
    accepts: &[Kind],
    network: NetworkRule,
    work: &mut Work<'_>,
) {
    let constant = scheme.is_some_and(Scheme::covers_only_body);
    let by_passphrase = accepts.iter().all(|kind| matches!(kind, Kind::Basic));
    let safe = by_passphrase
        && network == NetworkRule::Required
        && !fields.texts("dry_run").any(|word| word == "network");
    if fields.flag("allow_empty_body") && constant && !safe {
        let message = "the signature of an empty body is the same every time; write \
                       \"credentials\": [\"basic\"] and \"network\": \"required\" \
                       without dry run, or false";
        work.problems.add(fields.at("allow_empty_body"), message);
    }
}

/// A check in dry run denies nothing, so it cannot be the one that proves who the client is.
fn check_dry_run(fields: &Fields<'_, '_>, accepts: &[Kind], work: &mut Work<'_>) {
    let signature = fields.items("dry_run").iter().find(|item| item.text() == Some("signature"));
    if let Some(item) = signature
        && accepts.iter().any(|kind| matches!(kind, Kind::Fixed | Kind::SignatureKey))
    {
        let message = "the signature is all that proves whose the request is; remove it from here";
        work.problems.add(item.start, message);
    }
}
