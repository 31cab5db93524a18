use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", dir = "one", dir = "two")]
pub mod iterators {}

fn main() {}
