use preload_runtime::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", dirs = "x")]
fn main() {}
