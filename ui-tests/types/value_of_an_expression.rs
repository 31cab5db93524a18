use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata(limit = (4 + 4)))]
mod constants {}

fn main() {}
