use preload_macros::bpf_preload;

#[bpf_preload("../nowhere/missing.bpf.o")]
pub mod iterators {}

fn main() {}
