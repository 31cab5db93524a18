//! What a virtual machine finds when it starts: an initramfs, and nothing else.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt::Apt;
use super::cpio::Archive;
use super::suite::Suite;
use crate::{files, tool};

const INIT: &str = include_str!("init.sh");

/// Where the suite lies; below it, objects and examples have the paths they have in the workspace.
const SUITE: &str = "/suite";

/// Passed on from outside.
const ENVIRONMENT: [&str; 2] = ["CI", "RUST_BACKTRACE"];

/// What a machine is started for.
pub(crate) enum Work {
    /// The test binary with these arguments.
    Tests(Vec<String>),
    /// A command of the shell.
    Command(String),
}

/// All that the machines of one run have in common.
pub(crate) fn base(root: &Path, suite: &Suite, busybox: &Path) -> Result<Archive> {
    let mut archive = Archive::default();
    for folder in ["dev", "proc", "sys", "tmp"] {
        archive.directory(folder);
    }
    // The kernel opens it for the first process, before anything is mounted.
    archive.character_device("dev/console", (5, 1));
    archive.file("init", INIT.as_bytes());

    program(&mut archive, "bin/busybox", busybox)?;
    // The tests ask it what is in the kernel.
    let Some(bpftool) = tool::find("bpftool") else {
        bail!("bpftool is missing (Debian package: bpftool)");
    };
    program(&mut archive, "bin/bpftool", &bpftool)?;
    if let Some(strace) = tool::find("strace") {
        program(&mut archive, "bin/strace", &strace)?;
    }
    // Beside that of busybox, which knows nothing of programs.
    if let Some(tc) = tool::find("tc") {
        program(&mut archive, "usr/sbin/tc", &tc)?;
    }

    program(&mut archive, &format!("{SUITE}/kernel"), &suite.test)?;
    for (name, path) in &suite.examples {
        program(&mut archive, &format!("{SUITE}/examples/{name}"), path)?;
    }
    for object in files::find(root, &files::BPF_FOLDERS, ".bpf.o")? {
        archive.file(&format!("{SUITE}/{}", object.display()), &read(&root.join(&object))?);
    }
    Ok(archive)
}

/// The configuration of the kernel, where installed systems have it.
pub(crate) fn configuration(archive: &mut Archive, config: &Path) -> Result<()> {
    let Some(name) = config.file_name() else { bail!("{} has no name", config.display()) };
    archive.directory("boot");
    archive.file(&format!("boot/{}", name.to_string_lossy()), &read(config)?);
    Ok(())
}

/// A module, which the machine loads before its work.
pub(crate) fn module(archive: &mut Archive, name: &str, path: &Path) -> Result<()> {
    let bytes = if path.extension().is_some_and(|extension| extension == "xz") {
        let output = Command::new("xz").args(["--decompress", "--stdout"]).arg(path).output();
        let output = output.context("cannot start xz (Debian package: xz-utils)")?;
        if !output.status.success() {
            bail!("cannot unpack {}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
        }
        output.stdout
    } else {
        read(path)?
    };
    archive.file(&format!("modules/{name}.ko"), &bytes);
    Ok(())
}

/// The image of one machine. The marker frames the output of the work.
pub(crate) fn finish(
    mut archive: Archive,
    version: &str,
    work: &Work,
    marker: &str,
    environment: &[(&str, &str)],
) -> Vec<u8> {
    archive.file("run", script(version, work, marker, environment).as_bytes());
    archive.finish()
}

fn script(version: &str, work: &Work, marker: &str, environment: &[(&str, &str)]) -> String {
    let mut script =
        format!("cd {SUITE}\nexport PRELOAD_VM={} CARGO_MANIFEST_DIR={SUITE}\n", quoted(version));
    for name in ENVIRONMENT {
        if let Ok(value) = std::env::var(name) {
            let _ = writeln!(script, "export {name}={}", quoted(&value));
        }
    }
    for (name, value) in environment {
        let _ = writeln!(script, "export {name}={}", quoted(value));
    }
    let _ = writeln!(script, "echo '{marker} begin'");
    match work {
        Work::Tests(arguments) => {
            // The serial line passes for a terminal, but nobody sits there.
            script.push_str("./kernel --color=never");
            for argument in arguments {
                let _ = write!(script, " {}", quoted(argument));
            }
            script.push('\n');
        }
        Work::Command(command) => {
            let _ = writeln!(script, "sh -c {}", quoted(command));
        }
    }
    // The work may have left a line without an end.
    let _ = writeln!(script, "code=$?\necho\necho \"{marker} end $code\"");
    script
}

/// As one word of the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Adds a program and the libraries it is linked with.
fn program(archive: &mut Archive, name: &str, path: &Path) -> Result<()> {
    archive.file(name, &read(path)?);
    for library in libraries(path) {
        archive.shared_file(&library.to_string_lossy(), || read(&library))?;
    }
    Ok(())
}

/// What `ldd` lists; it fails for a static program, which needs nothing.
fn libraries(path: &Path) -> Vec<PathBuf> {
    let listing = tool::output(Command::new("ldd").arg(path)).unwrap_or_default();
    // `name => /path (address)`, or `/path (address)` for the dynamic linker.
    let paths = listing.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    paths.map(PathBuf::from).collect()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A busybox of this machine, or one fetched like the kernels.
pub(crate) fn busybox(apt: &Apt, folder: &Path) -> Result<PathBuf> {
    if let Some(path) = tool::find("busybox") {
        return Ok(path);
    }
    // From Debian 13 on, everything lies below /usr.
    let unpacked = || {
        ["bin", "usr/bin"].map(|bin| folder.join(bin).join("busybox")).into_iter().find(|path| path.exists())
    };
    if let Some(path) = unpacked() {
        return Ok(path);
    }
    eprintln!("fetching busybox-static");
    apt.unpack("busybox-static", folder)
        .context("busybox is missing, install it (Debian package: busybox-static)")?;
    unpacked().context("the package busybox-static holds no busybox")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_reach_the_tests_unharmed() {
        let script = script("6.1", &Work::Tests(vec!["it's".to_owned(), "a b".to_owned()]), "@@", &[]);
        assert!(script.contains("\n./kernel --color=never 'it'\\''s' 'a b'\n"), "{script}");
    }
}
