use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/no_symbols.bpf.o")]
pub mod iterators {}

fn main() {}
