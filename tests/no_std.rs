//! The runtime without its features, and the output of the attribute, need neither std nor an allocator.

mod support;

use std::fs;
use std::path::Path;

use support::{Package, object, runtime};

/// Of this there can be one in a program, and std has one: a dependency that pulls std in is an error.
const WITHOUT_STD: &str = "#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
";

fn dependency(features: &str) -> String {
    format!(
        "preload-runtime = {{ path = {:?}, default-features = false, features = [{features}] }}",
        runtime()
    )
}

#[test]
fn the_runtime_alone() {
    let package = Package::with_dependency("no-std-runtime", "2024", &dependency(""));
    package.write("src/lib.rs", format!("{WITHOUT_STD}\npub use preload_runtime::Error;\n")).check();
}

#[test]
fn the_output_of_the_attribute() {
    let package = Package::with_dependency("no-std-macro", "2024", &dependency("\"macros\""));
    package.write("src/iterators.bpf.o", object("iterators"));
    package.write(
        "src/lib.rs",
        format!(
            "{WITHOUT_STD}
#[preload_runtime::bpf_preload(\"iterators.bpf.o\")]
pub mod iterators {{}}

pub fn boot() -> Result<(), preload_runtime::Error> {{
    iterators::preload(\"/sys/fs/bpf\")
}}
"
        ),
    );
    package.check();
}

/// Values of the kernel's configuration take a feature, which does not take std either.
#[test]
fn the_kernels_configuration() {
    let object =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bpf/externs/kconfig.bpf.o")).unwrap();
    let source =
        format!("{WITHOUT_STD}\n#[preload_runtime::bpf_preload(\"kconfig.bpf.o\")]\npub mod kconfig {{}}\n");
    let with = Package::with_dependency("no-std-kconfig", "2024", &dependency("\"macros\", \"kconfig\""));
    with.write("src/kconfig.bpf.o", &object).write("src/lib.rs", &source).check();

    let without = Package::with_dependency("no-kconfig", "2024", &dependency("\"macros\""));
    without.write("src/kconfig.bpf.o", &object).write("src/lib.rs", &source);
    let outcome = without.cargo("check");
    let message = "switch on the feature `kconfig` of `preload-runtime`";
    assert!(!outcome.success && outcome.stderr.contains(message), "{}", outcome.stderr);
}

/// The panic handler of these tests does find std.
#[test]
fn std_would_be_found() {
    let package = Package::with_dependency("no-std-control", "2024", &dependency("\"std\""));
    package.write("src/lib.rs", format!("{WITHOUT_STD}\npub use preload_runtime::Error;\n"));
    let outcome = package.cargo("check");
    assert!(!outcome.success && outcome.stderr.contains("duplicate lang item"), "{}", outcome.stderr);
}
