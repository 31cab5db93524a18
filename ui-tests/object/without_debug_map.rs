use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/producers/without_debug_map.bpf.o")]
pub mod iterators {}

fn main() {}
