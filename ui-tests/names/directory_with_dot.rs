use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", dir = "iterators.v2")]
pub mod iterators {}

fn main() {}
