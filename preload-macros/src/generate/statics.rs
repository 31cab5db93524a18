//! The instance that is kept for the process, and the functions on it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, operations, types};
use crate::model::Model;

pub(super) fn generate(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let plan = &model.plan;
    let (maps, programs) = (plan.maps.len(), plan.programs.len());
    let places = maps + 2 * programs + operations::all(model).len();
    let operations = operations::views(model);

    let links = model.names.programs.iter().zip(&plan.programs).enumerate().map(|(index, (names, plan))| {
        let ident = &names.link;
        let place = maps + programs + index;
        let doc = doc(format!("The link of `{}`, while the object is preloaded.", plan.name));
        quote! {
            #doc
            pub static #ident: #rt::View<#rt::Link> = __view(#place);
        }
    });
    let map_views =
        model.names.maps.iter().zip(&plan.maps).enumerate().filter_map(|(index, (names, plan))| {
            let ident = names.map.as_ref()?;
            let handle = types::handle(model, index);
            let doc = doc(format!("The map `{}`, while the object is preloaded.", plan.map.name));
            Some(quote! {
                #doc
                pub static #ident: #rt::View<#handle> = __view(#index);
            })
        });
    let directory = &model.directory;
    let preload_doc = doc(format!(
        "Loads the object, attaches its programs and pins them under a bpffs, in the directory `{directory}`; keeps\n\
         the skeleton in [`SKEL`].\n\
         \n\
         All or nothing: a failure leaves no pin, no program and no descriptor behind.\n\
         \n\
         # Errors\n\
         \n\
         Whatever the kernel refuses; a place that is not in a bpffs; a directory that is there already; a second\n\
         call without [`unload`] between."
    ));
    let unpin_doc = doc(format!(
        "Removes what [`preload`] has pinned under a bpffs: the pins in `{directory}`, then the directory. Needs no\n\
         instance.\n\
         \n\
         # Errors\n\
         \n\
         `ENOENT` when the directory is not there; `ErrorKind::Foreign` when something else is in it."
    ));
    quote! {
        /// The skeleton of the object, while it is preloaded.
        pub static SKEL: #rt::Slot<Skel, #places> = #rt::Slot::new();
        const fn __view<__T: #rt::Handle>(__place: ::core::primitive::usize) -> #rt::View<__T> {
            #rt::View::new(&SKEL, __place, &PLAN)
        }
        #(#links)*
        #operations
        #(#map_views)*

        #preload_doc
        pub fn preload(__bpffs: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
            preload_with(#rt::Preload::at(__bpffs)).map(|_| ())
        }

        /// The same as the options say, which also tell what is to become of what is there already. What is
        /// kept is not loaded again, and [`SKEL`] stays empty.
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; a place that is not in a bpffs; what the options say of what is there
        /// already; a second call without [`unload`] between.
        pub fn preload_with(
            __options: #rt::Preload,
        ) -> ::core::result::Result<#rt::Preloaded<()>, #rt::Error> {
            #rt::__private::preload_static(&PLAN, &SKEL, || Skel::open().preload(__options))
        }

        /// Lets go of what [`preload`] keeps in the statics; what is pinned stays in the kernel. Descriptors
        /// that are in use elsewhere are closed when their last user is done. Returns whether there was
        /// anything.
        pub fn unload() -> ::core::primitive::bool {
            #rt::__private::unload(&SKEL)
        }

        /// What is preloaded under a bpffs, and whether it is what [`preload`] would preload. Changes nothing, needs no
        /// instance.
        ///
        /// # Errors
        ///
        /// A place that is not in a bpffs; whatever the kernel refuses to show.
        pub fn status(__bpffs: impl #rt::AsPath) -> ::core::result::Result<#rt::Status, #rt::Error> {
            Skel::open().status(&#rt::Preload::at(__bpffs))
        }

        #unpin_doc
        pub fn unpin(__bpffs: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
            unpin_with(#rt::Removal::at(__bpffs))
        }

        /// The same as the options say.
        ///
        /// # Errors
        ///
        /// As those of [`unpin`].
        pub fn unpin_with(__options: #rt::Removal) -> ::core::result::Result<(), #rt::Error> {
            #rt::__private::unpin_preloaded(&PLAN, &__options)
        }

        /// This object in a list of objects.
        pub static OBJECT: #rt::Object = #rt::Object::new(
            &PLAN,
            preload_with,
            unload,
            |__options| Skel::open().status(__options),
            |__look| #rt::__private::each_link(&SKEL, __look),
        );
    }
}
