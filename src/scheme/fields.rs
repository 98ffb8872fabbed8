//! Values that a request carries by name: parameters of the query, fields of a form, members of a
//! JSON object.

use crate::decision::Reason;
use crate::primitive::copy_at;
use crate::primitive::form::{self, read_pairs};
use crate::primitive::json::{self, Value, read_members};
use crate::request::{Body, Request, split_target};

/// The most bytes of a decoded value that a query or a body carries for its signature.
pub const MAX_FIELD: usize = 4096;

/// The decoded value of one field.
pub(super) struct Field {
    bytes: [u8; MAX_FIELD],
    length: usize,
}

impl Field {
    const EMPTY: Self = Self { bytes: [0; MAX_FIELD], length: 0 };

    pub(super) fn octets(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// Whether the body has the field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Once,
    /// It is there twice, or has no text, or too much of it.
    Unusable,
}

/// Finds one field while the whole body is gone through, whatever stands behind the field.
struct Search<'r> {
    field: &'r mut Field,
    found: Found,
}

impl<'r> Search<'r> {
    fn new(room: &'r mut Option<Field>) -> Self {
        Self { field: room.insert(Field::EMPTY), found: Found::Nothing }
    }

    /// Takes note of one occurrence; `write` gives the length of the value, if it can be used.
    fn take(&mut self, write: impl FnOnce(&mut [u8]) -> Option<usize>) {
        self.found = match self.found {
            Found::Nothing => match write(&mut self.field.bytes) {
                Some(length) => {
                    self.field.length = length;
                    Found::Once
                }
                None => Found::Unusable,
            },
            _ => Found::Unusable,
        };
    }

    /// Looks for the pair `name` in `text`, which is `malformed` if it is no form.
    fn go_through(&mut self, text: &[u8], name: &str, malformed: Reason) -> Result<(), Reason> {
        let found = read_pairs(text, |field, value| {
            if field.means(name) {
                self.take(|bytes| value.write(bytes));
            }
        });
        found.map_err(|form::Malformed| malformed)
    }

    fn finish(self, unusable: Reason) -> Result<Option<&'r [u8]>, Reason> {
        match self.found {
            Found::Nothing => Ok(None),
            Found::Once => Ok(Some(self.field.octets())),
            Found::Unusable => Err(unusable),
        }
    }
}

/// The decoded value of the parameter `name` of the query, written into `room`; `None` if there is
/// none.
///
/// # Errors
///
/// `unusable`: the query is no form, or the parameter is there twice, however it is spelled, or is
/// longer than [`MAX_FIELD`].
pub(super) fn query_parameter<'r>(
    request: &Request<'_>,
    name: &str,
    room: &'r mut Option<Field>,
    unusable: Reason,
) -> Result<Option<&'r [u8]>, Reason> {
    let query = split_target(request.target).1.unwrap_or(&[]);
    let mut search = Search::new(room);
    search.go_through(query, name, unusable)?;
    search.finish(unusable)
}

/// The decoded value of the parameter `name`, written into `room`: one of the query or a field of
/// a body that is a form. `None` if there is none.
///
/// # Errors
///
/// Those of [`query_parameter`] and [`form_field`]; `unusable` also if it is in both.
pub(super) fn parameter<'r>(
    request: &Request<'_>,
    name: &str,
    room: &'r mut Option<Field>,
    unusable: Reason,
) -> Result<Option<&'r [u8]>, Reason> {
    let query = split_target(request.target).1.unwrap_or(&[]);
    let mut search = Search::new(room);
    search.go_through(query, name, unusable)?;
    search.go_through(whole(request)?, name, Reason::MalformedBody)?;
    search.finish(unusable)
}

/// The decoded value of the form field `name`, written into `room`; `None` if there is none.
///
/// # Errors
///
/// - [`Reason::BodyRequired`]: the body is not there.
/// - [`Reason::MalformedBody`]: it is no form.
/// - `unusable`: the field is there twice, however it is spelled, or is longer than [`MAX_FIELD`].
pub(super) fn form_field<'r>(
    request: &Request<'_>,
    name: &str,
    room: &'r mut Option<Field>,
    unusable: Reason,
) -> Result<Option<&'r [u8]>, Reason> {
    let mut search = Search::new(room);
    search.go_through(whole(request)?, name, Reason::MalformedBody)?;
    search.finish(unusable)
}

/// The value of the member `name` of the JSON object that the body is, written into `room`: a
/// string decoded, a number, `true` and `false` as they are written. `None` if there is none.
///
/// # Errors
///
/// - [`Reason::BodyRequired`]: the body is not there.
/// - [`Reason::MalformedBody`]: it is no JSON object.
/// - `unusable`: the member is there twice, however it is spelled, is `null`, an object or an
///   array, or is longer than [`MAX_FIELD`].
pub(super) fn json_member<'r>(
    request: &Request<'_>,
    name: &str,
    room: &'r mut Option<Field>,
    unusable: Reason,
) -> Result<Option<&'r [u8]>, Reason> {
    let mut search = Search::new(room);
    read_members(whole(request)?, |member, value| {
        if member.means(name) {
            search.take(|bytes| match value {
                Value::String(text) => text.write(bytes),
                Value::Scalar(text) => copy_at(bytes, 0, text),
                Value::Other => None,
            });
        }
        Ok(())
    })
    .map_err(|json::Malformed| Reason::MalformedBody)?;
    search.finish(unusable)
}

/// The body, if it is there.
pub(super) fn whole<'a>(request: &Request<'a>) -> Result<&'a [u8], Reason> {
    match request.body {
        Body::Whole(body) => Ok(body),
        Body::Streamed => Err(Reason::BodyRequired),
    }
}
