use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/attach/placed/netns.bpf.o",
    program(dissect, netns = "/proc/self/ns/net", interface = "eth0"),
    program(look_up, cgroup = "/sys/fs/cgroup")
)]
pub mod netns {}

fn main() {}
