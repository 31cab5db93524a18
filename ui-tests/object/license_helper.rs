use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/license_helper.bpf.o")]
pub mod iterators {}

fn main() {}
