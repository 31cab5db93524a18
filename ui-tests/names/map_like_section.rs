use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/map_like_section.bpf.o")]
pub mod iterators {}

fn main() {}
