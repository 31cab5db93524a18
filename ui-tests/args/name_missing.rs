use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", program(pin = "x"))]
pub mod ringbuf {}

fn main() {}
