use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/pinned.bpf.o", pin_root = "shared", pin_root = 7)]
pub mod object {}

fn main() {}
