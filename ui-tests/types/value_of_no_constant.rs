use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", data(variable = 4))]
mod constants {}

fn main() {}
