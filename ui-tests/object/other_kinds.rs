use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/other_kinds.bpf.o")]
pub mod iterators {}

fn main() {}
