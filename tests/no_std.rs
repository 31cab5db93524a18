//! The runtime without its features, and the output of the attribute, need neither std nor an allocator.

mod support;

use std::fs;
use std::path::Path;

use support::{Package, attribute, object, runtime};

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
    let package = Package::with_dependencies("no-std-runtime", "2024", &dependency(""));
    package.write("src/lib.rs", format!("{WITHOUT_STD}\npub use preload_runtime::Error;\n"));
    let outcome = package.cargo_with("check", &[("CARGO_TERM_VERBOSE", "true")]);
    outcome.assert_clean();
    // All that is compiled is named. The attribute is not among it, though the lock file has it.
    assert!(outcome.stderr.contains("preload-runtime"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("preload-macros"), "{}", outcome.stderr);
}

#[test]
fn the_output_of_the_attribute() {
    output_of("no-std-macro", &(attribute() + &dependency("")), "preload_macros");
}

#[test]
fn the_output_of_the_attribute_that_the_runtime_re_exports() {
    output_of("no-std-re-exported", &dependency("\"macros\""), "preload_runtime");
}

fn output_of(name: &str, dependencies: &str, whose: &str) {
    let package = Package::with_dependencies(name, "2024", dependencies);
    package.write("src/iterators.bpf.o", object("iterators"));
    package.write(
        "src/lib.rs",
        format!(
            "{WITHOUT_STD}
#[{whose}::bpf_preload(\"iterators.bpf.o\")]
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
        format!("{WITHOUT_STD}\n#[preload_macros::bpf_preload(\"kconfig.bpf.o\")]\npub mod kconfig {{}}\n");
    let both = |features| attribute() + &dependency(features);
    let with = Package::with_dependencies("no-std-kconfig", "2024", &both("\"kconfig\""));
    with.write("src/kconfig.bpf.o", &object).write("src/lib.rs", &source).check();

    let without = Package::with_dependencies("no-kconfig", "2024", &both(""));
    without.write("src/kconfig.bpf.o", &object).write("src/lib.rs", &source);
    let outcome = without.cargo("check");
    let message = "switch on the feature `kconfig` of `preload-runtime`";
    assert!(!outcome.success && outcome.stderr.contains(message), "{}", outcome.stderr);
}

/// The panic handler of these tests does find std.
#[test]
fn std_would_be_found() {
    let package = Package::with_dependencies("no-std-control", "2024", &dependency("\"std\""));
    package.write("src/lib.rs", format!("{WITHOUT_STD}\npub use preload_runtime::Error;\n"));
    let outcome = package.cargo("check");
    assert!(!outcome.success && outcome.stderr.contains("duplicate lang item"), "{}", outcome.stderr);
}
