use preload_macros::bpf_preload;

#[bpf_preload(iterators)]
pub mod iterators {}

fn main() {}
