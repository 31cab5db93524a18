use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/byte_order.bpf.o")]
pub mod iterators {}

fn main() {}
