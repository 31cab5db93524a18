use preload_macros::bpf_preload;

#[bpf_preload("../objects/generated/core_without_info.bpf.o")]
pub mod iterators {}

fn main() {}
