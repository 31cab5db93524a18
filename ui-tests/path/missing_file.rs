use preload_macros::bpf_preload;

#[bpf_preload("missing.bpf.o")]
pub mod iterators {}

fn main() {}
