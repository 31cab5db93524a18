use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata(verbose = 1, limit = true, color = PURPLE, ports = [1, 2], name = "longer than it can be"))]
mod constants {}

fn main() {}
