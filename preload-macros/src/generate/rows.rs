//! The rows of a skeleton, by index: what the runtime needs to work on structs with a field for each map, program or link.
//!
//! An object may have thousands of them. A field costs a few tokens in each of these tables, and no code of its own.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::model::Model;

/// `impl Row` of a loaded skeleton's struct.
pub(super) fn row(
    model: &Model,
    name: &TokenStream,
    item: &TokenStream,
    fields: &[impl ToTokens],
    empty: &TokenStream,
    as_item: Option<&TokenStream>,
) -> TokenStream {
    let rt = &model.runtime;
    let at = at(fields.iter().map(|field| quote!(&self.#field)));
    let at_mut = at_mut(fields, as_item);
    quote! {
        impl #rt::__private::Row for #name {
            type Item = #item;

            fn empty() -> Self {
                const { #empty }
            }

            fn at(&self, __index: ::core::primitive::usize) -> ::core::option::Option<&#item> {
                #at
            }

            fn at_mut(&mut self, __index: ::core::primitive::usize) -> ::core::option::Option<&mut #item> {
                #at_mut
            }
        }
    }
}

/// `impl OpenRow` of the choices' struct, and its copies. Each field starts as `new` makes it of the index that it has in `plans`.
pub(super) fn open_row(
    model: &Model,
    name: &TokenStream,
    item: &TokenStream,
    fields: &[impl ToTokens],
    new: &TokenStream,
    indices: &[usize],
) -> TokenStream {
    let rt = &model.runtime;
    let count = fields.len();
    let at_mut = at_mut(fields, None);
    quote! {
        impl #rt::__private::OpenRow<#count> for #name {
            type Item = #item;

            fn new() -> Self {
                const {
                    const fn __new(__index: ::core::primitive::usize) -> #item {
                        #new
                    }
                    Self { #(#fields: __new(#indices),)* }
                }
            }

            fn all(&self) -> [&#item; #count] {
                [#(&self.#fields),*]
            }

            fn at_mut(&mut self, __index: ::core::primitive::usize) -> ::core::option::Option<&mut #item> {
                #at_mut
            }
        }

        impl ::core::clone::Clone for #name {
            fn clone(&self) -> Self {
                #rt::__private::copy(self)
            }
        }
    }
}

/// `impl Debug` by a function of the runtime.
pub(super) fn debug(name: &TokenStream, show: &TokenStream) -> TokenStream {
    quote! {
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #show
            }
        }
    }
}

fn at_mut(fields: &[impl ToTokens], as_item: Option<&TokenStream>) -> TokenStream {
    at(fields.iter().map(|field| match as_item {
        Some(as_item) => quote!(#as_item(&mut self.#field)),
        None => quote!(&mut self.#field),
    }))
}

fn at(places: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    if places.len() == 0 {
        return quote!(::core::option::Option::None);
    }
    let indices = 0..places.len();
    let indices = indices.map(proc_macro2::Literal::usize_unsuffixed);
    quote! {
        ::core::option::Option::Some(match __index {
            #(#indices => #places,)*
            _ => return ::core::option::Option::None,
        })
    }
}
