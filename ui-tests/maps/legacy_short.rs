use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/legacy_short.bpf.o")]
pub mod object {}

fn main() {}
