//! Preloads two iterators into `/sys/fs/bpf/iterators`, and says on standard error what is wrong if it cannot.
//!
//! The binary is static and has no std, no libc and no allocator in it: what is left is the object, the calls
//! that put it into the kernel, and the words of the errors. It is for an initramfs, or for a container that
//! holds nothing else.

#![no_std]
#![no_main]

mod entry;
mod memory;

use core::fmt::Write;

use preload_macros::bpf_preload;
use preload_runtime::bare::{self, Stderr};
use preload_runtime::bpffs;

/// The skeleton of `iterators.bpf.o`, made at compile time.
#[bpf_preload("../examples/iterators.bpf.o")]
pub mod iterators {}

/// The exit code: 0 when all is in place, else 1, and nothing was left behind.
fn main() -> i32 {
    bare::end_soon();
    match iterators::preload(bpffs::DEFAULT) {
        Ok(()) => 0,
        Err(error) => {
            // Should nobody have opened standard error, the exit code has to do.
            let _ = writeln!(Stderr, "{error}");
            1
        }
    }
}
