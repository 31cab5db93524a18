// The attribute's constants would be part of what is signed, which the tool makes without them.
use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/types/constants.bpf.o",
    signature = "../../tests/signed/iterators.bpf.sig",
    rodata(verbose = true)
)]
pub mod constants {}

fn main() {}
