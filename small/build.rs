//! Tells the linker to leave out what a C program starts with, and what only unwinding and debuggers look at.

use std::env;

fn main() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let arguments = [
        // The program has a start of its own, and no libc.
        "-nostartfiles",
        "-nostdlib",
        "-static",
        // It lies at one address: nothing has to be relocated before it runs, or made read-only after that.
        "-no-pie",
        "-Wl,-z,norelro",
        "-Wl,--build-id=none",
        "-Wl,--no-eh-frame-hdr",
        &format!("-Wl,-T,{folder}/discard.ld"),
    ];
    for argument in arguments {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=discard.ld");
}
