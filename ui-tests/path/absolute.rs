use preload_macros::bpf_preload;

#[bpf_preload("/usr/lib/bpf/iterators.bpf.o")]
pub mod iterators {}

fn main() {}
