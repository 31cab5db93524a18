use preload_macros::bpf_preload;

#[bpf_preload(
    "../../examples/iterators.bpf.o",
    program(),
    program("dump_bpf_map", manual),
    program(dump_bpf_map manual),
    program(dump_bpf_prog, pin),
    map(, pin = "m"),
    map(.rodata, pin = false),
    dir,
    dir = ,
    = "x",
    "second.bpf.o",
)]
pub mod iterators {}

fn main() {}
