use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/unsupported_inner_map.bpf.o")]
pub mod iterators {}

fn main() {}
