use std::path::Path;

use libbpf_cargo::SkeletonBuilder;

fn main() {
    println!("cargo::rerun-if-env-changed=BENCH_CASE");
    println!("cargo::rerun-if-changed=build.rs");
    let case = std::env::var("BENCH_CASE").expect("cargo xtask bench sets it: the folder of the case");
    let object = Path::new(&case).join("subject.bpf.o");
    println!("cargo::rerun-if-changed={}", object.display());
    let skeleton = Path::new(&std::env::var("OUT_DIR").unwrap()).join("subject.skel.rs");
    SkeletonBuilder::new().obj(object).generate(skeleton).expect("libbpf-cargo takes the object");
}
