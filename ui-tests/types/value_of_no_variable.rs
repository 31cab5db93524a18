use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata(loud = true))]
mod constants {}

fn main() {}
