//! Lints that a user's crate may deny stay silent on what the attribute has put into it.

mod support;

use support::{Outcome, Package, object};

/// On top of what warns by default; clippy knows them all.
const LINTS: &str = "
    clippy::all,
    clippy::cargo,
    clippy::nursery,
    clippy::pedantic,
    clippy::allow_attributes_without_reason,
    clippy::multiple_unsafe_ops_per_block,
    clippy::undocumented_unsafe_blocks,
    clippy::unwrap_used,
    ambiguous_negative_literals,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    future_incompatible,
    impl_trait_redundant_captures,
    keyword_idents,
    let_underscore_drop,
    meta_variable_misuse,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    nonstandard_style,
    redundant_imports,
    redundant_lifetimes,
    refining_impl_trait,
    rust_2018_idioms,
    rust_2024_compatibility,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_crate_dependencies,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
";

/// Modules of every visibility, and next to no use of them.
const MODULES: &str = r#"
use preload_macros::bpf_preload;

#[bpf_preload("iterators.bpf.o")]
mod private {}

#[bpf_preload("iterators.bpf.o")]
pub(crate) mod in_crate {}

/// Two iterators.
#[bpf_preload("iterators.bpf.o")]
pub mod public {}

/// Maps and variables with types.
#[bpf_preload("layouts.bpf.o")]
pub mod layouts {}

#[bpf_preload("layouts.bpf.o")]
mod private_layouts {}

/// One iterator, seen from outside by its skeleton alone.
#[bpf_preload("iterators.bpf.o")]
mod re_exported {}

pub use re_exported::Skel;
"#;

fn lint(name: &str, file: &str, more: &str) -> Outcome {
    let package = Package::new(name, "2024");
    package.write("src/iterators.bpf.o", object("iterators"));
    package.write("src/layouts.bpf.o", object("types/layouts"));
    package.write(
        file,
        format!("//! A user's crate.\n\n#![forbid(unsafe_code)]\n#![deny({LINTS})]\n{MODULES}{more}"),
    );
    package.cargo("clippy")
}

#[test]
fn a_library_is_silent() {
    lint("lints-library", "src/lib.rs", "").assert_clean();
}

/// Nothing is public in a program, so that what is not used is dead.
#[test]
fn a_program_is_silent() {
    let main = "
fn main() -> Result<(), preload_runtime::Error> {
    private::preload(\"/sys/fs/bpf\")
}
";
    lint("lints-program", "src/main.rs", main).assert_clean();
}

/// The silence of the tests above is not that of lints that are off: neither the compiler's nor clippy's.
#[test]
fn the_users_own_items_are_not_silent() {
    let outcome = lint("lints-own", "src/lib.rs", "\nfn unused() {}\n\npub fn bare() -> u32 {\n    1\n}\n");
    assert!(!outcome.success);
    for complaint in [
        "function `unused` is never used",
        "missing documentation for a function",
        "could have a `#[must_use]`",
    ] {
        assert!(outcome.stderr.contains(complaint), "{}", outcome.stderr);
    }
}
