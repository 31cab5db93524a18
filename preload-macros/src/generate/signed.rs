//! `OpenSkel` of a signed object: what it loads is what was signed, so that there is little to be chosen.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, rows};
use crate::model::Model;

pub(super) fn generate(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let programs: Vec<_> = model.names.programs.iter().map(|names| &names.field).collect();
    let docs = model.plan.programs.iter().map(|plan| doc(format!("The program `{}`.", plan.name)));
    let indices: Vec<_> = (0..programs.len()).collect();
    let choices = quote!(#rt::__private::signed_programs(#rt::__private::OpenRow::all(&self.progs)));
    let row = rows::open_row(
        model,
        &quote!(OpenProgs),
        &quote!(#rt::OpenSignedProgram),
        &programs,
        &quote!(#rt::__private::open_signed_program(&__PROGRAMS[__index])),
        &indices,
    );
    let debug =
        rows::debug(&quote!(OpenProgs), &quote!(#rt::__private::show_open_programs(&PLAN, self, __f)));
    let (map_count, program_count) = (model.plan.maps.len(), model.plan.programs.len());
    quote! {
        /// The object before load: what may still be chosen. Constants, sizes and programs are those that were signed.
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct OpenSkel {
            /// The programs, for how they are attached.
            pub progs: OpenProgs,
            __keyring: #rt::Keyring,
        }

        /// The programs of the object, before load.
        #[allow(non_snake_case)]
        pub struct OpenProgs {
            #(#docs pub #programs: #rt::OpenSignedProgram,)*
        }

        #row
        #debug

        impl OpenSkel {
            /// Names the keyring in which the kernel looks for the key of the signature; `Keyring::Builtin` unless it is
            /// named.
            pub fn set_keyring(&mut self, __keyring: #rt::Keyring) -> &mut Self {
                self.__keyring = __keyring;
                self
            }

            /// Loads the object, if the kernel takes its signature (6.18).
            ///
            /// # Errors
            ///
            /// `ErrorKind::Signature` where the kernel does not take it; whatever else it refuses. Nothing stays loaded
            /// then.
            pub fn load(self) -> ::core::result::Result<Skel, #rt::Error> {
                #rt::__private::load_signed::<Skel, #map_count, #program_count>(
                    &PLAN,
                    &__SIGNED,
                    self.__keyring,
                    #choices,
                )
            }

            /// Loads the object, if the kernel takes its signature (6.18), attaches its programs and pins them, as the
            /// options say.
            ///
            /// All or nothing: a failure leaves no pin, no program and no descriptor behind, and what was
            /// there before as it was.
            ///
            /// # Errors
            ///
            /// `ErrorKind::Signature` where the kernel does not take it; whatever else it refuses; a place that is not in
            /// a bpffs; what the options say of what is there already; `EOPNOTSUPP` where they say that maps are carried
            /// over.
            pub fn preload(
                self,
                __options: #rt::Preload,
            ) -> ::core::result::Result<#rt::Preloaded<Skel>, #rt::Error> {
                #rt::__private::preload_signed::<Skel, #map_count, #program_count>(
                    &PLAN,
                    &__SIGNED,
                    self.__keyring,
                    &__options,
                    #choices,
                )
            }

            /// What is preloaded where the options say, and whether [`preload`](Self::preload) would make the same of
            /// these choices. Changes nothing, and does not look at the signature.
            ///
            /// # Errors
            ///
            /// A place that is not in a bpffs; whatever the kernel refuses to show.
            pub fn status(
                &self,
                __options: &#rt::Preload,
            ) -> ::core::result::Result<#rt::Status, #rt::Error> {
                #rt::__private::status_signed::<#map_count>(&PLAN, __options, &#choices)
            }
        }

        impl ::core::default::Default for OpenSkel {
            fn default() -> Self {
                Self {
                    progs: #rt::__private::OpenRow::new(),
                    __keyring: #rt::Keyring::Builtin,
                }
            }
        }
    }
}
