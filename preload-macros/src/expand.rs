//! The whole way of one expansion: arguments, module, source, object, choices, names, plan, tokens.

use preload_object::loader::{self, Form, Loader};
use preload_object::signature::Signature;
use preload_object::{Object, Plan, Types};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::args::Args;
use crate::choices::{choices, pin_root};
use crate::ctxt::Ctxt;
use crate::generate;
use crate::model::{Model, Signed};
use crate::module::Module;
use crate::names::Names;
use crate::source::{Found, Source};

pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let ctxt = Ctxt::new();
    let args = Args::parse(&ctxt, args);
    let module = Module::parse(&ctxt, &item);
    let Some(module) = module else {
        let errors = ctxt.finish();
        return quote! { #errors #item };
    };

    let runtime = args.as_ref().and_then(|args| args.crate_path.clone());
    let runtime = runtime.unwrap_or_else(|| quote!(::preload_runtime));
    let span = args.as_ref().map_or_else(Span::call_site, |args| args.path.span());
    let model = args.and_then(|args| model(&ctxt, &args, runtime.clone()));
    let errors = ctxt.finish();
    let contents = match model {
        Some(model) => generate::module(&model),
        None => unreadable(&runtime, span),
    };
    assemble(&module, &errors, &contents)
}

/// Nothing when there is no object to make items of.
fn model(ctxt: &Ctxt, args: &Args, runtime: TokenStream) -> Option<Model> {
    let source = Source::read(ctxt, &args.path)?;
    let object = match Object::read(&source.file.bytes) {
        Ok(object) => object,
        Err(errors) => {
            for error in &errors {
                ctxt.error(args.path.span(), format_args!("\"{}\": {error}", args.path.value()));
            }
            return None;
        }
    };
    let types = Types::new(&object);
    let (choices, directory) = choices(ctxt, args, &object, &types, &source.object);
    let pin_root = pin_root(ctxt, args);
    let names = Names::new(ctxt, &object, args.path.span());
    let plan = Plan::new(&object, &choices);
    let loader = args.in_kernel.and_then(|span| loader(ctxt, &plan, span));
    let signed = match &args.signature {
        // Without one that belongs to it, the object is none of those that load unsigned.
        Some(path) => Some(signed(ctxt, args, &plan, &source, path)?),
        None => None,
    };
    if let (Some(span), Some(_)) = (args.in_kernel, &signed) {
        ctxt.error(span, "a signed object is always loaded from inside the kernel; leave `in_kernel` out");
    }
    Some(Model { runtime, source, plan, types, loader, signed, directory, pin_root, names })
}

/// The plan as a program; what that cannot carry is reported where it is asked for.
fn loader(ctxt: &Ctxt, plan: &Plan, span: Span) -> Option<Loader> {
    match loader::generate(plan, None) {
        Ok(loader) => Some(loader),
        Err(error) => {
            ctxt.error(span, format_args!("the object cannot be loaded from inside the kernel: {error}"));
            None
        }
    }
}

/// The signature, if it is one of this object and of what the arguments make of it.
fn signed(ctxt: &Ctxt, args: &Args, plan: &Plan, source: &Source, path: &LitStr) -> Option<Signed> {
    if let Some(section) = args.sections.first() {
        let message = format_args!(
            "`{0}(..)` would change what is signed, and `bpf-preload sign` does not take it; put the values into the \
             source of the object, or leave `signature` out",
            section.name
        );
        ctxt.error(section.name.span(), message);
        return None;
    }
    let refuse =
        |why: &dyn std::fmt::Display| ctxt.error(path.span(), format_args!("\"{}\": {why}", path.value()));
    let generate = |form| match loader::generate(plan, Some(form)) {
        Ok(loader) => Some(loader),
        Err(error) => {
            ctxt.error(path.span(), format_args!("the object cannot be signed: {error}"));
            None
        }
    };
    let (hashed, bound) = (generate(Form::Hashed)?, generate(Form::Bound)?);
    let file = Found::read(ctxt, path, "signature file", "sign the object first with `bpf-preload sign`")?;
    let signature = Signature::parse(&file.bytes).map_err(|error| refuse(&error)).ok()?;
    signature.check_object(&source.file.bytes).map_err(|mismatch| refuse(&mismatch)).ok()?;
    signature.check(&hashed, &bound).map_err(|mismatch| refuse(&mismatch)).ok()?;
    Some(Signed { file, signature, hashed, bound })
}

/// An import that cannot be resolved keeps the compiler from reporting every use of the module as well: the
/// user sees our message and one about this name.
fn unreadable(runtime: &TokenStream, span: Span) -> TokenStream {
    quote_spanned! {span=> pub use #runtime::__private::the_object_could_not_be_read::*; }
}

/// The module again: its own attributes, visibility and items, the errors, the generated items.
fn assemble(module: &Module, errors: &TokenStream, contents: &TokenStream) -> TokenStream {
    let Module { front, ident, inner, items } = module;
    quote! {
        #front #ident {
            #inner
            #items
            #errors
            #contents
        }
    }
}
