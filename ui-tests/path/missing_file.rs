use preload_runtime::bpf_preload;

#[bpf_preload("missing.bpf.o")]
pub mod iterators {}

fn main() {}
