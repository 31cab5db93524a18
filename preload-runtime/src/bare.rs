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

/// Says that the process will do nothing but what it does now, and then [`exit`]: from here on, descriptors, memory and the lock of
/// a directory are left to the kernel, which lets go of them when the process ends. It saves a system call for each.
///
/// What happens is the same, but some of it later: programs of a preload that fails stay attached up to the end of the process. It
/// cannot be taken back, and is not for a process that goes on.
///
/// ```no_run
/// use preload_runtime::bare;
///
/// bare::end_soon();
/// // Preload, and say what went wrong; then
/// bare::exit(0);
/// ```
pub fn end_soon() {
    process::set_ending();
}

/// Ends the process with all its threads; the kernel hands the lower eight bits of `code` to whoever waits
/// for it.
///
/// Nothing is dropped. The kernel closes all descriptors, and what is pinned stays.
pub fn exit(code: i32) -> ! {
    process::exit(code)
}
