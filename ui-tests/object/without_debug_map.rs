use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/producers/without_debug_map.bpf.o")]
pub mod iterators {}

fn main() {}
