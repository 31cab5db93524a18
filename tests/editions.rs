//! The output compiles in crates of every edition it can be used in, and under every name of the runtime.

mod support;

use support::{Package, object, runtime};

fn library(package: &Package, source: &str) {
    package
        .write("src/iterators.bpf.o", object("iterators"))
        .write("src/layouts.bpf.o", object("types/layouts"))
        .write("src/lib.rs", source);
    package.check();
}

fn in_edition(edition: &str) {
    let package = Package::new(&format!("edition-{edition}"), edition);
    library(
        &package,
        "#[preload_runtime::bpf_preload(\"iterators.bpf.o\")]
pub mod iterators {}

#[preload_runtime::bpf_preload(\"layouts.bpf.o\")]
pub mod layouts {}

pub fn boot() -> Result<(), preload_runtime::Error> {
    iterators::preload(\"/sys/fs/bpf\")
}
",
    );
}

/// The oldest in which paths begin at crates, as those of the output do.
#[test]
fn edition_2018() {
    in_edition("2018");
}

#[test]
fn edition_2021() {
    in_edition("2021");
}

#[test]
fn edition_2024() {
    in_edition("2024");
}

/// Nothing in the output hangs on the name `preload_runtime`, which means nothing in this crate.
#[test]
fn a_renamed_runtime() {
    let dependency = format!("renamed = {{ package = \"preload-runtime\", path = {:?} }}", runtime());
    let package = Package::with_dependency("renamed", "2024", &dependency);
    library(
        &package,
        "#[renamed::bpf_preload(\"iterators.bpf.o\", crate = ::renamed)]\npub mod iterators {}

#[renamed::bpf_preload(\"layouts.bpf.o\", crate = ::renamed)]\npub mod layouts {}\n",
    );
}

/// A crate that offers the runtime on to its own users; they do not depend on it themselves.
#[test]
fn a_runtime_that_is_re_exported() {
    let dependency = format!("kernel = {{ package = \"preload-runtime\", path = {:?} }}", runtime());
    let package = Package::with_dependency("re-exported", "2024", &dependency);
    library(
        &package,
        "pub mod bpf { pub use ::kernel as runtime; }

#[bpf::runtime::bpf_preload(\"iterators.bpf.o\", crate = crate::bpf::runtime)]
pub mod iterators {}

#[bpf::runtime::bpf_preload(\"layouts.bpf.o\", crate = crate::bpf::runtime)]
pub mod layouts {}
",
    );
}
