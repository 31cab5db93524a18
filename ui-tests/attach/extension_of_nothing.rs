use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/attach/extension/extension.bpf.o")]
pub mod extension {}

fn main() {}
