use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/bad_slots.bpf.o")]
pub mod object {}

fn main() {}
