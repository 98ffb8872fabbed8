//! What may stand where in a document, as data.
//!
//! One table of these values is what the reader checks a document against, what the JSON Schema
//! is rendered from, and where the compiler of the policy takes defaults from.

/// What may stand at one place.
pub(super) enum Shape {
    /// An object with known members.
    Object(&'static Object),
    /// An object whose names the user chooses.
    Map(&'static Map),
    /// An array.
    Array(&'static Array),
    /// Text of a form.
    Text(Text),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A whole number.
    Integer(Integer),
    /// `true` or `false`.
    Boolean,
    /// This number and no other.
    Version(u64),
    /// One of these: at most one of each JSON type, but several objects, told apart by the name of
    /// their first member.
    OneOf(&'static [Shape]),
    /// A shape with a name of its own in the schema.
    Named(&'static Named),
}

/// A shape that several places share.
pub(super) struct Named {
    /// The name in the schema.
    pub(super) name: &'static str,
    /// What it is for.
    pub(super) doc: &'static str,
    /// The shape.
    pub(super) shape: Shape,
}

/// An object with known members.
pub(super) struct Object {
    /// The members, the one that tells the object apart first.
    pub(super) members: &'static [Member],
}

/// A member of an object.
pub(super) struct Member {
    /// The name.
    pub(super) name: &'static str,
    /// What it means, for users.
    pub(super) doc: &'static str,
    /// Whether it has to be there, and what holds if it is not.
    pub(super) presence: Presence,
    /// What may stand there.
    pub(super) shape: Shape,
}

/// Whether a member has to be there.
pub(super) enum Presence {
    /// It has to.
    Required,
    /// It may be absent, which means something of its own.
    Optional,
    /// An absent one stands for this number.
    Number(u64),
    /// An absent one stands for this.
    Flag(bool),
    /// An absent one stands for this text.
    Word(&'static str),
}

/// An object whose names the user chooses.
pub(super) struct Map {
    /// What it is, such as `an object with the routes by name`.
    pub(super) wants: &'static str,
    /// What a name may be.
    pub(super) names: Text,
    /// The fewest members.
    pub(super) min: usize,
    /// What stands under each name.
    pub(super) values: Shape,
}

/// An array.
pub(super) struct Array {
    /// The fewest items.
    pub(super) min: usize,
    /// The most items; `None` if only the length of the document limits them.
    pub(super) max: Option<usize>,
    /// Whether equal items are refused. Only for short arrays: the check is quadratic.
    pub(super) unique: bool,
    /// What each item is.
    pub(super) items: Shape,
}

/// Text of a form.
pub(super) struct Text {
    /// The fewest characters.
    pub(super) min: usize,
    /// The most characters.
    pub(super) max: usize,
    /// What the characters may be.
    pub(super) pattern: &'static Pattern,
}

/// The form of a text, said three times: to the schema, to the user, and as code. A test holds
/// the schema and the code together.
pub(super) struct Pattern {
    /// An anchored regular expression (ECMA-262); empty if every text has the form.
    pub(super) regex: &'static str,
    /// What to write, such as `a host name`.
    pub(super) wants: &'static str,
    /// Whether a text has the form.
    pub(super) accepts: fn(&str) -> bool,
}

/// A whole number.
pub(super) struct Integer {
    /// The least.
    pub(super) min: u64,
    /// The greatest.
    pub(super) max: u64,
    /// What is counted, such as `a number of bytes`.
    pub(super) wants: &'static str,
}

impl Shape {
    /// The shape itself, without the name.
    pub(super) fn plain(&self) -> &Shape {
        match self {
            Shape::Named(named) => named.shape.plain(),
            shape => shape,
        }
    }
}

impl Object {
    /// The member `name`.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The name that tells the object apart from others in its place.
    pub(super) fn key(&self) -> &'static str {
        self.members.first().map_or("", |member| member.name)
    }
}

impl Member {
    /// A member that has to be there.
    pub(super) const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, presence: Presence::Required, shape }
    }

    /// A member that may be absent, which means something of its own.
    pub(super) const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, doc, presence: Presence::Optional, shape }
    }

    /// A number that is `default` where it is absent.
    pub(super) const fn number(
        name: &'static str,
        default: u64,
        shape: Shape,
        doc: &'static str,
    ) -> Self {
        Self { name, doc, presence: Presence::Number(default), shape }
    }

    /// A boolean that is `default` where it is absent.
    pub(super) const fn flag(name: &'static str, default: bool, doc: &'static str) -> Self {
        Self { name, doc, presence: Presence::Flag(default), shape: Shape::Boolean }
    }

    /// A text that is `default` where it is absent.
    pub(super) const fn word(
        name: &'static str,
        default: &'static str,
        shape: Shape,
        doc: &'static str,
    ) -> Self {
        Self { name, doc, presence: Presence::Word(default), shape }
    }

    /// Whether it has to be there.
    pub(super) fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required)
    }
}
