//! The syscall layer: safe functions over raw calls. `unsafe` lives here and nowhere else.
//!
//! - `raw` makes the call, for three architectures, without libc;
//! - `abi` is `union bpf_attr`, `bpf` the commands, `link` those on links;
//! - `fd` and `memory` own what the kernel hands out;
//! - `directory`, `file`, `net` and `process` are the few other calls.

mod abi;
pub(crate) mod bpf;
pub(crate) mod btf;
pub(crate) mod directory;
mod errno;
mod fd;
pub(crate) mod file;
pub(crate) mod link;
mod memory;
pub(crate) mod mount;
pub(crate) mod multi;
pub(crate) mod names;
pub(crate) mod net;
pub(crate) mod number;
pub(crate) mod perf;
pub(crate) mod process;
mod raw;
pub(crate) mod words;

pub use errno::Errno;
pub use fd::Fd;
use file::close;
pub(crate) use memory::{KernelBtf, Memory, page_size};
