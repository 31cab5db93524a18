//! A look at a process from inside the kernel: the time it spends in bpf(2), and its system calls.
//!
//! Loaded with what is measured: `watch.bpf.c` beside this file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use preload_macros::bpf_preload;

#[bpf_preload(
    "watch.bpf.o",
    map(entries, pin = false),
    program(on_exec, pin = false),
    program(on_exit, pin = false),
    program(on_enter, pin = false),
    program(on_leave, pin = false)
)]
mod object {}

/// What was seen of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// Milliseconds from exec to exit.
    pub(crate) life: f64,
    /// Milliseconds in which some thread was inside bpf(2).
    pub(crate) inside: f64,
    pub(crate) calls: f64,
    pub(crate) bpf_calls: f64,
}

/// Watches processes of the name `subject` as long as it lives.
pub(crate) struct Watch<'a> {
    _skeleton: object::Skel,
    bpffs: &'a Path,
}

impl<'a> Watch<'a> {
    pub(crate) fn start(bpffs: &'a Path) -> Result<Self> {
        Ok(Self { _skeleton: object::Skel::preload(bpffs)?, bpffs })
    }

    /// The last process.
    pub(crate) fn seen(&self) -> Result<Seen> {
        let text = fs::read_to_string(self.bpffs.join("watch/show"))?;
        let mut numbers = text.trim().split(' ').map(str::parse::<f64>);
        let mut next = || numbers.next()?.ok();
        let mut seen = || {
            let (life, inside) = (next()? / 1e6, next()? / 1e6);
            Some(Seen { life, inside, calls: next()?, bpf_calls: next()? })
        };
        seen().with_context(|| format!("`{text}` is not what the iterator says"))
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Err(error) = object::unpin(self.bpffs) {
            eprintln!("{error}");
        }
    }
}
