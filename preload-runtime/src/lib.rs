//! Puts eBPF programs into the kernel at boot.
//!
//! `#[bpf_preload("iterators.bpf.o")]` on a module reads an eBPF object **at compile time** and turns it into a Rust
//! skeleton; this crate carries it out with bpf(2) and nothing else.

#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
compile_error!("system calls are known for x86_64, aarch64 and riscv64 only");
#[cfg(not(target_endian = "little"))]
compile_error!("plans are made for little-endian machines only");

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod bpffs;
mod error;
mod exec;
mod handles;
mod kernel_btf;
mod path;
mod pin;
pub mod plan;
mod skeleton;
mod slot;
mod sys;

pub use error::{Error, ErrorKind, Step};
pub use handles::{Link, Map, Program};
pub use path::AsPath;
#[cfg(feature = "macros")]
pub use preload_macros::bpf_preload;
pub use skeleton::{OpenMap, OpenProgram, OpenSkeleton, Skeleton, Unattached};
pub use slot::{Guard, Slot, View};
pub use sys::{Errno, Fd};
