use preload_macros::bpf_preload;

#[bpf_preload(
    "../../examples/iterators.bpf.o",
    pins = "maps",
    dir = "a.b",
    dir = "c",
    program(dump_bpf_map, pin = "d.e", pin = "f"),
    program(dump_bpf_prog, auto, pin = false),
    program(dump_bpf_link, manual),
    map(counters, pin = "counters"),
    crate = ::preload_runtime,
)]
pub mod iterators {}

fn main() {}
