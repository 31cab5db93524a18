//! The attribute `#[bpf_preload]`. Its documentation is in the crate `preload-runtime`, which re-exports it
//! unless it is told not to.

mod args;
mod choices;
mod constants;
mod ctxt;
mod expand;
mod generate;
mod model;
mod module;
mod names;
mod source;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Turns a module into the skeleton of an eBPF object: see the documentation of
/// `preload_runtime::bpf_preload`.
#[proc_macro_attribute]
pub fn bpf_preload(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(args.into(), item.into()).into()
}
