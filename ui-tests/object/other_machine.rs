use preload_runtime::bpf_preload;

#[bpf_preload("../objects/generated/other_machine.bpf.o")]
pub mod iterators {}

fn main() {}
