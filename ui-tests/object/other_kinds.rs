use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/other_kinds.bpf.o")]
pub mod iterators {}

fn main() {}
