//! The expansions of the example objects, kept as files, so that every change of the output is seen and reviewed.
//!
//! `BLESS=1 cargo test -p preload-macros golden` writes the files anew.

use std::env;
use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use similar::TextDiff;

use super::expansion;
use crate::expand::expand;

fn compare(object: &str, args: TokenStream, module: TokenStream) {
    let found = expansion(args, module);
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/golden").join(object).with_extension("rs");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, found).expect("the golden file can be written");
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let diff = TextDiff::from_lines(&golden, &found);
    assert!(
        golden == found,
        "the expansion has changed; if it should have, run `BLESS=1 cargo test -p preload-macros golden`\n{}",
        diff.unified_diff().header("golden", "found"),
    );
}

#[test]
fn iterators() {
    compare(
        "iterators",
        quote!("src/tests/objects/iterators.bpf.o"),
        quote!(
            pub mod iterators {}
        ),
    );
}

#[test]
fn ringbuf() {
    compare(
        "ringbuf",
        quote!("src/tests/objects/ringbuf.bpf.o"),
        quote!(
            pub mod ringbuf {}
        ),
    );
}

/// With a type of the object's own.
#[test]
fn policy() {
    compare(
        "policy",
        quote!("src/tests/objects/policy.bpf.o"),
        quote!(
            pub mod policy {}
        ),
    );
}

/// Builds are reproducible: nothing in the output hangs on addresses, on the order of a hash map or on the time. The
/// golden files say the same of two processes, as another one has written them.
#[test]
fn two_expansions_are_the_same() {
    let once = || {
        expand(
            quote!("src/tests/objects/iterators.bpf.o"),
            quote!(
                mod iterators {}
            ),
        )
        .to_string()
    };
    assert_eq!(once(), once());
}
