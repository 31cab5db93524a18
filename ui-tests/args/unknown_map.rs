use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", map(ring, pin = "events"))]
pub mod iterators {}

fn main() {}
