use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o" dir = "maps")]
pub mod iterators {}

fn main() {}
