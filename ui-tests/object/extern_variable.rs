use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/extern_variable.bpf.o")]
pub mod iterators {}

fn main() {}
