//! Compiling BPF and C.

use std::env::consts::ARCH;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::tool;

/// The version that the project's own objects come from.
const CLANG: &str = "clang-19";
const STRIP: &str = "llvm-strip-19";

/// A BPF source to an object with BTF and without DWARF.
pub(crate) fn object(source: &Path, object: &Path) -> Result<()> {
    tool::output(
        Command::new(CLANG)
            .args(["-g", "-O2", "-target", "bpf", "-mcpu=v3"])
            .arg(format!("-I/usr/include/{ARCH}-linux-gnu"))
            .arg("-c")
            .arg(source)
            .arg("-o")
            .arg(object),
    )?;
    tool::output(Command::new(STRIP).arg("-g").arg(object)).map(drop)
}

/// Several BPF sources to one object, linked as users do who compile apart what belongs together.
pub(crate) fn linked(sources: &[PathBuf], object: &Path) -> Result<()> {
    let mut parts = Vec::new();
    for source in sources {
        let part = source.with_extension("o");
        self::object(source, &part)?;
        parts.push(part);
    }
    tool::output(Command::new("bpftool").args(["gen", "object"]).arg(object).args(&parts)).map(drop)
}

/// A C source to a static program, which finds generated headers in `includes`.
pub(crate) fn program(source: &Path, includes: &Path, program: &Path, more: &[&str]) -> Result<()> {
    tool::output(
        Command::new(CLANG)
            .args(["-O2", "-static", "-s", "-Wall", "-Wno-unused-function"])
            .arg("-I")
            .arg(includes)
            .arg(source)
            .arg("-o")
            .arg(program)
            .args(more),
    )
    .map(drop)
}

/// For programs without libc.
pub(crate) const BARE: &[&str] =
    &["-nostdlib", "-nostartfiles", "-ffreestanding", "-fno-stack-protector", "-fno-builtin"];
/// What libbpf is linked with.
pub(crate) const LIBBPF: &[&str] = &["-lbpf", "-lelf", "-lz"];
