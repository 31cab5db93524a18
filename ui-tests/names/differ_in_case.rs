use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/upper_case.bpf.o")]
pub mod iterators {}

fn main() {}
