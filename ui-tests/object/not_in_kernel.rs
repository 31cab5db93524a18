use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/struct_ops/tcp.bpf.o", in_kernel)]
pub mod tcp {}

fn main() {}
