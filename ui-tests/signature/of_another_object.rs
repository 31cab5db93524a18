use preload_macros::bpf_preload;

#[bpf_preload("../../examples/ringbuf.bpf.o", signature = "../../tests/signed/iterators.bpf.sig")]
pub mod ringbuf {}

fn main() {}
