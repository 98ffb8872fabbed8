//! One reading of the text of a policy: is it JSON, and where does each credential stand?
//!
//! serde_json reads what a policy with a million credentials has of text, so that a cursor has to
//! go over the rest of it alone.

use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The member whose items are listed.
pub(super) const CREDENTIALS: &str = "credentials";

/// The items of each member of that name that is an array, in their order, each as its text stands.
/// There is one such member in a policy that has no errors.
pub(super) type Lists<'t> = Vec<Vec<&'t str>>;

/// Reads all of `text`, and lists the credentials if it is an object.
///
/// # Errors
///
/// What serde_json says of a text that is not JSON.
pub(super) fn read(text: &str) -> serde_json::Result<Lists<'_>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let is_object = text.trim_ascii_start().starts_with('{');
    let lists = if is_object {
        reader.deserialize_map(Root)?
    } else {
        reader.deserialize_ignored_any(IgnoredAny)?;
        Lists::new()
    };
    reader.end()?;
    Ok(lists)
}

/// The outermost object.
struct Root;

impl<'t> Visitor<'t> for Root {
    type Value = Lists<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'t>>(self, mut members: M) -> Result<Lists<'t>, M::Error> {
        let mut lists = Lists::new();
        while let Some(listed) = members.next_key_seed(Name)? {
            if listed {
                lists.extend(members.next_value_seed(Items)?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(lists)
    }
}

/// The name of a member: whether it is that of the credentials.
struct Name;

impl<'t> DeserializeSeed<'t> for Name {
    type Value = bool;

    fn deserialize<D: Deserializer<'t>>(self, name: D) -> Result<bool, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == CREDENTIALS)
    }
}

/// The value of that member: its items, if it is an array.
struct Items;

impl<'t> DeserializeSeed<'t> for Items {
    type Value = Option<Vec<&'t str>>;

    fn deserialize<D: Deserializer<'t>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Items {
    type Value = Option<Vec<&'t str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<S: SeqAccess<'t>>(self, mut items: S) -> Result<Self::Value, S::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<&RawValue>()? {
            list.push(item.get());
        }
        Ok(Some(list))
    }

    fn visit_map<M: MapAccess<'t>>(self, mut members: M) -> Result<Self::Value, M::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
