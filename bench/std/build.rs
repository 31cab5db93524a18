//! Takes the object of the case that is measured to where the attribute looks for it.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=BENCH_CASE");
    println!("cargo::rerun-if-changed=build.rs");
    let case = env::var("BENCH_CASE").expect("cargo xtask bench sets it: the folder of the case");
    let object = Path::new(&case).join("subject.bpf.o");
    println!("cargo::rerun-if-changed={}", object.display());
    let copy = Path::new(&env::var("OUT_DIR").unwrap()).join("subject.bpf.o");
    fs::copy(&object, copy).expect("the object of the case is there");
}
