use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/bad_definitions.bpf.o")]
pub mod object {}

fn main() {}
