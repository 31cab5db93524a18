use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/license_constant.bpf.o")]
pub mod iterators {}

fn main() {}
