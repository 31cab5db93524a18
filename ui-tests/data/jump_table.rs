use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/data/jump_table.bpf.o")]
pub mod object {}

fn main() {}
