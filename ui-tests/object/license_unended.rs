use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/license_unended.bpf.o")]
pub mod iterators {}

fn main() {}
