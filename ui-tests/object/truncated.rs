use preload_runtime::bpf_preload;

#[bpf_preload("../objects/generated/truncated.bpf.o")]
pub mod iterators {}

fn main() {}
