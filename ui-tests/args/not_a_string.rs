use preload_runtime::bpf_preload;

#[bpf_preload(iterators)]
pub mod iterators {}

fn main() {}
