use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/extern_function.bpf.o")]
pub mod iterators {}

fn main() {}
