use preload_runtime::bpf_preload;

#[bpf_preload("../../tests/bpf/types/constants.bpf.o", rodata_other(extra = 4))]
mod constants {}

fn main() {}
