use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata(pair = 1, pointer = 0))]
mod constants {}

fn main() {}
