fn main() {
    println!("cargo::rerun-if-env-changed=BENCH_CASE");
    println!("cargo::rerun-if-changed=build.rs");
}
