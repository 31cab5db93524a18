//! Operations, which have links as programs have: fields, statics and methods under the name of their map.

use preload_object::{StructOps, StructOpsMember};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{doc, option, short_doc};
use crate::model::Model;
use crate::names::identifier;

/// One map of operations.
pub(super) struct Operations<'a> {
    /// The index of its map.
    map: usize,
    pub(super) name: &'a str,
    pub(super) field: &'a Ident,
    pin: Option<&'a String>,
    what: &'a StructOps,
}

/// All of an object, in the order of its maps.
pub(super) fn all(model: &Model) -> Vec<Operations<'_>> {
    let maps = model.plan.maps.iter().zip(&model.names.maps).enumerate();
    let operations = maps.filter_map(|(map, (plan, names))| {
        let what = plan.map.struct_ops.as_ref()?;
        Some(Operations { map, name: &plan.map.name, field: &names.field, pin: plan.pin.as_ref(), what })
    });
    operations.collect()
}

/// The plans of all, as a static, so that links can refer to one of them.
pub(super) fn plans(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let all = all(model);
    let count = all.len();
    let plans = all.iter().map(|operations| {
        let Operations { map, name, pin, what: StructOps { type_name, contents, members }, .. } = operations;
        let contents = Literal::byte_string(contents);
        let members = members.iter().map(|StructOpsMember { name, offset, size, kind, program }| {
            let program = option(*program);
            quote! {
                #rt::plan::StructOpsMember {
                    name: #name,
                    offset: #offset,
                    size: #size,
                    kind: #kind,
                    program: #program,
                }
            }
        });
        let pin = option(*pin);
        quote! {
            #rt::plan::StructOpsPlan {
                map: #map,
                type_name: #type_name,
                contents: #contents,
                members: &[#(#members),*],
                link: #rt::plan::ProgramPlan { name: #name, pin: #pin, ..#rt::plan::ProgramPlan::EMPTY },
            }
        }
    });
    quote!(static __STRUCT_OPS: [#rt::plan::StructOpsPlan; #count] = [#(#plans),*];)
}

/// The statics of the links, which lie behind those of programs.
pub(super) fn views(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let first = model.plan.maps.len() + 2 * model.plan.programs.len();
    let views = all(model).into_iter().zip(first..).map(|(Operations { name, .. }, place)| {
        let ident = format_ident!("{}_LINK", identifier(name).to_uppercase());
        let doc = doc(format!("The link of `{name}`, while the object is preloaded."));
        quote! {
            #doc
            pub static #ident: #rt::View<#rt::Link> = __view(#place);
        }
    });
    quote!(#(#views)*)
}

/// The methods that pin and unpin one link.
pub(super) fn methods(model: &Model) -> TokenStream {
    let rt = &model.runtime;
    let programs = model.plan.programs.len();
    let methods = all(model).into_iter().enumerate().map(|(index, Operations { name, .. })| {
        let index = programs + index;
        let (pin, unpin) = (format_ident!("pin_{}", identifier(name)), format_ident!("unpin_{}", identifier(name)));
        let pin_doc = short_doc(&format!(
            "Pins the link of `{name}` at a path in a bpffs: the operations stay in force as long as the pin is there.\n\
             \n\
             # Errors\n\
             \n\
             They are not attached; the path is not in a bpffs; `EEXIST` when something is there already."
        ));
        let unpin_doc = short_doc(&format!(
            "Removes the pin of the link of `{name}` at a path in a bpffs.\n\
             \n\
             # Errors\n\
             \n\
             The path is not in a bpffs; `ENOENT` when nothing is there."
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
    quote!(#(#methods)*)
}
