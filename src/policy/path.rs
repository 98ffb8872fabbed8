//! The path of what stands at an offset.

use alloc::format;
use alloc::string::String;

use super::document::{Document, Member, Node, Value};

impl Document<'_> {
    /// The path of the innermost value or member name that begins at `offset` or before it, such
    /// as `routes.cashout.rates[0].limit`; empty for the document itself.
    pub(super) fn path(&self, offset: usize) -> String {
        let mut path = String::new();
        let mut node = Some(&self.root);
        while let Some(inner) = node {
            node = step(inner, offset, &mut path);
        }
        path
    }
}

/// The part of `node` that `offset` is in, whose step is appended to `path`.
fn step<'n, 't>(node: &'n Node<'t>, offset: usize, path: &mut String) -> Option<&'n Node<'t>> {
    match &node.value {
        Value::Array(items) => {
            let index = items.partition_point(|item| item.start <= offset).checked_sub(1)?;
            path.push_str(&format!("[{index}]"));
            items.get(index)
        }
        Value::Object(members) => {
            let after = members.partition_point(|member| member.name_start <= offset);
            let member = members.get(after.checked_sub(1)?)?;
            push_name(member, path);
            Some(&member.value)
        }
        _ => None,
    }
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
