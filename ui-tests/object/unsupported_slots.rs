use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/unsupported_slots.bpf.o")]
pub mod iterators {}

fn main() {}
