//! Structs, and the places of their fields in shared memory.

use preload_object::{Field, Item};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::{Path, ident, number};

/// A struct. That it lies in memory as in C is held against what the compiler makes of it.
pub(super) fn generate(path: &Path<'_>, item: &Item, packed: bool, fields: &[Field]) -> TokenStream {
    let rt = path.rt;
    let name = ident(&item.name);
    let text = &item.name;
    let (size, align, count) = (number(item.size), number(item.align), fields.len());
    let repr = if packed { quote!(C, packed) } else { quote!(C) };
    let hidden = fields.iter().map(|field| field.hidden.then(|| quote!(#[doc(hidden)])));
    let texts = fields.iter().map(|field| &field.name);
    let parts: Vec<_> = fields.iter().map(|field| path.field(field)).collect();
    let (names, types): (Vec<_>, Vec<_>) = parts.iter().map(|(name, ty, _)| (name, ty)).unzip();
    let offsets: Vec<_> = parts.iter().map(|(.., offset)| offset).collect();
    // Copies, for a field of a packed struct may have no reference to it.
    let copies: Vec<_> = (0..count).map(|number| format_ident!("__{number}")).collect();
    let hash = item.in_key.then(|| {
        quote! {
            impl ::core::hash::Hash for #name {
                fn hash<__H: ::core::hash::Hasher>(&self, __state: &mut __H) {
                    #rt::__private::hash(self, __state);
                }
            }
        }
    });
    quote! {
        #[repr(#repr)]
        pub struct #name {
            #(#hidden pub #names: #types,)*
        }

        const _: () = #rt::__private::layout::<#name, #count>(
            #size, #align, [#(::core::mem::offset_of!(#name, #names)),*], [#(#offsets),*],
        );

        impl #rt::data::Value for #name {
            type Bytes = [::core::primitive::u8; #size];

            fn load<__S: #rt::__private::Source + ?::core::marker::Sized>(
                __from: &__S, __at: ::core::primitive::usize,
            ) -> Self {
                Self { #(#names: __from.field(__at, #offsets),)* }
            }

            fn store<__S: #rt::__private::Sink + ?::core::marker::Sized>(
                &self, __to: &mut __S, __at: ::core::primitive::usize,
            ) {
                let Self { #(#names: #copies,)* } = *self;
                #(__to.field(#texts, #copies, __at, #offsets);)*
            }
        }

        impl ::core::marker::Copy for #name {}

        impl ::core::clone::Clone for #name {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl ::core::fmt::Debug for #name {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #rt::__private::show(self, #text, __f)
            }
        }

        impl ::core::default::Default for #name {
            fn default() -> Self {
                #rt::data::Value::zeroed()
            }
        }

        impl ::core::cmp::PartialEq for #name {
            fn eq(&self, __other: &Self) -> ::core::primitive::bool {
                #rt::__private::same(self, __other)
            }
        }

        impl ::core::cmp::Eq for #name {}

        #hash
    }
}

/// The places of fields of a struct or section in shared memory, as a struct of the same name one module deeper.
pub(super) fn fields(
    rt: &TokenStream,
    name: &Ident,
    fields: &[(Ident, TokenStream, Literal)],
) -> TokenStream {
    let names = fields.iter().map(|(name, ..)| name);
    let types = fields.iter().map(|(_, ty, _)| ty);
    let places = fields.iter().map(|(name, _, offset)| quote!(#name: __at.part::<_, #offset>()));
    quote! {
        pub struct #name<'__a, __A> {
            #(pub #names: #rt::data::Shared<'__a, #types, __A>,)*
        }

        impl #rt::__private::Fields for super::#name {
            type Of<'__a, __A: #rt::__private::Access> = #name<'__a, __A>;

            #[inline]
            fn of<__A: #rt::__private::Access>(__at: #rt::data::Shared<'_, Self, __A>) -> #name<'_, __A> {
                #name { #(#places,)* }
            }
        }
    }
}
