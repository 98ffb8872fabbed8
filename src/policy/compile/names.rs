//! The names that a document defines and those that refer to them.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::compiled::{MAX_SCHEMES, MAX_SCOPES, Per, Scope};
use super::super::fields::Fields;
use super::super::nearest::nearest;
use super::super::wants::{one_of, quoted};
use super::{Work, scheme};
use crate::limit::Rate;
use crate::scheme::{Scheme, builtin};

/// What is defined so far.
pub(super) struct Names<'d> {
    /// The schemes.
    pub(super) schemes: Schemes,
    /// Whether the policy has keys for tokens.
    pub(super) tokens: bool,
    /// The scopes that routes need, each at the place of its bit.
    pub(super) scopes: Vec<&'d str>,
    /// The rates of the routes.
    pub(super) rates: Vec<(&'d str, Per, Rate)>,
}

impl<'d> Names<'d> {
    /// Reads the schemes.
    pub(super) fn read(fields: &Fields<'d, '_>, work: &mut Work<'_>) -> Self {
        Self {
            schemes: Schemes::read(fields, work),
            tokens: fields.get("tokens").is_some(),
            scopes: Vec::new(),
            rates: Vec::new(),
        }
    }

    /// The scope that a route needs, at `offset`.
    pub(super) fn need_scope(
        &mut self,
        name: &'d str,
        offset: usize,
        work: &mut Work<'_>,
    ) -> Scope {
        let known = self.scopes.iter().position(|scope| *scope == name);
        let at = known.unwrap_or(self.scopes.len());
        if known.is_none() {
            self.scopes.push(name);
        }
        if at >= MAX_SCOPES {
            let message = format!("the routes need more scopes than {MAX_SCOPES}; write fewer");
            work.problems.add(offset, message);
        }
        Scope { name: Box::from(name), bit: bit(at) }
    }

    /// The bit of the scope that a credential has, at `offset`.
    pub(super) fn scope(&self, name: &str, offset: usize, work: &mut Work<'_>) -> u128 {
        let Some(at) = self.scopes.iter().position(|scope| *scope == name) else {
            work.problems.add(offset, unknown("no route needs the scope", name, &self.scopes));
            return 0;
        };
        bit(at)
    }
}

fn bit(at: usize) -> u128 {
    u32::try_from(at).ok().and_then(|at| 1_u128.checked_shl(at)).unwrap_or(0)
}

/// The identifier of a credential is that of the credential at `first` too.
pub(super) fn taken(first: u32, what: &str) -> String {
    format!("credentials[{first}] has the same {what}; write another one")
}

/// Nothing is called `name`: `what` says so.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let advice = match nearest(name, known.iter().copied()) {
        Some(near) => format!("write {}", quoted(near)),
        None if known.is_empty() => String::from("remove it"),
        None if known.len() <= MAX_SUGGESTED => format!("write {}", one_of(known)),
        None => String::from("write one that there is"),
    };
    format!("{what} {}; {advice}", quoted(name))
}

/// The most names that a message lists.
const MAX_SUGGESTED: usize = 8;

/// The schemes of the document and those that its routes use.
pub(super) struct Schemes {
    own: Vec<Scheme>,
    used: Vec<Scheme>,
}

impl Schemes {
    fn read(fields: &Fields<'_, '_>, work: &mut Work<'_>) -> Self {
        let entries = fields.entries("schemes");
        let own = entries.filter_map(|(member, fields)| {
            let scheme = scheme::scheme(&member.name, &fields, work);
            if builtin::find(&member.name).is_some() {
                let message = "the name is that of a built-in scheme; write another name";
                work.problems.add(member.name_start, message);
                return None;
            }
            Some(scheme)
        });
        Self { own: own.collect(), used: Vec::new() }
    }

    /// The scheme called `name`.
    pub(super) fn find(&self, name: &str) -> Option<&Scheme> {
        self.own.iter().find(|scheme| &*scheme.name == name).or_else(|| builtin::find(name))
    }

    /// What to say where no scheme is called `name`.
    pub(super) fn unknown(&self, name: &str) -> String {
        let all = self.own.iter().chain(builtin::ALL).map(|scheme| &*scheme.name);
        unknown("there is no scheme", name, &all.collect::<Vec<_>>())
    }

    /// The place that the scheme called `name`, for `url` where it covers one, has among those
    /// that are used, from now on.
    pub(super) fn take(&mut self, name: &str, url: Option<&str>) -> Option<usize> {
        let found = self.find(name)?;
        let scheme = match url {
            Some(url) if found.lacks_url() => found.with_url(url),
            _ => found.clone(),
        };
        let known = self.used.iter().position(|used| *used == scheme);
        let place = known.unwrap_or(self.used.len());
        if known.is_none() {
            self.used.push(scheme);
        }
        Some(place)
    }

    /// The places of the scheme called `name` among those that are used: one for each URL.
    pub(super) fn places(&self, name: &str) -> impl Iterator<Item = usize> {
        let used = self.used.iter().enumerate();
        used.filter(move |(_, scheme)| &*scheme.name == name).map(|(place, _)| place)
    }

    /// Those that routes use.
    pub(super) fn used(&self) -> &[Scheme] {
        &self.used
    }

    /// Whether routes use more of them than a policy can hold.
    pub(super) fn are_too_many(&self) -> bool {
        self.used.len() > MAX_SCHEMES
    }

    /// Those that routes use, in the order of their places.
    pub(super) fn into_used(self) -> Box<[Scheme]> {
        self.used.into_boxed_slice()
    }
}
