use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/static_program.bpf.o")]
pub mod iterators {}

fn main() {}
