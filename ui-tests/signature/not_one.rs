use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", signature = "../../examples/iterators.bpf.o")]
pub mod iterators {}

fn main() {}
