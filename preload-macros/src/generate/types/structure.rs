//! Structs, and the places of their fields in shared memory, as text.

use std::fmt::{self, Write as _};

use preload_object::{Field, Item};

use super::text::{RUNTIME, Scope, Written, Zero};
use crate::names::field_text;

/// The fields that one call walks over, as many as the runtime has an impl for.
const CALL: usize = 8;
/// The structs that one constant asserts the layout of. Few constants are cheap, and long ones are not.
const LAYOUTS: usize = 32;

/// A struct.
pub(super) fn structure(
    out: &mut String,
    scope: Scope<'_>,
    item: &Item,
    packed: bool,
    fields: &[Field],
) -> fmt::Result {
    let (name, text, size) = (field_text(&item.name), &item.name, item.size);
    let idents: Vec<_> = fields.iter().map(|field| field_text(&field.name)).collect();
    writeln!(out, "#[repr(C{})] pub struct {name} {{", if packed { ", packed" } else { "" })?;
    for (field, ident) in fields.iter().zip(&idents) {
        let hidden = if field.hidden { "#[doc(hidden)] " } else { "" };
        write!(out, "{hidden}pub {ident}: {},", Written(scope, &field.ty))?;
    }
    write!(
        out,
        "}}
        impl {RUNTIME}::Structure for {name} {{
            type Bytes = [{RUNTIME}::u8; {size}];
            fn walk<__W: {RUNTIME}::Walk>(&mut self, __walk: &mut __W) {{"
    )?;
    // A field of a packed struct may have no reference to it: copies are walked over.
    let whole = |out: &mut String, start: &str| {
        for (number, ident) in idents.iter().enumerate() {
            write!(out, "{ident}: {start}__{number},")?;
        }
        fmt::Result::Ok(())
    };
    if packed {
        write!(out, "let Self {{")?;
        whole(out, "mut ")?;
        write!(out, "}} = *self;")?;
    }
    let numbered: Vec<_> = fields.iter().zip(&idents).enumerate().collect();
    for some in numbered.chunks(CALL) {
        write!(out, "{RUNTIME}::Walk::fields(__walk, (")?;
        for (number, (_, ident)) in some {
            if packed {
                write!(out, "&mut __{number},")?;
            } else {
                write!(out, "&mut self.{ident},")?;
            }
        }
        write!(out, "), [")?;
        for (_, (field, _)) in some {
            write!(out, "{},", field.offset)?;
        }
        write!(out, "], [")?;
        for (_, (field, _)) in some {
            write!(out, "{:?},", field.name)?;
        }
        write!(out, "]);")?;
    }
    if packed {
        write!(out, "*self = Self {{")?;
        whole(out, "")?;
        write!(out, "}};")?;
    }
    write!(
        out,
        "}} }}
        impl {RUNTIME}::Copy for {name} {{}}
        impl {RUNTIME}::Clone for {name} {{ fn clone(&self) -> Self {{ *self }} }}
        impl {RUNTIME}::Debug for {name} {{
            fn fmt(&self, __f: &mut {RUNTIME}::Formatter<'_>) -> {RUNTIME}::Result {{
                {RUNTIME}::show(self, {text:?}, __f)
            }}
        }}
        impl {RUNTIME}::Default for {name} {{ fn default() -> Self {{ Self {{"
    )?;
    for (field, ident) in fields.iter().zip(&idents) {
        write!(out, "{ident}: {},", Zero(&field.ty))?;
    }
    write!(
        out,
        "}} }} }}
        impl {RUNTIME}::PartialEq for {name} {{
            fn eq(&self, __other: &Self) -> {RUNTIME}::bool {{ {RUNTIME}::same(self, __other) }}
        }}
        impl {RUNTIME}::Eq for {name} {{}}"
    )?;
    if item.in_key {
        write!(
            out,
            "impl {RUNTIME}::Hash for {name} {{
                fn hash<__H: {RUNTIME}::Hasher>(&self, __state: &mut __H) {{ {RUNTIME}::hash(self, __state); }}
            }}"
        )?;
    }
    Ok(())
}

/// Holds size, alignment and offsets of structs against what the compiler makes of them.
pub(super) fn layouts(out: &mut String, structs: &[(&Item, &[Field])]) -> fmt::Result {
    for some in structs.chunks(LAYOUTS) {
        write!(out, "const _: () = {RUNTIME}::layout([")?;
        for (item, fields) in some {
            let name = field_text(&item.name);
            write!(out, "{RUNTIME}::size_of::<{name}>(), {RUNTIME}::align_of::<{name}>(),")?;
            for field in *fields {
                write!(out, "{RUNTIME}::offset_of!({name}, {}),", field_text(&field.name))?;
            }
        }
        write!(out, "], [")?;
        for (item, fields) in some {
            write!(out, "{}, {},", item.size, item.align)?;
            for field in *fields {
                write!(out, "{},", field.offset)?;
            }
        }
        write!(out, "]);")?;
    }
    Ok(())
}

/// A field as it is written down: its name, its type, its offset.
pub(super) type Part<'a> = (String, Written<'a>, u32);

/// The places of fields of a struct or section in shared memory, as a struct of the same name one module deeper.
pub(super) fn fields(out: &mut String, name: &str, parts: &[Part<'_>]) -> fmt::Result {
    write!(out, "pub struct {name}<'__a, __A> {{")?;
    for (field, ty, _) in parts {
        write!(out, "pub {field}: {RUNTIME}::Shared<'__a, {ty}, __A>,")?;
    }
    write!(
        out,
        "}}
        impl {RUNTIME}::Fields for super::{name} {{
            type Of<'__a, __A> = {name}<'__a, __A>;
            #[inline]
            fn of<__A>(__at: {RUNTIME}::Shared<'_, Self, __A>) -> {name}<'_, __A> {{
                {name} {{"
    )?;
    for (field, _, offset) in parts {
        write!(out, "{field}: {RUNTIME}::part(__at, {offset}),")?;
    }
    write!(out, "}} }} }}")
}
