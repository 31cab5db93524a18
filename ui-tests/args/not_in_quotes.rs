use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", dir = false, map(ringbuf, pin = m2))]
pub mod ringbuf {}

fn main() {}
