use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/attach/alternatives.bpf.o", program(first, cookie = 0))]
mod object {}

fn main() {}
