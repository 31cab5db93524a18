use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/stripped.bpf.o")]
pub mod iterators {}

fn main() {}
