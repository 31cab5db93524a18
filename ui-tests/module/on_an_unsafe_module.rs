use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o")]
pub unsafe mod iterators {}

fn main() {}
