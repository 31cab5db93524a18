//! What must be in the output, and what must never be.
//!
//! The output lands in modules of all kinds: without a prelude, without std, with `unsafe` forbidden, beside
//! items that are called `Option` or `core`. That it compiles there is tested from outside; here is why it
//! does.

use quote::quote;

use super::expansion;

/// The expansion, each run of white space as one space, so that fragments do not hang on line breaks.
macro_rules! flat {
    (($($args:tt)*) $($module:tt)*) => {
        expansion(quote!($($args)*), quote!($($module)*)).split_whitespace().collect::<Vec<_>>().join(" ")
    };
}

fn assert_has(expansion: &str, fragment: &str) {
    assert!(expansion.contains(fragment), "`{fragment}` is not in {expansion}");
}

fn assert_lacks(expansion: &str, fragment: &str) {
    assert!(!expansion.contains(fragment), "`{fragment}` is in {expansion}");
}

/// Wherever `name` stands as a word of its own, it is the end of a path.
fn assert_never_bare(code: &str, name: &str) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in code.match_indices(name) {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        if !before.ends_with(is_word) && !after.starts_with(is_word) {
            let line = before.lines().count();
            assert!(before.ends_with("::"), "bare `{name}` in line {line} of {code}");
        }
    }
}

/// Without documentation, whose words are free.
fn code() -> String {
    let whole = expansion(
        quote!("src/tests/objects/iterators.bpf.o"),
        quote!(
            mod iterators {}
        ),
    );
    let mut in_block = false;
    let code = whole.lines().filter(|line| {
        let line = line.trim();
        let is_doc = in_block || line.starts_with("///") || line.starts_with("/**");
        in_block = (in_block || line.starts_with("/**")) && !line.ends_with("*/");
        !is_doc
    });
    code.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_name_of_core_is_bare() {
    let code = code();
    for name in [
        "CStr",
        "Clone",
        "Debug",
        "Default",
        "Err",
        "Iterator",
        "None",
        "Ok",
        "Option",
        "Result",
        "Some",
        "assert",
        "bool",
        "include_bytes",
        "panic",
        "usize",
    ] {
        assert_never_bare(&code, name);
        assert_has(&code, name);
    }
}

#[test]
fn the_output_needs_neither_std_nor_unsafe() {
    let code = code();
    for fragment in ["std ::", "std::", "alloc::", "unsafe", "extern crate", "use "] {
        assert_lacks(&code, fragment);
    }
}

/// C string literals came with edition 2021; the output may land in an older one.
#[test]
fn the_output_has_no_literal_of_a_newer_edition() {
    assert_lacks(&code(), "c\"");
}

#[test]
fn no_lint_is_silenced_wholesale() {
    let code = code();
    for fragment in ["warnings", "unused)", "clippy::all", "#![allow"] {
        assert_lacks(&code, fragment);
    }
}

#[test]
fn the_module_keeps_what_is_the_users() {
    let all = flat! {
        ("src/tests/objects/ringbuf.bpf.o")
        #[doc = "mine"]
        #[cfg(all())]
        pub(in crate::a) mod b {
            #![allow(unused_imports)]
            use super::*;
            pub fn own() -> u32 { 1 }
        }
    };
    assert_has(
        &all,
        "///mine #[cfg(all())] pub(in crate::a) mod b { #![allow(unused_imports)] use super::*;",
    );
    assert_has(&all, "pub fn own() -> u32 { 1 }");
    assert!(all.find("fn own").unwrap() < all.find("static PLAN").unwrap(), "the user's items are first");
}

#[test]
fn another_runtime_path_is_the_only_one() {
    let all = flat!(("src/tests/objects/ringbuf.bpf.o", crate = ::other::runtime) mod ringbuf {});
    assert_has(&all, "pub static PLAN: ::other::runtime::plan::Plan");
    assert_lacks(&all, "preload_runtime");
}

/// The compiler watches what `include_bytes!` names; its length tells when the file is not the one that was
/// read.
#[test]
fn the_object_is_tracked() {
    let all = flat!(("src/tests/objects/ringbuf.bpf.o") mod ringbuf {});
    assert_has(
        &all,
        "const _: () = ::core::assert!( ::core::include_bytes!(\"<package>/src/tests/objects/ringbuf.bpf.o\") .len() == ",
    );
}

#[test]
fn arguments_reach_the_plan() {
    let all = flat! {
        ("src/tests/objects/ringbuf.bpf.o", dir = "rings", program(dump_bpf_map, pin = "dump", manual), map(ringbuf, pin = false))
        mod ringbuf {}
    };
    assert_has(&all, "directory: \"rings\"");
    assert_has(&all, "autoattach: false");
    assert_has(&all, "pin: ::core::option::Option::Some(\"dump\")");
    assert_lacks(&all, "Some(\"ringbuf\")");
}

/// A mistake beside a readable object is reported, and the items are still there: no second error for each
/// use.
#[test]
fn an_error_does_not_take_the_items_away() {
    let all = flat!(("src/tests/objects/ringbuf.bpf.o", speed = 3) mod ringbuf {});
    assert_has(&all, "compile_error! { \"unknown option `speed`");
    assert_has(&all, "pub static PLAN");
}

/// Without an object there are no items; an import that leads nowhere keeps the uses of their names quiet.
#[test]
fn a_missing_object_gives_one_error_and_one_import() {
    let all = flat!(("missing.bpf.o") mod missing { fn own() {} });
    assert_has(&all, "the object \\\"missing.bpf.o\\\" cannot be read");
    assert_eq!(all.matches("compile_error!").count(), 1);
    assert_has(&all, "pub use ::preload_runtime::__private::the_object_could_not_be_read::*;");
    assert_has(&all, "fn own() {}");
    assert_lacks(&all, "PLAN");
}

#[test]
fn a_module_in_another_file_gets_a_body() {
    let all = flat!(("src/tests/objects/ringbuf.bpf.o") mod ringbuf;);
    assert_has(&all, "write `mod ringbuf {}`");
    // Else the compiler looks for the file as well.
    assert_lacks(&all, "mod ringbuf;");
    assert_has(&all, "pub struct Skel");
}
