use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/static_program.bpf.o")]
pub mod iterators {}

fn main() {}
