use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/byte_order.bpf.o")]
pub mod iterators {}

fn main() {}
