use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/unsupported_struct_ops.bpf.o")]
pub mod iterators {}

fn main() {}
