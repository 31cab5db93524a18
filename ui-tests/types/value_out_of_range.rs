use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata(letter = 256, ports = [1, 2, 65536], limit = -1))]
mod constants {}

fn main() {}
