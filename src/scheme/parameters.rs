//! The parameters of a request as one part: those of the query, and of a body that is a form.

use super::fields::whole;
use super::{Carrier, Order, Scheme};
use crate::decision::Reason;
use crate::primitive::form::{Pair, pairs};
use crate::request::{Request, split_target};

/// The most parameters, besides the signature, that a scheme covers.
pub const MAX_PARAMETERS: usize = 32;

/// Parameters in the order in which they were sent. No two have one name.
struct Parameters<'a> {
    pairs: [Option<Parameter<'a>>; MAX_PARAMETERS],
}

#[derive(Clone, Copy)]
struct Parameter<'a> {
    name: &'a [u8],
    /// The name and the value as they were sent.
    pair: &'a [u8],
}

impl<'a> Parameters<'a> {
    const NONE: Self = Self { pairs: [None; MAX_PARAMETERS] };

    fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    fn iter(&self) -> impl Iterator<Item = &Parameter<'a>> {
        self.pairs.iter().flatten()
    }

    /// A name with escapes could be the same as another one, or sort elsewhere: it is refused.
    fn push(&mut self, pair: Pair<'a>) -> Result<(), Reason> {
        let name = pair.name.unescaped().ok_or(Reason::SignedPartMissing)?;
        let free = self.pairs.iter_mut().find(|place| match place {
            Some(other) => other.name == name,
            None => true,
        });
        match free {
            Some(place @ None) => *place = Some(Parameter { name, pair: pair.raw }),
            _ => return Err(Reason::SignedPartMissing),
        }
        Ok(())
    }

    /// The parameter whose name follows `last` in the order of octets.
    fn next_after(&self, last: Option<&[u8]>) -> Option<&Parameter<'a>> {
        let follows = |parameter: &&Parameter<'a>| last.is_none_or(|last| parameter.name > last);
        self.iter().filter(follows).min_by_key(|parameter| parameter.name)
    }
}

impl Scheme {
    /// Gives the parameters to `sink`, joined by `&`, without the one that carries the signature.
    ///
    /// Where the body has parameters too, all of them stand in the query or all in the body: what
    /// is signed does not say where the one ends and the other begins.
    pub(super) fn write_parameters(
        &self,
        order: Order,
        request: &Request<'_>,
        mut sink: impl FnMut(&[u8]) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        let mut parameters = Parameters::NONE;
        self.collect(split_target(request.target).1.unwrap_or(&[]), &mut parameters)?;
        if matches!(self.carrier, Carrier::Parameter(_)) {
            let mut of_body = Parameters::NONE;
            self.collect(whole(request)?, &mut of_body)?;
            match (parameters.is_empty(), of_body.is_empty()) {
                (false, false) => return Err(Reason::SignedPartMissing),
                (true, _) => parameters = of_body,
                (false, true) => (),
            }
        }
        let mut separator = &b""[..];
        let mut write = |parameter: &Parameter<'_>| {
            sink(core::mem::replace(&mut separator, b"&"))?;
            sink(parameter.pair)
        };
        match order {
            Order::AsSent => parameters.iter().try_for_each(write),
            Order::Sorted => {
                let mut last = None;
                while let Some(parameter) = parameters.next_after(last) {
                    write(parameter)?;
                    last = Some(parameter.name);
                }
                Ok(())
            }
        }
    }

    /// Adds the parameters in `text`.
    fn collect<'a>(&self, text: &'a [u8], found: &mut Parameters<'a>) -> Result<(), Reason> {
        for pair in pairs(text) {
            let pair = pair.map_err(|_| Reason::SignedPartMissing)?;
            let carries = match &self.carrier {
                Carrier::Query(name) | Carrier::Parameter(name) => pair.name.means(name),
                _ => false,
            };
            if !carries {
                found.push(pair)?;
            }
        }
        Ok(())
    }
}
