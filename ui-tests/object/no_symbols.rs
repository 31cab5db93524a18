use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/no_symbols.bpf.o")]
pub mod iterators {}

fn main() {}
