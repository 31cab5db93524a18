use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/pointer_in_data.bpf.o")]
pub mod iterators {}

fn main() {}
