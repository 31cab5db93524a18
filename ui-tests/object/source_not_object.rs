use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.c")]
pub mod iterators {}

fn main() {}
