use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/data/arena_twice.bpf.o")]
pub mod object {}

fn main() {}
