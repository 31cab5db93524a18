use preload_macros::bpf_preload;

#[bpf_preload()]
pub mod iterators {}

fn main() {}
