//! What the object leaves to the machine that loads it, as constants.

use preload_object::{ConfigKind, ConfigValue, KernelSymbol, Plan, ProgramPlan, SymbolKind};
use proc_macro2::TokenStream;
use quote::quote;

/// The values of the kernel's configuration that a map holds.
pub(super) fn config(rt: &TokenStream, values: &[ConfigValue]) -> TokenStream {
    let values = values.iter().map(|value| {
        let ConfigValue { name, offset, size, weak, kind } = value;
        let kind = match kind {
            ConfigKind::Bool => quote!(Bool),
            ConfigKind::Tristate => quote!(Tristate),
            ConfigKind::Char { signed } => quote!(Char { signed: #signed }),
            ConfigKind::Number { signed } => quote!(Number { signed: #signed }),
            ConfigKind::Text => quote!(Text),
        };
        quote! {
            #rt::plan::ConfigValue {
                name: #name,
                offset: #offset,
                size: #size,
                kind: #rt::plan::ConfigKind::#kind,
                weak: #weak,
            }
        }
    });
    quote!(&[#(#values),*])
}

/// The symbols of the kernel that programs refer to.
pub(super) fn symbols(rt: &TokenStream, symbols: &[KernelSymbol]) -> TokenStream {
    let symbols = symbols.iter().map(|symbol| {
        let KernelSymbol { name, kernel_name, kind, weak } = symbol;
        let kind = match kind {
            SymbolKind::Function(prototype) => quote!(Function(#prototype)),
            SymbolKind::Variable(type_id) => quote!(Variable(#type_id)),
            SymbolKind::Address => quote!(Address),
        };
        quote! {
            #rt::plan::KernelSymbol {
                name: #name,
                kernel_name: #kernel_name,
                kind: #rt::plan::SymbolKind::#kind,
                weak: #weak,
            }
        }
    });
    quote!(&[#(#symbols),*])
}

/// Where a program refers to them.
pub(super) fn references(rt: &TokenStream, plan: &ProgramPlan) -> TokenStream {
    let references = plan
        .symbol_references
        .iter()
        .map(|[insn, symbol]| quote!(#rt::plan::SymbolReference { insn: #insn, symbol: #symbol }));
    quote!(&[#(#references),*])
}

/// The code of the runtime that only some plans need.
pub(super) fn code(rt: &TokenStream, plan: &Plan) -> TokenStream {
    let kconfig = plan.has_config().then(|| quote!(.with_kconfig()));
    let symbols = (!plan.symbols.is_empty()).then(|| quote!(.with_symbols()));
    let has_operations = plan.maps.iter().any(|plan| plan.map.struct_ops.is_some());
    let struct_ops = has_operations.then(|| quote!(.with_struct_ops()));
    let has_extensions = plan.programs.iter().any(ProgramPlan::is_extension);
    let extensions = has_extensions.then(|| quote!(.with_extensions()));
    quote!(#rt::__private::Code::NONE #kconfig #symbols #struct_ops #extensions)
}
