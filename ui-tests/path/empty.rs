use preload_runtime::bpf_preload;

#[bpf_preload("")]
pub mod iterators {}

fn main() {}
