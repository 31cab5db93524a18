use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/data/arena_twice.bpf.o")]
pub mod object {}

fn main() {}
