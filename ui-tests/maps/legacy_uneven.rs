use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/legacy_uneven.bpf.o")]
pub mod object {}

fn main() {}
