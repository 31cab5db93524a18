//! The syscall layer: safe functions over raw calls. `unsafe` lives here and nowhere else.
//!
//! - `raw` makes the call, for three architectures, without libc;
//! - `abi` is `union bpf_attr`, `bpf` the commands, `link` those on links, `element` those on what is in maps;
//! - `fd`, `memory` and `page` own what the kernel hands out, `shared` is the access to what it writes to meanwhile;
//! - `directory`, `file`, `net` and `process` are the few other calls.

mod abi;
pub(crate) mod bpf;
pub(crate) mod btf;
pub(crate) mod directory;
mod element;
mod errno;
mod fd;
pub(crate) mod file;
pub(crate) mod link;
pub(crate) mod loader;
mod memory;
pub(crate) mod mount;
pub(crate) mod multi;
pub(crate) mod names;
pub(crate) mod net;
pub(crate) mod number;
mod page;
pub(crate) mod perf;
pub(crate) mod process;
mod raw;
mod shared;
pub(crate) mod words;

pub(crate) use element::{MapFd, Sizes, possible_cpus};
pub use errno::Errno;
pub use fd::Fd;
pub(crate) use fd::Occupied;
use file::close;
pub(crate) use memory::{Arena, KernelBtf, Memory, SharedMemory, page_size};
pub(crate) use page::OnPage;
pub(crate) use shared::{Place, Window};
