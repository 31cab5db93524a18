// Paths that no file can have are refused like any other that is not there.
use preload_macros::bpf_preload;

#[bpf_preload("nul\0byte.bpf.o")]
pub mod nul {}

#[bpf_preload("..")]
pub mod parent {}

#[bpf_preload(b"iterators.bpf.o")]
pub mod bytes {}

fn main() {}
