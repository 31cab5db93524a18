use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/legacy_unknown.bpf.o")]
pub mod object {}

fn main() {}
