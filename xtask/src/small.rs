//! `cargo xtask small`: the preloader without std, what it does, its size, and its system calls.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use lexopt::Parser;

use crate::tool;

pub(crate) const HELP: &str = "\
small
  Builds the preloader without std in small/ and runs it, as root, on a bpffs that only
  it sees: its pins can be read, a second run says that they are there already, and
  exits with 1. Prints the size of the binary and the number of its system calls, and
  fails above the limits for both. Needs strace and unshare (Debian: strace, util-linux).
";

/// Bytes of the file, stripped, the object included. What they are spent on is in `small/README.md`.
const LARGEST: u64 = 69 << 10;
/// System calls of the whole process, `execve` and `exit_group` included.
const MOST_CALLS: usize = 24;

/// In a mount namespace of its own, so that nobody's `/sys/fs/bpf` is touched.
const SCRIPT: &str = "
mount -t bpf bpf /sys/fs/bpf
strace -o \"$2\" \"$1\"
cat /sys/fs/bpf/iterators/dump_bpf_map
if \"$1\"; then echo 'the second run went well'; else echo \"second run: exit $?\"; fi
";

pub(crate) fn parse(parser: &mut Parser) -> Result<(), lexopt::Error> {
    parser.next()?.map_or(Ok(()), |arg| Err(arg.unexpected()))
}

pub(crate) fn run() -> Result<ExitCode> {
    let folder = crate::workspace().join("small");
    let binary = build(&folder)?;
    let size = fs::metadata(&binary).with_context(|| binary.display().to_string())?.len();
    println!("size: {size} bytes of {LARGEST}");

    let scratch = tempfile::tempdir()?;
    let log = scratch.path().join("strace");
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-eu", "-c", SCRIPT, "sh"])
        .args([&binary, &log])
        .output()
        .context("cannot start unshare (Debian package: util-linux)")?;
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "the preload failed (does it run as root?):\n{stdout}{stderr}");
    ensure!(stdout.contains("iterator.rodata"), "the pinned iterator does not list its own map:\n{stdout}");
    ensure!(stdout.contains("second run: exit 1"), "a second run is not refused:\n{stdout}{stderr}");
    ensure!(
        stderr.contains("pinned there already"),
        "a second run does not say why it is refused:\n{stderr}"
    );

    let calls = fs::read_to_string(&log)?.lines().filter(|line| !line.starts_with("+++")).count();
    println!("system calls: {calls} of {MOST_CALLS}");
    ensure!(size <= LARGEST, "the binary is too large");
    ensure!(calls <= MOST_CALLS, "the process makes too many system calls");
    Ok(ExitCode::SUCCESS)
}

fn build(folder: &Path) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Flags meant for the programs of this machine are not meant for this one.
    cargo.current_dir(folder).args(["build", "--release", "--locked"]).env_remove("RUSTFLAGS");
    tool::run(&mut cargo)?;
    Ok(folder.join("target/release/preload-small"))
}
