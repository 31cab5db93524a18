use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/no_programs.bpf.o")]
pub mod iterators {}

fn main() {}
