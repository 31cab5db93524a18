use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/unsupported_struct_ops_map.bpf.o")]
pub mod iterators {}

fn main() {}
