use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/data/arena_missing.bpf.o")]
pub mod object {}

fn main() {}
