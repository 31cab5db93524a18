use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/upper_case.bpf.o")]
pub mod iterators {}

fn main() {}
