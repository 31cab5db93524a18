use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/attach/alternatives.bpf.o", program(first, instead_of = nobody))]
mod object {}

fn main() {}
