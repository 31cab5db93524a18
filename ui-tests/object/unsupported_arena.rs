use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/unsupported_arena.bpf.o")]
pub mod iterators {}

fn main() {}
