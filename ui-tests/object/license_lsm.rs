use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/license_lsm.bpf.o")]
pub mod iterators {}

fn main() {}
