use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/tracepoint_without_target.bpf.o")]
pub mod iterators {}

fn main() {}
