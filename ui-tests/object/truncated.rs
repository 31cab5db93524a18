use preload_macros::bpf_preload;

#[bpf_preload("../objects/generated/truncated.bpf.o")]
pub mod iterators {}

fn main() {}
