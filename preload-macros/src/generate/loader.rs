//! The plan as a program that the kernel runs, for objects that ask for one.

use preload_object::loader::{Form, Loader, MapPlace};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::option;
use crate::model::{Model, Signed};

/// `__LOADER`, or `__SIGNED` with its signatures; nothing without either.
pub(super) fn generate(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    if let Some(Signed { signature, hashed, bound, .. }) = &model.signed {
        let loader = constant(rt, bound);
        let bound = form(rt, bound, signature.cms(Form::Bound));
        let hashed = form(rt, hashed, signature.cms(Form::Hashed));
        return quote! {
            static __SIGNED: #rt::plan::Signed =
                #rt::plan::Signed { loader: #loader, bound: #bound, hashed: #hashed };
            const _: () = #rt::__private::check_loader(&__SIGNED.loader, &PLAN);
        };
    }
    let Some(loader) = &model.loader else { return TokenStream::new() };
    let loader = constant(rt, loader);
    quote! {
        static __LOADER: #rt::plan::Loader = #loader;
        const _: () = #rt::__private::check_loader(&__LOADER, &PLAN);
    }
}

fn constant(rt: &TokenStream, loader: &Loader) -> TokenStream {
    let Loader { instructions, blob, context_size, maps_at, programs_at, maps } = loader;
    let (instructions, blob) = (Literal::byte_string(instructions), Literal::byte_string(blob));
    let maps = maps.iter().map(|MapPlace { max_entries, contents }| {
        let contents = option(*contents);
        quote! { #rt::plan::LoaderMap { max_entries: #max_entries, contents: #contents } }
    });
    quote! {
        #rt::plan::Loader {
            instructions: #instructions,
            blob: #blob,
            context_size: #context_size,
            maps_at: #maps_at,
            programs_at: #programs_at,
            maps: &[#(#maps),*],
        }
    }
}

fn form(rt: &TokenStream, loader: &Loader, signature: &[u8]) -> TokenStream {
    let instructions = Literal::byte_string(&loader.instructions);
    let hash = Literal::byte_string(&loader.exclusive_hash());
    let signature = Literal::byte_string(signature);
    quote! {
        #rt::plan::SignedForm { instructions: #instructions, exclusive_hash: *#hash, signature: #signature }
    }
}

/// `OpenSkel::load_in_kernel`; nothing without a loader.
pub(super) fn method(model: &Model, maps: &TokenStream, programs: &TokenStream) -> TokenStream {
    if model.loader.is_none() {
        return TokenStream::new();
    }
    let rt = &model.runtime;
    quote! {
        /// Loads what was not left out, from inside the kernel: a program does it in one run (5.14). What comes of it
        /// is the same as with [`load`](Self::load).
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; nothing stays loaded then. `EOPNOTSUPP` for a map that is there already.
        pub fn load_in_kernel(self) -> ::core::result::Result<Skel, #rt::Error> {
            #rt::__private::load_in_kernel(
                &PLAN,
                &__LOADER,
                #maps,
                #programs,
            )
        }
    }
}
