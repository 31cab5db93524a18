use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", program(dump_bpf_map, target = "bpf map"))]
pub mod iterators {}

fn main() {}
