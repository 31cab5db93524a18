//! Messages on standard error, with their priority where the journal reads them.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;

/// `LOG_ERR`, as `sd-daemon(3)` writes it in front of a line.
const ERROR: &str = "<3>";

/// Writes an error of one or more lines.
pub(crate) fn error(message: &str) {
    let priority = if is_journal() { ERROR } else { "" };
    let mut stderr = io::stderr().lock();
    for line in message.lines() {
        // Should nobody read it, the exit code has to do.
        let _ = writeln!(stderr, "{priority}{line}");
    }
}

/// Whether standard error is the stream that systemd has connected to the journal: it names device and inode.
fn is_journal() -> bool {
    let Ok(stream) = env::var("JOURNAL_STREAM") else { return false };
    let Ok(file) = fs::metadata("/proc/self/fd/2") else { return false };
    stream == format!("{}:{}", file.dev(), file.ino())
}
