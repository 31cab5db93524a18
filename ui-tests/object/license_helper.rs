use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/license_helper.bpf.o")]
pub mod iterators {}

fn main() {}
