use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/legacy_nameless.bpf.o")]
pub mod object {}

fn main() {}
