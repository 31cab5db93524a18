use preload_macros::bpf_preload;

#[bpf_preload("../objects/generated/other_machine.bpf.o")]
pub mod iterators {}

fn main() {}
