use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", dirs = "x")]
fn main() {}
