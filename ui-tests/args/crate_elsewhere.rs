// The path of the runtime crate is taken as it is; what is not there is for the compiler to say, at the path.
use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", crate = nowhere::runtime)]
pub mod iterators {}

fn main() {}
