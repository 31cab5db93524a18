use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/cold.bpf.o")]
pub mod iterators {}

fn main() {}
