use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/attach/placed/network.bpf.o",
    program(count_xdp, interface = "an_interface_with_a_long_name", mode = "fast"),
    program(count_ingress, interface = "eth0", order = 1),
    program(count_egress, interface = eth0),
    program(count_either, interface = "eth0", direction = "ingress", manual)
)]
pub mod network {}

fn main() {}
