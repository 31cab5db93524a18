use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/attach/iterators/elements.bpf.o",
    program(show_sockets, map = "numbers"),
    program(show_storage, tid = 1)
)]
pub mod elements {}

#[bpf_preload(
    "../../tests/bpf/attach/iterators/cgroups.bpf.o",
    program(show_all, cgroup = "/sys/fs/cgroup"),
    program(show_some, order = "first")
)]
pub mod cgroups {}

fn main() {}
