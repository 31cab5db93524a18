//! The attribute `#[bpf_preload]`. What it generates calls the crate `preload-runtime`, which users depend on as well,
//! and which has the documentation.

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

/// Turns an inline module into the skeleton of an eBPF object.
///
/// ```ignore
/// use preload_macros::bpf_preload;
///
/// #[bpf_preload("iterators.bpf.o")]
/// pub mod iterators {}
///
/// fn main() -> Result<(), preload_runtime::Error> {
///     iterators::preload("/sys/fs/bpf")
/// }
/// ```
///
/// Its arguments, and the items that the module gets, are on the page
/// [`attribute`](https://docs.rs/preload-runtime/latest/preload_runtime/attribute/) of `preload-runtime`.
#[proc_macro_attribute]
pub fn bpf_preload(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::expand(args.into(), item.into()).into()
}
