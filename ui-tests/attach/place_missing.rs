use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/attach/placed/network.bpf.o",
    program(count_either, interface = "eth0"),
    program(count_ingress, order = "first"),
    program(count_egress, interface = "eth0")
)]
pub mod network {}

fn main() {}
