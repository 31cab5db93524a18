// That the program has no target now is not reported as well.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/iterator_without_target.bpf.o", program(dump, taget = "bpf_map"))]
pub mod iterators {}

fn main() {}
