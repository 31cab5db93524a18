use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", map(rodata, pin = "constants"))]
pub mod ringbuf {}

fn main() {}
