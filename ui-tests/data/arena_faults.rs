use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/data/arena_faults.bpf.o")]
pub mod object {}

fn main() {}
