use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", program(dump_bpf_map, manual = true))]
pub mod ringbuf {}

fn main() {}
