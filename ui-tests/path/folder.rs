use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf")]
pub mod iterators {}

fn main() {}
