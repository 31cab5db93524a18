use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/pointer_in_data.bpf.o")]
pub mod iterators {}

fn main() {}
