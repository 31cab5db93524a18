use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/tracepoint_without_target.bpf.o")]
pub mod iterators {}

fn main() {}
