use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", pin = "maps")]
pub mod iterators {}

fn main() {}
