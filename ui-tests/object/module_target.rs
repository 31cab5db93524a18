use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/module_target.bpf.o")]
pub mod iterators {}

fn main() {}
