use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf")]
pub mod iterators {}

fn main() {}
