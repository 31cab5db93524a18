use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", program(dump_bpf_map, speedy), map(ringbuf, target = "bpf_map"))]
pub mod iterators {}

fn main() {}
