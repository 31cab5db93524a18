//! The runtime without its features, and the output of the attribute, need neither std nor an allocator.

mod support;

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

/// The panic handler of these tests does find std.
#[test]
fn std_would_be_found() {
    let package = Package::with_dependency("no-std-control", "2024", &dependency("\"std\""));
    package.write("src/lib.rs", format!("{WITHOUT_STD}\npub use preload_runtime::Error;\n"));
    let outcome = package.cargo("check");
    assert!(!outcome.success && outcome.stderr.contains("duplicate lang item"), "{}", outcome.stderr);
}
