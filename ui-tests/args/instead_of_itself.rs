use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/attach/alternatives.bpf.o", program(third, instead_of = third))]
mod object {}

fn main() {}
