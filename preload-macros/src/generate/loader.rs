//! The plan as a program that the kernel runs, for objects that ask for one.

use preload_object::loader::{Loader, MapPlace};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::option;
use crate::model::Model;

/// `__LOADER`; nothing without a loader.
pub(super) fn generate(model: &Model) -> TokenStream {
    let Some(loader) = &model.loader else { return TokenStream::new() };
    let rt = &model.runtime;
    let Loader { instructions, blob, context_size, maps_at, programs_at, maps } = loader;
    let (instructions, blob) = (Literal::byte_string(instructions), Literal::byte_string(blob));
    let maps = maps.iter().map(|MapPlace { max_entries, contents }| {
        let contents = option(*contents);
        quote! { #rt::plan::LoaderMap { max_entries: #max_entries, contents: #contents } }
    });
    quote! {
        static __LOADER: #rt::plan::Loader = #rt::plan::Loader {
            instructions: #instructions,
            blob: #blob,
            context_size: #context_size,
            maps_at: #maps_at,
            programs_at: #programs_at,
            maps: &[#(#maps),*],
        };
        const _: () = #rt::__private::check_loader(&__LOADER, &PLAN);
    }
}

/// `OpenSkel::load_in_kernel`; nothing without a loader.
pub(super) fn method(model: &Model, maps: &TokenStream, programs: &TokenStream) -> TokenStream {
    if model.loader.is_none() {
        return TokenStream::new();
    }
    let rt = &model.runtime;
    let (map_count, program_count) = (model.plan.maps.len(), model.plan.programs.len());
    quote! {
        /// Loads what was not left out, from inside the kernel: a program does it in one run (5.14). What comes of it
        /// is the same as with [`load`](Self::load).
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; nothing stays loaded then. `EOPNOTSUPP` for a map that is there already.
        pub fn load_in_kernel(self) -> ::core::result::Result<Skel, #rt::Error> {
            #rt::__private::load_in_kernel::<Skel, #map_count, #program_count>(
                &PLAN,
                &__LOADER,
                #maps,
                #programs,
            )
        }
    }
}
