//! `OpenSkel`: what may be chosen before load.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, loader, rows, types};
use crate::model::Model;

pub(super) fn generate(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let plan = &model.plan;
    let programs: Vec<_> = model.names.programs.iter().map(|names| &names.field).collect();
    let program_docs = plan.programs.iter().map(|plan| {
        let left_out = if plan.autoload { "" } else { ", which is left out unless it is switched on" };
        doc(format!("The program `{}`{left_out}.", plan.name))
    });
    let program_indices: Vec<_> = (0..programs.len()).collect();

    // Data sections have the size they have.
    let sized = || {
        model.names.maps.iter().zip(&plan.maps).enumerate().filter(|(_, (_, plan))| plan.map.data.is_none())
    };
    let maps: Vec<_> = sized().map(|(_, (names, _))| &names.field).collect();
    let map_indices: Vec<_> = sized().map(|(index, _)| index).collect();
    let map_docs = sized().map(|(_, (_, plan))| doc(format!("The map `{}`.", plan.map.name)));
    let sections: Vec<_> = types::sections(model).map(|(_, section, ..)| section).collect();
    let section_indices: Vec<_> = types::sections(model).map(|(index, ..)| index).collect();
    let section_docs = types::sections(model)
        .map(|(_, _, plan, _)| doc(format!("The variables of the data section `{}`.", plan.map.name)));
    let maps_array = quote!(self.__map_choices());
    let programs_array = quote!(#rt::__private::OpenRow::all(&self.progs));
    // Only objects with values of the kernel's configuration have a say in where they come from.
    let has_config = plan.has_config();
    let (kconfig_field, kconfig_default, kconfig) = if has_config {
        (
            quote! {
                /// Where the values of the kernel's configuration come from.
                pub kconfig: #rt::OpenKconfig,
            },
            quote!(kconfig: #rt::__private::open_kconfig(),),
            quote!(::core::option::Option::Some(&self.kconfig)),
        )
    } else {
        (quote!(), quote!(), quote!(::core::option::Option::None))
    };
    let (map_count, sized_count) = (plan.maps.len(), maps.len());
    let rows = [
        rows::open_row(
            model,
            &quote!(OpenMaps),
            &quote!(#rt::OpenMap),
            &maps,
            &quote!(#rt::__private::open_map(&__MAPS[__index])),
            &map_indices,
        ),
        rows::debug(
            &quote!(OpenMaps),
            &quote!(#rt::__private::show_open_maps(&PLAN, self, &__OPEN_MAPS, __f)),
        ),
        rows::open_row(
            model,
            &quote!(OpenProgs),
            &quote!(#rt::OpenProgram),
            &programs,
            &quote!(#rt::__private::open_program(&__PROGRAMS[__index])),
            &program_indices,
        ),
        rows::debug(&quote!(OpenProgs), &quote!(#rt::__private::show_open_programs(&PLAN, self, __f))),
    ];
    let in_kernel = loader::method(model, &maps_array, &programs_array);
    quote! {
        /// The object before load: what may still be chosen.
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct OpenSkel {
            /// The maps defined by the object, for their sizes.
            pub maps: OpenMaps,
            /// The programs, to be loaded or left out.
            pub progs: OpenProgs,
            #(#section_docs pub #sections: data::#sections,)*
            __pin_root: #rt::__private::PinRoot,
            #kconfig_field
        }

        /// The maps defined by the object, before load.
        #[allow(non_snake_case)]
        pub struct OpenMaps {
            #(#map_docs pub #maps: #rt::OpenMap,)*
        }

        /// The programs of the object, before load.
        #[allow(non_snake_case)]
        pub struct OpenProgs {
            #(#program_docs pub #programs: #rt::OpenProgram,)*
        }

        #(#rows)*

        /// Which maps of the plan those of `OpenMaps` are.
        const __OPEN_MAPS: [::core::primitive::usize; #sized_count] = [#(#map_indices),*];

        impl OpenSkel {
            fn __map_choices(&self) -> [#rt::__private::MapChoice<'_>; #map_count] {
                #rt::__private::map_choices(
                    #rt::__private::OpenRow::all(&self.maps),
                    &__OPEN_MAPS,
                    &[#((
                        #section_indices,
                        #rt::__private::MapChoice::Variables(&self.#sections, &__MAPS[#section_indices]),
                    )),*],
                )
            }

            /// Names the directory in a bpffs that maps pinned by name are shared in, in place of the one that the
            /// attribute names. Without either it is the bpffs that is preloaded into, or `/sys/fs/bpf`.
            pub fn set_pin_root(&mut self, __directory: impl #rt::AsPath) -> &mut Self {
                self.__pin_root = #rt::__private::pin_root(__directory);
                self
            }

            /// Loads what was not left out.
            ///
            /// # Errors
            ///
            /// Whatever the kernel refuses; nothing stays loaded then.
            pub fn load(self) -> ::core::result::Result<Skel, #rt::Error> {
                #rt::__private::load(
                    &PLAN,
                    &self.__pin_root,
                    #maps_array,
                    #programs_array,
                    #kconfig,
                )
            }

            /// The same for a process without the privilege in the initial user namespace: where the kernel
            /// refuses, a token of a bpffs that was mounted to give tokens is used (6.9).
            ///
            /// # Errors
            ///
            /// Whatever the kernel refuses; nothing stays loaded then.
            pub fn load_with_token(
                self,
                __bpffs: impl #rt::AsPath,
            ) -> ::core::result::Result<Skel, #rt::Error> {
                #rt::__private::load_with_token(
                    &PLAN,
                    &self.__pin_root,
                    #maps_array,
                    #programs_array,
                    #kconfig,
                    __bpffs,
                )
            }

            #in_kernel

            /// Loads what was not left out, attaches its programs and pins them, as the options say.
            ///
            /// All or nothing: a failure leaves no pin, no program and no descriptor behind, and what was
            /// there before as it was.
            ///
            /// # Errors
            ///
            /// Whatever the kernel refuses; a place that is not in a bpffs; what the options say of what is
            /// there already.
            pub fn preload(
                self,
                __options: #rt::Preload,
            ) -> ::core::result::Result<#rt::Preloaded<Skel>, #rt::Error> {
                #rt::__private::preload(
                    &PLAN,
                    &__options,
                    &self.__pin_root,
                    #maps_array,
                    #programs_array,
                    #kconfig,
                )
            }

            /// What is preloaded where the options say, and whether [`preload`](Self::preload) would make the same of
            /// these choices. Changes nothing.
            ///
            /// # Errors
            ///
            /// A place that is not in a bpffs; whatever the kernel refuses to show.
            pub fn status(
                &self,
                __options: &#rt::Preload,
            ) -> ::core::result::Result<#rt::Status, #rt::Error> {
                #rt::__private::status(&PLAN, __options, &#maps_array, &#programs_array, #kconfig)
            }
        }

        impl ::core::default::Default for OpenSkel {
            fn default() -> Self {
                Self {
                    maps: #rt::__private::OpenRow::new(),
                    progs: #rt::__private::OpenRow::new(),
                    #(#sections: #rt::__private::variables(&__MAPS[#section_indices]),)*
                    __pin_root: #rt::__private::open_pin_root(),
                    #kconfig_default
                }
            }
        }

        impl #rt::OpenSkeleton for OpenSkel {
            fn plan(&self) -> &'static #rt::plan::Plan {
                &PLAN
            }

            fn program_at(&mut self, __index: ::core::primitive::usize) -> ::core::option::Option<&mut #rt::OpenProgram> {
                #rt::__private::OpenRow::at_mut(&mut self.progs, __index)
            }

            fn map_at(&mut self, __index: ::core::primitive::usize) -> ::core::option::Option<&mut #rt::OpenMap> {
                #rt::__private::open_map_at(&mut self.maps, &__OPEN_MAPS, __index)
            }
        }
    }
}
