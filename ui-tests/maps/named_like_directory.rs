use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/maps/pinned.bpf.o", dir = "visits")]
pub mod object {}

#[bpf_preload("../../tests/bpf/maps/pinned.bpf.o", dir = "visits", pin_root = "/sys/fs/bpf/shared")]
pub mod elsewhere {}

fn main() {}
