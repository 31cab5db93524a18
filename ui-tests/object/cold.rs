use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/cold.bpf.o")]
pub mod iterators {}

fn main() {}
