use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/license_lsm.bpf.o")]
pub mod iterators {}

fn main() {}
