//! `Skel`: the loaded object, with a field for each map, program and link.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{doc, operations, rows, short_doc, types};
use crate::model::Model;

pub(super) fn generate(model: &Model) -> TokenStream {
    let types = structs(model);
    let methods = methods(model);
    let traits = traits(model);
    quote! { #types #methods #traits }
}

fn structs(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let maps = model.names.maps.iter().map(|names| &names.field);
    let handles = (0..model.plan.maps.len()).map(|index| types::handle(model, index));
    let map_docs = model.plan.maps.iter().map(|plan| match plan.map.data {
        Some(_) => doc(format!("The data section `{}`.", plan.map.name)),
        None => doc(format!("The map `{}`.", plan.map.name)),
    });
    let programs: Vec<_> = model.names.programs.iter().map(|names| &names.field).collect();
    let program_docs = model.plan.programs.iter().map(|plan| match &plan.target {
        Some(target) => doc(format!("The program `{}`, in `{}/{target}`.", plan.name, plan.section)),
        None => doc(format!("The program `{}`, in `{}`.", plan.name, plan.section)),
    });
    let kinds = model.plan.programs.iter().map(|plan| format_ident!("{}", plan.handle));
    let link_docs = model
        .plan
        .programs
        .iter()
        .map(|plan| doc(format!("The link of `{}`, once it is attached.", plan.name)));
    let all = operations::all(model);
    let operations = all.iter().map(|operations| operations.field);
    let operation_docs = all
        .iter()
        .map(|operations| doc(format!("The link of `{}`, once they are attached.", operations.name)));
    quote! {
        /// The loaded object. It owns its descriptors: dropping it detaches what is not pinned.
        #[derive(::core::fmt::Debug)]
        pub struct Skel {
            /// The maps.
            pub maps: Maps,
            /// The programs.
            pub progs: Progs,
            /// The links.
            pub links: Links,
        }

        /// The maps of the object.
        #[allow(non_snake_case)]
        pub struct Maps {
            #(#map_docs pub #maps: #handles,)*
        }

        /// The programs of the object.
        #[allow(non_snake_case)]
        pub struct Progs {
            #(#program_docs pub #programs: #rt::Program<#rt::kind::#kinds>,)*
        }

        /// The links of the object's programs.
        #[allow(non_snake_case)]
        pub struct Links {
            #(#link_docs pub #programs: ::core::option::Option<#rt::Link>,)*
            #(#operation_docs pub #operations: ::core::option::Option<#rt::Link>,)*
        }
    }
}

fn methods(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let program_count = model.plan.programs.len();
    let operation_pins = operations::methods(model);
    let pins = model.names.programs.iter().zip(&model.plan.programs).enumerate().map(|(index, (names, plan))| {
        let (pin, unpin) = (&names.pin, &names.unpin);
        let pin_doc = short_doc(&format!(
            "Pins the link of `{}` at a path in a bpffs: the program stays attached as long as the pin is there.\n\
             \n\
             # Errors\n\
             \n\
             The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.",
            plan.name
        ));
        let unpin_doc = short_doc(&format!(
            "Removes the pin of the link of `{}` at a path in a bpffs.\n\
             \n\
             # Errors\n\
             \n\
             The path is not in a bpffs; `ENOENT` when nothing is there.",
            plan.name
        ));
        quote! {
            #pin_doc
            pub fn #pin(&self, __path: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
                self.__pin(#index, __path)
            }

            #unpin_doc
            pub fn #unpin(&self, __path: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
                self.__unpin(#index, __path)
            }
        }
    });
    let directory = &model.directory;
    let preload_doc = doc(format!(
        "Loads the object, attaches its programs and pins them under a bpffs, in the directory `{directory}`.\n\
         \n\
         All or nothing: a failure leaves no pin, no program and no descriptor behind. What is pinned stays when\n\
         the skeleton is dropped.\n\
         \n\
         # Errors\n\
         \n\
         Whatever the kernel refuses; a place that is not in a bpffs; a directory that is there already."
    ));
    quote! {
        #[allow(non_snake_case)]
        impl Skel {
            /// Starts a new instance; nothing happens before it is loaded.
            pub fn open() -> OpenSkel {
                ::core::default::Default::default()
            }

            /// Attaches every loaded program whose target is known and that is not attached yet: all of them
            /// or none.
            ///
            /// Returns those that are left to the caller.
            ///
            /// # Errors
            ///
            /// Whatever the kernel refuses.
            pub fn attach(&mut self) -> ::core::result::Result<#rt::Unattached<#program_count>, #rt::Error> {
                #rt::__private::attach(self)
            }

            /// Pins all links and maps that have a pin name into a new directory of a bpffs: all of them or
            /// none.
            ///
            /// # Errors
            ///
            /// `ErrorKind::NotAttached` when a program lacks the link that [`attach`](Self::attach) would
            /// have made; the place is not in a bpffs; `ErrorKind::AlreadyPinned` when the directory is there
            /// already.
            pub fn pin(&self, __directory: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
                #rt::__private::pin(self, __directory)
            }

            /// Removes what [`pin`](Self::pin) has pinned into a directory, then the directory.
            ///
            /// # Errors
            ///
            /// `ENOENT` when the directory is not there; `ErrorKind::Foreign` when something else is in it.
            pub fn unpin(&self, __directory: impl #rt::AsPath) -> ::core::result::Result<(), #rt::Error> {
                #rt::__private::unpin(&PLAN, __directory)
            }

            #preload_doc
            pub fn preload(__bpffs: impl #rt::AsPath) -> ::core::result::Result<Self, #rt::Error> {
                #rt::__private::preload_new(|| Self::open().preload(#rt::Preload::at(__bpffs)))
            }

            fn __pin(
                &self,
                __index: ::core::primitive::usize,
                __path: impl #rt::AsPath,
            ) -> ::core::result::Result<(), #rt::Error> {
                #rt::__private::pin_link(self, __index, __path)
            }

            fn __unpin(
                &self,
                __index: ::core::primitive::usize,
                __path: impl #rt::AsPath,
            ) -> ::core::result::Result<(), #rt::Error> {
                #rt::__private::unpin_link(&PLAN, __index, __path)
            }

            #(#pins)*
            #operation_pins
        }
    }
}

fn traits(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let maps: Vec<_> = model.names.maps.iter().map(|names| &names.field).collect();
    let programs: Vec<_> = model.names.programs.iter().map(|names| &names.field).collect();
    let operations = operations::all(model);
    let links: Vec<_> =
        programs.iter().copied().chain(operations.iter().map(|operations| operations.field)).collect();
    let kinds: BTreeSet<_> = model.plan.programs.iter().map(|plan| plan.handle).collect();
    let kinds: Vec<_> = kinds.into_iter().map(|kind| format_ident!("{kind}")).collect();
    let program_kinds = model.plan.programs.iter().map(|plan| empty_program(plan.handle));
    let empty_programs = kinds.iter().map(|kind| empty_program(&kind.to_string()));
    let handles = (0..maps.len()).map(|index| types::handle(model, index));
    // Whichever plan, until the row is filled.
    let one_map = (!maps.is_empty()).then(|| quote!(const __ONE: &#rt::plan::MapPlan = &__MAPS[0];));
    let rows = [
        rows::row(
            model,
            &quote!(Maps),
            &quote!(#rt::Map),
            &maps,
            &quote! {
                #one_map
                Self { #(#maps: <#handles>::empty(__ONE),)* }
            },
            Some(&quote!(#rt::__private::AsMap::as_map_mut)),
        ),
        rows::debug(&quote!(Maps), &quote!(#rt::__private::show_maps(&PLAN, self, __f))),
        rows::row(
            model,
            &quote!(Progs),
            &quote!(#rt::Program),
            &programs,
            &quote! {
                #(const #empty_programs: #rt::Program<#rt::kind::#kinds> = #rt::Program::empty(&__PROGRAMS[0]);)*
                Self { #(#programs: #program_kinds,)* }
            },
            None,
        ),
        rows::debug(&quote!(Progs), &quote!(#rt::__private::show_programs(&PLAN, self, __f))),
        rows::row(
            model,
            &quote!(Links),
            &quote!(::core::option::Option<#rt::Link>),
            &links,
            &quote! {
                const __NONE: ::core::option::Option<#rt::Link> = ::core::option::Option::None;
                Self { #(#links: __NONE,)* }
            },
            None,
        ),
        rows::debug(&quote!(Links), &quote!(#rt::__private::show_links(&PLAN, self, __f))),
    ];
    quote! {
        #(#rows)*

        impl #rt::Skeleton for Skel {
            fn plan(&self) -> &'static #rt::plan::Plan {
                &PLAN
            }

            fn map_at(&self, __index: ::core::primitive::usize) -> ::core::option::Option<&#rt::Map> {
                #rt::__private::Row::at(&self.maps, __index)
            }

            fn map_mut(&mut self, __index: ::core::primitive::usize) -> ::core::option::Option<&mut #rt::Map> {
                #rt::__private::Row::at_mut(&mut self.maps, __index)
            }

            fn program_at(&self, __index: ::core::primitive::usize) -> ::core::option::Option<&#rt::Program> {
                #rt::__private::Row::at(&self.progs, __index)
            }

            fn program_mut(
                &mut self,
                __index: ::core::primitive::usize,
            ) -> ::core::option::Option<&mut #rt::Program> {
                #rt::__private::Row::at_mut(&mut self.progs, __index)
            }

            fn link_at(&self, __index: ::core::primitive::usize) -> ::core::option::Option<&#rt::Link> {
                #rt::__private::Row::at(&self.links, __index)?.as_ref()
            }

            fn link_slot(
                &mut self,
                __index: ::core::primitive::usize,
            ) -> ::core::option::Option<&mut ::core::option::Option<#rt::Link>> {
                #rt::__private::Row::at_mut(&mut self.links, __index)
            }
        }

        impl #rt::__private::Stored for Skel {
            fn empty() -> Self {
                Self {
                    maps: #rt::__private::Row::empty(),
                    progs: #rt::__private::Row::empty(),
                    links: #rt::__private::Row::empty(),
                }
            }
        }
    }
}

/// The constant that is an empty program of a kind.
fn empty_program(kind: &str) -> Ident {
    format_ident!("__{}", kind.to_uppercase())
}
