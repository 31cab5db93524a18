use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/externs/extern_bad_name.bpf.o")]
mod object {}

fn main() {}
