//! Takes the object of the case that is measured to where the attribute looks for it.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=BENCH_CASE");
    println!("cargo::rerun-if-changed=build.rs");
    // As in small/.
    let script = concat!("-Wl,-T,", env!("CARGO_MANIFEST_DIR"), "/../../small/discard.ld");
    let plain = ["-nostartfiles", "-nostdlib", "-static", "-no-pie", "-Wl,-z,norelro", "-Wl,--build-id=none"];
    for argument in plain.into_iter().chain(["-Wl,--no-eh-frame-hdr", script]) {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    let case = env::var("BENCH_CASE").expect("cargo xtask bench sets it: the folder of the case");
    let object = Path::new(&case).join("subject.bpf.o");
    println!("cargo::rerun-if-changed={}", object.display());
    let copy = Path::new(&env::var("OUT_DIR").unwrap()).join("subject.bpf.o");
    fs::copy(&object, copy).expect("the object of the case is there");
}
