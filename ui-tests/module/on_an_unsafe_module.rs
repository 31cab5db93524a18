use preload_runtime::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o")]
pub unsafe mod iterators {}

fn main() {}
