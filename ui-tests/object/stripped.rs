use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/stripped.bpf.o")]
pub mod iterators {}

fn main() {}
