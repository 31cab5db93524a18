//! The output compiles in crates of every edition it can be used in, and under every name of the runtime.

mod support;

use support::{Package, attribute, object, runtime};

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
        "#[preload_macros::bpf_preload(\"iterators.bpf.o\")]
pub mod iterators {}

#[preload_macros::bpf_preload(\"layouts.bpf.o\")]
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
    let runtime = format!("renamed = {{ package = \"preload-runtime\", path = {:?} }}", runtime());
    let package = Package::with_dependencies("renamed", "2024", &(attribute() + &runtime));
    library(
        &package,
        "#[preload_macros::bpf_preload(\"iterators.bpf.o\", crate = ::renamed)]\npub mod iterators {}

#[preload_macros::bpf_preload(\"layouts.bpf.o\", crate = ::renamed)]\npub mod layouts {}\n",
    );
}

/// Who has forgotten this one of the two dependencies is told so before all else, and by its name.
#[test]
fn a_missing_runtime() {
    let package = Package::with_dependencies("no-runtime", "2024", &attribute());
    package.write("src/layouts.bpf.o", object("types/layouts"));
    package.write("src/lib.rs", "#[preload_macros::bpf_preload(\"layouts.bpf.o\")]\npub mod layouts {}\n");
    let outcome = package.cargo("check");
    let first = outcome.stderr.split("error[").nth(1).unwrap_or_default();
    assert!(first.contains("cannot find `preload_runtime`"), "{}", outcome.stderr);
}

/// A crate that offers the runtime and its attribute on to its own users; they depend on neither themselves.
#[test]
fn a_runtime_that_is_re_exported() {
    let dependency = format!(
        "kernel = {{ package = \"preload-runtime\", path = {:?}, features = [\"macros\"] }}",
        runtime()
    );
    let package = Package::with_dependencies("re-exported", "2024", &dependency);
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
