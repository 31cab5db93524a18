use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", in_kernel = true)]
pub mod iterators {}

fn main() {}
