//! For programs without std: where they say what went wrong, and how they end.
//!
//! ```
//! use core::fmt::Write;
//! use preload_runtime::bare::Stderr;
//!
//! writeln!(Stderr, "iterators: nothing is mounted at /sys/fs/bpf")?;
//! # Ok::<(), core::fmt::Error>(())
//! ```

use core::fmt;

use crate::sys::process;

/// The standard error, without a buffer: each piece of text is one `write(2)`, or more where the kernel takes
/// a part of it only.
///
/// What cannot be written, because nobody has opened the descriptor for instance, is a [`fmt::Error`].
#[derive(Clone, Copy, Debug)]
pub struct Stderr;

impl fmt::Write for Stderr {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let written = process::write_error(rest).map_err(|_| fmt::Error)?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Ends the process with all its threads; the kernel hands the lower eight bits of `code` to whoever waits
/// for it.
///
/// Nothing is dropped. The kernel closes all descriptors, and what is pinned stays.
pub fn exit(code: i32) -> ! {
    process::exit(code)
}
