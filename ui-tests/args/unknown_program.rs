use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", program(dump_bpf_maps, manual))]
pub mod iterators {}

fn main() {}
