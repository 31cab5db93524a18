use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", crate = "preload_runtime", dir = 3, program(dump_bpf_map, pin = true), program(dump_bpf_prog, target = bpf_map))]
pub mod iterators {}

fn main() {}
