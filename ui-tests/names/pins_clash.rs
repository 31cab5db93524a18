use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", program(dump_bpf_map, pin = "all"), program(dump_bpf_prog, pin = "all"))]
pub mod iterators {}

fn main() {}
