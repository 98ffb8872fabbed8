//! Credentials.

use alloc::vec::Vec;

use super::super::compiled::{ApiKey, Credential, State};
use super::super::document::Document;
use super::super::error::PolicyErrors;
use super::super::fields::Fields;
use super::super::problems::Problems;
use super::super::read::check;
use super::super::shapes::CREDENTIAL;
use super::super::values::Values;
use super::basic::Peppers;
use super::names::Names;
use super::password::Costs;
use super::{Work, basic, generation, networks, rate};
use crate::primitive::text::Text;

/// The credentials, and what is gathered while they are read.
#[derive(Default)]
pub(super) struct Compiled {
    pub(super) credentials: Vec<Credential>,
    /// The peppers of the API keys.
    pub(super) peppers: Peppers,
    /// The costs of the slow hashes.
    pub(super) costs: Costs,
    pub(super) places: Places,
}

/// Where the identifiers stand in the document, in the order of the credentials.
#[derive(Default)]
pub(super) struct Places {
    pub(super) ids: Vec<usize>,
    /// One for each value of an API key.
    pub(super) keys: Vec<usize>,
    /// One for each user.
    pub(super) users: Vec<usize>,
}

impl Compiled {
    /// Reads the credentials one after the other, up to the first whose form is wrong.
    pub(super) fn read(
        document: &Document<'_>,
        environment: &str,
        names: &Names<'_>,
        form: &mut Problems,
        work: &mut Work<'_>,
    ) -> Result<Self, PolicyErrors> {
        let mut all = Self::default();
        let raw = document.credentials();
        all.credentials.reserve_exact(raw.len());
        all.places.ids.reserve_exact(raw.len());
        for raw in raw {
            let node = document.read(raw, form)?;
            check(&node, &CREDENTIAL, form);
            if form.count() > 0 {
                break;
            }
            all.add(&Fields::of(&node, &CREDENTIAL), environment, names, work);
        }
        Ok(all)
    }

    fn add(
        &mut self,
        fields: &Fields<'_, '_>,
        environment: &str,
        names: &Names<'_>,
        work: &mut Work<'_>,
    ) {
        let keys = basic::api_keys(fields, &mut self.peppers, work);
        self.places.keys.extend(keys.iter().map(|(place, _)| *place));
        self.places.ids.push(fields.at("id"));
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        let credential = credential(fields, keys, environment, names, work);
        if credential.basic.is_some() {
            self.places.users.push(fields.object("basic").at("user"));
        }
        self.costs.add(fields, &credential, work);
        self.credentials.push(credential);
    }
}

fn credential(
    fields: &Fields<'_, '_>,
    api_keys: Values<ApiKey>,
    environment: &str,
    names: &Names<'_>,
    work: &mut Work<'_>,
) -> Credential {
    let basic = fields.get("basic").map(|_| fields.object("basic"));
    Credential {
        id: Text::truncated(fields.text("id")),
        generation: fields.number("generation"),
        foreign: fields.optional_text("environment").is_some_and(|own| own != environment),
        state: match fields.text("state") {
            "active" => State::Active,
            "suspended" => State::Suspended,
            _ => State::Revoked,
        },
        api_keys,
        key_is_public: fields.flag("key_is_public"),
        basic: basic.map(|fields| basic::basic(&fields, work)),
        secrets: generation::generations(fields, names, work),
        networks: networks::networks(fields, "networks", work),
        scopes: scopes(fields, names, work),
        rates: rate::own_rates(fields, names, work),
    }
}

fn scopes(fields: &Fields<'_, '_>, names: &Names<'_>, work: &mut Work<'_>) -> u128 {
    let scopes = fields.items("scopes").iter();
    let bits = scopes.map(|item| names.scope(item.text().unwrap_or(""), item.start, work));
    bits.fold(0, |set, bit| set | bit)
}
