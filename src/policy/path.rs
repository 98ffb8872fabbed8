//! The path of what stands at an offset.

use alloc::format;
use alloc::string::String;

use super::document::{Document, Member, Node, Value};
use super::problems::Problems;

impl<'t> Document<'t> {
    /// The path of the innermost value or member name that begins at `offset` or before it, such
    /// as `routes.cashout.rates[0].limit`; empty for the document itself.
    pub(super) fn path(&self, offset: usize) -> String {
        let mut path = String::new();
        self.extend(&mut path, &self.root, offset);
        path
    }

    /// Appends the steps from `node` to `offset`.
    fn extend(&self, path: &mut String, node: &Node<'t>, offset: usize) {
        match &node.value {
            Value::Array(items) => {
                let after = items.partition_point(|item| item.start <= offset);
                if let Some(item) = push_place(path, after).and_then(|place| items.get(place)) {
                    self.extend(path, item, offset);
                }
            }
            Value::Credentials(items) => {
                let after = items.partition_point(|raw| self.start(raw) <= offset);
                let raw = push_place(path, after).and_then(|place| items.get(place));
                let item = raw.and_then(|raw| self.read(raw, &mut Problems::default()).ok());
                if let Some(item) = item {
                    self.extend(path, &item, offset);
                }
            }
            Value::Object(members) => {
                let after = members.partition_point(|member| member.name_start <= offset);
                let member = after.checked_sub(1).and_then(|place| members.get(place));
                if let Some(member) = member {
                    push_name(member, path);
                    self.extend(path, &member.value, offset);
                }
            }
            _ => {}
        }
    }
}

/// Appends the place of the item before the one at `after`, if there is one.
fn push_place(path: &mut String, after: usize) -> Option<usize> {
    let place = after.checked_sub(1)?;
    path.push_str(&format!("[{place}]"));
    Some(place)
}

/// Appends the name, in quotes and brackets if it is not a plain word.
fn push_name(member: &Member<'_>, path: &mut String) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$');
    if member.name.is_empty() || !member.name.bytes().all(plain) {
        path.push_str(&format!("[{}]", super::wants::quoted(&member.name)));
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&member.name);
}
