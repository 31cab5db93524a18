//! Types for what is in maps and variables: `types`, and `data` for the data sections.
//!
//! An object may have thousands of them, each of which costs the user's compiler time. What is written down is therefore
//! little: impls that call the runtime in place of derived ones, one assertion for a struct, no docs of fields.

mod structure;

use preload_object::{BitField, Field, Item, ItemKind, MapPlan, MapTypes, Type, Types};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::doc;
use crate::model::Model;
use crate::names::field as ident;

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
    let items = types.items.iter().map(|item| self::item(rt, types, item));
    let in_variables = types.items.iter().filter(|item| item.in_variable);
    let fields: Vec<_> = in_variables.filter_map(|item| fields(rt, types, item)).collect();
    let fields = (!fields.is_empty()).then(|| {
        quote! {
            /// The fields of structs in memory that is shared with the kernel.
            #[allow(missing_debug_implementations, missing_copy_implementations)]
            pub mod fields {
                #(#fields)*
            }
        }
    });
    Some(quote! {
        /// Types of the C source, as far as maps and variables need them.
        #[allow(
            missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals, clippy::expl_impl_clone_on_copy
        )]
        pub mod types {
            #(#items)*
            #fields
        }
    })
}

fn item(rt: &TokenStream, types: &Types, item: &Item) -> TokenStream {
    let name = ident(&item.name);
    let size = number(item.size);
    let doc = doc(if item.c_name.contains(' ') && !item.c_name.starts_with("an ") {
        format!("`{}` of the object.", item.c_name)
    } else {
        format!("It is {} in the object.", item.c_name)
    });
    let here = Path::of(rt, types, quote!());
    let lock = item.has_lock.then(|| quote!(impl #rt::maps::Locked for #name {}));
    let body = match &item.kind {
        ItemKind::Struct { packed, fields, bits } => {
            let bits = (!bits.is_empty()).then(|| {
                let bits = here.bits(bits);
                quote!(#rt::__private::bit_fields! { #name #bits })
            });
            let structure = structure::generate(&here, item, *packed, fields);
            quote! {
                #doc
                #structure
                #bits
            }
        }
        ItemKind::Bytes { fields, bits } => {
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
            let int = here.ty(&Type::Int { size: item.size, signed: *signed });
            let names = values.iter().map(|(name, _)| ident(name));
            let numbers = values.iter().map(|(_, value)| Literal::i128_unsuffixed(*value));
            quote! {
                #rt::__private::enumeration! { #doc enum #name: #int, #size { #(#names = #numbers,)* } }
            }
        }
    };
    quote! { #body #lock }
}

fn fields(rt: &TokenStream, types: &Types, item: &Item) -> Option<TokenStream> {
    let ItemKind::Struct { fields, .. } = &item.kind else { return None };
    let above = Path::of(rt, types, quote!(super::));
    let fields: Vec<_> =
        fields.iter().filter(|field| !field.hidden).map(|field| above.field(field)).collect();
    (!fields.is_empty()).then(|| structure::fields(rt, &ident(&item.name), &fields))
}

/// The data sections that have variables, with their numbers.
pub(super) fn sections(model: &Model) -> impl Iterator<Item = (usize, &Ident, &MapPlan, &MapTypes)> {
    let maps = model.names.maps.iter().zip(&model.plan.maps).zip(&model.types.maps).enumerate();
    maps.filter(|(_, (_, types))| !types.variables.is_empty())
        .map(|(index, ((names, plan), types))| (index, &names.field, plan, types))
}

fn data(model: &Model) -> Option<TokenStream> {
    let rt = &model.runtime;
    let (beside, above) = (
        Path::of(rt, &model.types, quote!(super::types::)),
        Path::of(rt, &model.types, quote!(super::super::types::)),
    );
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
            let ty = above.ty(&variable.ty);
            all.push((name, ty, offset));
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
        places.push(structure::fields(rt, section, &all));
    }
    (!values.is_empty()).then(|| {
        quote! {
            /// The data sections of the object: the values of their variables before load.
            #[allow(missing_docs, non_camel_case_types, non_snake_case)]
            pub mod data {
                #(#values)*

                /// The variables in memory that is shared with the kernel.
                #[allow(missing_debug_implementations, missing_copy_implementations)]
                pub mod fields {
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
