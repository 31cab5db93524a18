//! thin
use preload_runtime::bpf_preload;

/// two iterators
#[bpf_preload("iterators.bpf.o")]
pub mod iterators {}

fn main() -> Result<(), preload_runtime::Error> {
    preload_runtime::bpffs::mount("/sys/fs/bpf")?;
    iterators::preload("/sys/fs/bpf")
}
