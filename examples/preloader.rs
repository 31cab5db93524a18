//! A preloader of two objects; `--help` tells what it can do.

use std::process::ExitCode;

use preload_macros::bpf_preload;

/// Files that list the machine's BPF maps and programs.
#[bpf_preload("iterators.bpf.o")]
pub mod iterators {}

/// An iterator that writes into a ring buffer.
#[bpf_preload("ringbuf.bpf.o")]
pub mod ringbuf {}

fn main() -> ExitCode {
    preloader::main(&[&iterators::OBJECT, &ringbuf::OBJECT])
}
