use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/attach/trace/multi.bpf.o", program(on_entries, target = "tcp_bbr:bbr_*"))]
mod multi {}

fn main() {}
