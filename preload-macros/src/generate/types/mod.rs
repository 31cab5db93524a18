//! Types for what is in maps and variables: `types`, and `data` for the data sections.
//!
//! An object may have thousands of them, each of which costs the user's compiler time. What is written down is therefore
//! little: impls that call the runtime in place of derived ones, one assertion for many structs, no docs of fields.

mod structure;
mod text;

use std::fmt::{self, Write as _};

use preload_object::{BitField, Field, Item, ItemKind, MapPlan, MapTypes, Type, Types};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use self::text::{Scope, Written};
use super::doc;
use crate::model::Model;
use crate::names::{field as ident, field_text};

/// A variable of more bytes has no place in `OpenSkel`, which is passed by value.
const LARGE: u32 = 1024;
/// Nor have those behind so many bytes of a section.
const LARGE_SECTION: u32 = 16 << 10;

const HASHES: [u32; 11] = [1, 7, 9, 11, 14, 16, 19, 24, 25, 28, 29];
const CGROUP_STORAGE: u32 = 32;
const ARRAY: u32 = 2;
const PER_CPU_HASHES: [u32; 3] = [5, 10, 21];
const PER_CPU_ARRAY: u32 = 6;
const QUEUES: [u32; 2] = [22, 23];
const BLOOM_FILTER: u32 = 30;
/// Arrays of programs, perf events, cgroups, maps, sockets, XSK and reuseport sockets.
const FD_ARRAYS: [u32; 7] = [3, 4, 8, 12, 15, 17, 20];
/// Hashes of maps and sockets.
const FD_HASHES: [u32; 2] = [13, 18];

pub(super) fn generate(model: &Model) -> TokenStream {
    let types = types(model);
    let data = data(model);
    quote! { #types #data }
}

fn types(model: &Model) -> Option<TokenStream> {
    let rt = &model.runtime;
    let types = &model.types;
    if types.items.is_empty() {
        return None;
    }
    let others = types.items.iter().filter_map(|item| other(rt, types, item));
    let structs = tokens(|out| structs(out, types));
    let fields = tokens(|out| {
        let in_variables = types.items.iter().filter(|item| item.in_variable);
        in_variables.into_iter().try_for_each(|item| fields(out, types, item))
    });
    let fields = (!fields.is_empty()).then(|| {
        let runtime = runtime(rt);
        quote! {
            /// The fields of structs in memory that is shared with the kernel.
            #[allow(missing_debug_implementations, missing_copy_implementations)]
            pub mod fields {
                #runtime
                #fields
            }
        }
    });
    let runtime = (!structs.is_empty()).then(|| runtime(rt));
    Some(quote! {
        /// Types of the C source, as far as maps and variables need them.
        #[allow(
            missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals, clippy::expl_impl_clone_on_copy
        )]
        pub mod types {
            #runtime
            #structs
            #(#others)*
            #fields
        }
    })
}

/// The tokens of what is written as text.
fn tokens(write: impl FnOnce(&mut String) -> fmt::Result) -> TokenStream {
    let mut text = String::new();
    // Neither fails: a string takes everything, and what is written is Rust.
    let _ = write(&mut text);
    if proc_macro::is_available() {
        // That of `proc-macro2` would read all of it by itself first.
        return text.parse().map(|tokens: proc_macro::TokenStream| tokens.into()).unwrap_or_default();
    }
    text.parse().unwrap_or_default()
}

/// What makes the runtime's names known to text.
fn runtime(rt: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", text::RUNTIME);
    quote!(use #rt::__private::types as #name;)
}

fn structs(out: &mut String, types: &Types) -> fmt::Result {
    let scope = Scope { types, prefix: "" };
    let mut layouts = Vec::new();
    for item in &types.items {
        let ItemKind::Struct { packed, fields, .. } = &item.kind else { continue };
        write!(out, "#[doc = {:?}]", format!(" {}", described(item)))?;
        structure::structure(out, scope, item, *packed, fields)?;
        layouts.push((item, fields.as_slice()));
    }
    structure::layouts(out, &layouts)
}

/// What a type is, for its docs.
fn described(item: &Item) -> String {
    if item.c_name.contains(' ') && !item.c_name.starts_with("an ") {
        format!("`{}` of the object.", item.c_name)
    } else {
        format!("It is {} in the object.", item.c_name)
    }
}

/// What is not a struct, and what few structs have.
fn other(rt: &TokenStream, types: &Types, item: &Item) -> Option<TokenStream> {
    let here = Path::of(rt, types, quote!());
    let body = match &item.kind {
        ItemKind::Struct { bits, .. } => {
            if bits.is_empty() && !item.has_lock {
                return None;
            }
            let name = ident(&item.name);
            let bits = (!bits.is_empty()).then(|| {
                let bits = here.bits(bits);
                quote!(#rt::__private::bit_fields! { #name #bits })
            });
            quote!(#bits)
        }
        ItemKind::Bytes { fields, bits } => {
            let (name, size, doc) = (ident(&item.name), number(item.size), doc(described(item)));
            let align = format_ident!("u{}", item.align * 8);
            let fields = fields.iter().map(|field| {
                let (name, ty, offset) = here.field(field);
                let set = format_ident!("set_{}", field.name);
                quote!(#name, #set: #ty = #offset)
            });
            let bits = here.bits(bits);
            quote! {
                #rt::__private::bytes! {
                    #doc union #name: #size, ::core::primitive::#align { #(#fields,)* } bits { #bits }
                }
            }
        }
        ItemKind::Enum { signed, values } => {
            let (name, size, doc) = (ident(&item.name), number(item.size), doc(described(item)));
            let int = here.ty(&Type::Int { size: item.size, signed: *signed });
            let names = values.iter().map(|(name, _)| ident(name));
            let numbers = values.iter().map(|(_, value)| Literal::i128_unsuffixed(*value));
            quote! {
                #rt::__private::enumeration! { #doc enum #name: #int, #size { #(#names = #numbers,)* } }
            }
        }
    };
    let lock = item.has_lock.then(|| {
        let name = ident(&item.name);
        quote!(impl #rt::maps::Locked for #name {})
    });
    Some(quote! { #body #lock })
}

fn fields(out: &mut String, types: &Types, item: &Item) -> fmt::Result {
    let ItemKind::Struct { fields, .. } = &item.kind else { return Ok(()) };
    let above = Scope { types, prefix: "super::" };
    let shown = fields.iter().filter(|field| !field.hidden);
    let parts: Vec<_> =
        shown.map(|field| (field_text(&field.name), Written(above, &field.ty), field.offset)).collect();
    if parts.is_empty() {
        return Ok(());
    }
    structure::fields(out, &field_text(&item.name), &parts)
}

/// The data sections that have variables, with their numbers.
pub(super) fn sections(model: &Model) -> impl Iterator<Item = (usize, &Ident, &MapPlan, &MapTypes)> {
    let maps = model.names.maps.iter().zip(&model.plan.maps).zip(&model.types.maps).enumerate();
    maps.filter(|(_, (_, types))| !types.variables.is_empty())
        .map(|(index, ((names, plan), types))| (index, &names.field, plan, types))
}

fn data(model: &Model) -> Option<TokenStream> {
    let rt = &model.runtime;
    let beside = Path::of(rt, &model.types, quote!(super::types::));
    let above = Scope { types: &model.types, prefix: "super::super::types::" };
    let mut values = Vec::new();
    let mut places = Vec::new();
    for (_, section, plan, types) in sections(model) {
        let size = number(plan.map.value_size);
        let mut room = LARGE_SECTION;
        let (mut small, mut all, mut left_out) = (Vec::new(), Vec::new(), String::new());
        for variable in &types.variables {
            let (name, offset) = (ident(&variable.name), number(variable.offset));
            let len = model.types.size(&variable.ty);
            if let Some(left) = room.checked_sub(len).filter(|_| len <= LARGE) {
                room = left;
                let ty = beside.ty(&variable.ty);
                small.push(quote!(#name: #ty = #offset));
            } else {
                left_out += &format!("\n- `{}`, {len} bytes", variable.name);
            }
            all.push((name.to_string(), Written(above, &variable.ty), variable.offset));
        }
        if !left_out.is_empty() {
            let later = if plan.map.data.as_ref().is_some_and(|data| data.frozen) {
                "The attribute can give them values"
            } else {
                "They can be set after load"
            };
            left_out =
                format!("\n\nToo large to be among them, by themselves or together. {later}:\n{left_out}");
        }
        let section_doc = doc(format!("The variables of `{}` before load.{left_out}", plan.map.name));
        values.push(quote! {
            #rt::__private::variables_of! { #section_doc #section: #size { #(#small,)* } }
        });
        places.push(tokens(|out| structure::fields(out, &section.to_string(), &all)));
    }
    (!values.is_empty()).then(|| {
        let runtime = runtime(rt);
        quote! {
            /// The data sections of the object: the values of their variables before load.
            #[allow(missing_docs, non_camel_case_types, non_snake_case)]
            pub mod data {
                #(#values)*

                /// The variables in memory that is shared with the kernel.
                #[allow(missing_debug_implementations, missing_copy_implementations)]
                pub mod fields {
                    #runtime
                    #(#places)*
                }
            }
        }
    })
}

/// The type of the handle of a map.
pub(super) fn handle(model: &Model, index: usize) -> TokenStream {
    let rt = &model.runtime;
    let plain = quote!(#rt::Map);
    let parts = (model.names.maps.get(index), model.plan.maps.get(index), model.types.maps.get(index));
    let (Some(names), Some(MapPlan { map, .. }), Some(types)) = parts else { return plain };
    if let Some(data) = &map.data {
        if types.variables.is_empty() {
            return plain;
        }
        let section = &names.field;
        let access = match (data.frozen, types.special) {
            (true, _) => quote!(#rt::data::ReadOnly),
            (false, true) => quote!(#rt::maps::ByCall),
            (false, false) => quote!(#rt::data::ReadWrite),
        };
        return quote!(#rt::maps::DataMap<data::#section, #access>);
    }
    let path = Path::of(rt, &model.types, quote!(types::));
    let (key, value) = (path.ty(&types.key), path.ty(&types.value));
    match map.map_type {
        CGROUP_STORAGE => quote!(#rt::maps::KeyedMap<#key, #value>),
        hash if HASHES.contains(&hash) => quote!(#rt::maps::KeyedMap<#key, #value>),
        ARRAY => quote!(#rt::maps::ArrayMap<#value>),
        hash if PER_CPU_HASHES.contains(&hash) => quote!(#rt::maps::PerCpuMap<#key, #value>),
        PER_CPU_ARRAY => quote!(#rt::maps::PerCpuArray<#value>),
        queue if QUEUES.contains(&queue) => quote!(#rt::maps::QueueMap<#value>),
        BLOOM_FILTER => quote!(#rt::maps::BloomFilter<#value>),
        array if FD_ARRAYS.contains(&array) => quote!(#rt::maps::FdMap<::core::primitive::u32>),
        hash if FD_HASHES.contains(&hash) => quote!(#rt::maps::FdMap<#key>),
        _ => plain,
    }
}

/// How types are named from where they are used.
struct Path<'a> {
    rt: &'a TokenStream,
    types: &'a Types,
    prefix: TokenStream,
}

impl<'a> Path<'a> {
    fn of(rt: &'a TokenStream, types: &'a Types, prefix: TokenStream) -> Self {
        Self { rt, types, prefix }
    }

    fn ty(&self, ty: &Type) -> TokenStream {
        let rt = self.rt;
        match ty {
            Type::Int { size, signed } => {
                let name = format_ident!("{}{}", if *signed { 'i' } else { 'u' }, size * 8);
                quote!(::core::primitive::#name)
            }
            Type::Float(size) => {
                let name = format_ident!("f{}", size * 8);
                quote!(::core::primitive::#name)
            }
            Type::Bool => quote!(#rt::data::Bool),
            Type::Pointer => quote!(#rt::data::Pointer),
            Type::Array(element, count) => {
                let (element, count) = (self.ty(element), number(*count));
                quote!([#element; #count])
            }
            Type::Bytes(size) => {
                let size = number(*size);
                quote!([::core::primitive::u8; #size])
            }
            Type::Item(index) => {
                let prefix = &self.prefix;
                let name = self.types.items.get(*index).map(|item| ident(&item.name));
                quote!(#prefix #name)
            }
        }
    }

    fn field(&self, field: &Field) -> (Ident, TokenStream, Literal) {
        (ident(&field.name), self.ty(&field.ty), number(field.offset))
    }

    fn bits(&self, bits: &[BitField]) -> TokenStream {
        let bits = bits.iter().map(|bit| {
            let (name, set) = (ident(&bit.name), format_ident!("set_{}", bit.name));
            let storage = bit.storage.as_deref().map_or_else(|| format_ident!("__bytes"), ident);
            let (ty, start, width) = (self.ty(&bit.ty), number(bit.start), number(bit.width));
            quote!(#name, #set: #ty = #storage, #start, #width;)
        });
        quote!(#(#bits)*)
    }
}

/// Without a type, so that it becomes one of any.
fn number(value: u32) -> Literal {
    Literal::u32_unsuffixed(value)
}
