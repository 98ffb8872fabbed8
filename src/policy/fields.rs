//! Takes values out of a document that fits its shape.
//!
//! Whatever is absent has the default that the shape names. A value of the wrong type, which the
//! reader has refused before, counts as absent.

use super::document::{Member, Node, Value};
use super::shape::{self, Object, Presence, Shape};

/// An object of the document and what the shape says of it.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d, 't> {
    /// The offset of the object, for errors about it as a whole.
    pub(super) start: usize,
    members: &'d [Member<'t>],
    object: &'static Object,
}

const NOTHING: Object = Object { members: &[] };

impl<'d, 't> Fields<'d, 't> {
    /// `node` as the object that `shape` takes; without members if it is something else.
    pub(super) fn of(node: &'d Node<'t>, shape: &'static Shape) -> Self {
        let members = node.members();
        Self { start: node.start, members, object: object_in(shape, members) }
    }

    /// The name of the member that tells the object apart from others in its place.
    pub(super) fn key(&self) -> &'static str {
        self.object.key()
    }

    /// The member `name`, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&'d Node<'t>> {
        self.members.iter().find(|member| member.name == name).map(|member| &member.value)
    }

    /// The offset of the member `name`, or of the object if it is absent.
    pub(super) fn at(&self, name: &str) -> usize {
        self.get(name).map_or(self.start, |node| node.start)
    }

    /// The number `name`.
    pub(super) fn number(&self, name: &str) -> u64 {
        if let Some(Value::Number(number)) = self.get(name).map(|node| &node.value) {
            return number.parse().unwrap_or(0);
        }
        if let Presence::Number(default) = self.presence(name) { *default } else { 0 }
    }

    /// The number `name`; `None` if it is absent.
    pub(super) fn optional_number(&self, name: &str) -> Option<u64> {
        self.get(name).map(|_| self.number(name))
    }

    /// The flag `name`.
    pub(super) fn flag(&self, name: &str) -> bool {
        if let Some(Value::Boolean(flag)) = self.get(name).map(|node| &node.value) {
            return *flag;
        }
        matches!(self.presence(name), Presence::Flag(true))
    }

    /// The text or word `name`.
    pub(super) fn text(&self, name: &str) -> &'d str {
        if let Some(text) = self.get(name).and_then(Node::text) {
            return text;
        }
        if let Presence::Word(default) = self.presence(name) { default } else { "" }
    }

    /// The text `name`; `None` if it is absent.
    pub(super) fn optional_text(&self, name: &str) -> Option<&'d str> {
        self.get(name).and_then(Node::text)
    }

    /// The object `name`; one without members if it is absent.
    pub(super) fn object(&self, name: &str) -> Self {
        let members = self.get(name).map_or(&[][..], Node::members);
        Self { start: self.at(name), members, object: object_in(self.shape(name), members) }
    }

    /// The items of the array `name`; none if it is absent.
    pub(super) fn items(&self, name: &str) -> &'d [Node<'t>] {
        match self.get(name).map(|node| &node.value) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    /// The items of the array `name` as objects.
    pub(super) fn objects(&self, name: &str) -> impl Iterator<Item = Self> + use<'d, 't> {
        let shape = items_in(self.shape(name));
        self.items(name).iter().map(move |item| Self::of(item, shape))
    }

    /// The texts in the array `name`.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &'d str> + use<'d, 't> {
        self.items(name).iter().filter_map(Node::text)
    }

    /// The members of the map `name`, as objects with their names.
    pub(super) fn entries(
        &self,
        name: &str,
    ) -> impl Iterator<Item = (&'d Member<'t>, Self)> + use<'d, 't> {
        let shape = match self.shape(name) {
            Shape::Map(map) => &map.values,
            _ => &Shape::Boolean,
        };
        let members = self.get(name).map_or(&[][..], Node::members);
        members.iter().map(move |member| (member, Self::of(&member.value, shape)))
    }

    fn known(&self, name: &str) -> Option<&'static shape::Member> {
        self.object.member(name)
    }

    fn presence(&self, name: &str) -> &'static Presence {
        self.known(name).map_or(&Presence::Optional, |member| &member.presence)
    }

    fn shape(&self, name: &str) -> &'static Shape {
        self.known(name).map_or(&Shape::Boolean, |member| member.shape.plain())
    }
}

/// What the items are of the array that `shape` takes.
fn items_in(shape: &'static Shape) -> &'static Shape {
    match shape.plain() {
        Shape::Array(array) => &array.items,
        Shape::OneOf(options) => {
            let mut arrays = options.iter().filter_map(|option| match option.plain() {
                Shape::Array(array) => Some(&array.items),
                _ => None,
            });
            arrays.next().unwrap_or(&Shape::Boolean)
        }
        _ => &Shape::Boolean,
    }
}

/// The object that `shape` takes where these members stand.
fn object_in(shape: &'static Shape, members: &[Member<'_>]) -> &'static Object {
    match shape.plain() {
        Shape::Object(object) => object,
        Shape::OneOf(options) => {
            let objects = options.iter().filter_map(|option| match option.plain() {
                Shape::Object(object) => Some(*object),
                _ => None,
            });
            let present =
                |object: &&Object| members.iter().any(|member| member.name == object.key());
            objects.into_iter().find(present).unwrap_or(&NOTHING)
        }
        _ => &NOTHING,
    }
}

impl<'t> Node<'t> {
    /// The text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members that it has.
    pub(super) fn members(&self) -> &[Member<'t>] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }
}
