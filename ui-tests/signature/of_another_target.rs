use preload_macros::bpf_preload;

#[bpf_preload(
    "../../examples/iterators.bpf.o",
    signature = "../../tests/signed/iterators.bpf.sig",
    program(dump_bpf_map, target = "bpf_link"),
)]
pub mod iterators {}

fn main() {}
