//! `vmlinux.h`: the types of a kernel, written down in C by bpftool.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;

/// Writes the types in a BTF file to `vmlinux.h` in a folder.
pub(crate) fn write(btf: &Path, folder: &Path) -> Result<(), Error> {
    let dump = |program: &str| {
        Command::new(program)
            .args(["btf", "dump", "file"])
            .arg(btf)
            .args(["format", "c"])
            .stderr(Stdio::inherit())
            .output()
    };
    // A user's PATH may leave out the folder of the administrator.
    let output = dump("bpftool")
        .or_else(|_| dump("/usr/sbin/bpftool"))
        .map_err(|error| Error::CannotStart { program: "bpftool".into(), package: "bpftool", error })?;
    if !output.status.success() {
        return Err(Error::Failed { program: "bpftool".into(), input: btf.into(), status: output.status });
    }
    let header = folder.join("vmlinux.h");
    fs::write(&header, output.stdout).map_err(|error| Error::File(header, error))
}
