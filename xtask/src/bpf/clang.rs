//! The compiler the committed objects come from.

use std::collections::{BTreeMap, BTreeSet};
use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::directives::Object;
use crate::tool;

/// What an object is compiled with unless its source names another one. Another major version gives other bytes, so
/// `--check` could not tell a stale object from a fresh one.
const MAJOR: u32 = 19;

const LIBBPF_HEADER: &str = "/usr/include/bpf/bpf_helpers.h";

pub(crate) struct Toolchain<'a> {
    root: &'a Path,
    clang: BTreeMap<u32, PathBuf>,
    strip: PathBuf,
    objcopy: PathBuf,
    bpftool: PathBuf,
}

impl<'a> Toolchain<'a> {
    /// Finds what makes these objects, or names the Debian packages of what is missing.
    pub(crate) fn find<'o>(root: &'a Path, objects: impl Iterator<Item = &'o Object>) -> Result<Self> {
        let mut missing = Vec::new();
        let versions: BTreeSet<u32> = objects.map(|object| object.clang.unwrap_or(MAJOR)).collect();
        let clang = versions
            .iter()
            .filter_map(|&version| Some((version, versioned("clang", version, &mut missing)?)));
        let clang = clang.collect();
        let strip = versioned("llvm-strip", MAJOR, &mut missing);
        let objcopy = versioned("llvm-objcopy", MAJOR, &mut missing);
        let bpftool = tool::find("bpftool");
        if bpftool.is_none() {
            missing.push("bpftool".into());
        }
        if !Path::new(LIBBPF_HEADER).exists() {
            missing.push(format!("libbpf's headers ({LIBBPF_HEADER})"));
        }
        if let (Some(strip), Some(objcopy), Some(bpftool), []) = (strip, objcopy, bpftool, missing.as_slice())
        {
            return Ok(Self { root, clang, strip, objcopy, bpftool });
        }
        let compilers: String = versions.iter().map(|version| format!("clang-{version} ")).collect();
        bail!(
            "cannot build the BPF objects as they are committed; missing:\n  {}\n\
             On Debian the packages are: {compilers}llvm-{MAJOR} libbpf-dev bpftool",
            missing.join("\n  ")
        );
    }

    /// Compiles a source, given relative to the workspace, to the bytes of an object.
    pub(crate) fn compile(&self, source: &Path, object: &Object, scratch: &Path) -> Result<Vec<u8>> {
        let output = scratch.join(&object.name);
        let context = || format!("cannot build {} from {}", object.name, source.display());
        if object.link.is_empty() {
            self.compile_one(source, object, &output).with_context(context)?;
        } else {
            let mut bpftool = Command::new(&self.bpftool);
            bpftool.args(["gen", "object"]).arg(&output);
            let sources = object.link.iter().map(|file| source.with_file_name(file));
            for (number, source) in std::iter::once(source.to_owned()).chain(sources).enumerate() {
                let part = output.with_extension(format!("{number}.o"));
                self.compile_one(&source, object, &part).with_context(context)?;
                bpftool.arg(part);
            }
            tool::run(&mut bpftool).with_context(context)?;
        }
        if !object.strip.is_empty() {
            tool::run(Command::new(&self.objcopy).args(&object.strip).arg(&output)).with_context(context)?;
        }
        fs::read(&output).with_context(context)
    }

    /// One source to one file.
    fn compile_one(&self, source: &Path, object: &Object, output: &Path) -> Result<()> {
        let version = object.clang.unwrap_or(MAJOR);
        let clang = self.clang.get(&version).with_context(|| format!("there is no clang-{version}"))?;
        // No trace of the place it was built in may reach the object, hence the relative source and the
        // prefix map.
        let mut clang = Command::new(clang);
        clang
            .current_dir(self.root)
            .args(["-g", "-O2", "-target", "bpf", "-mcpu=v3", "-Wall", "-Werror"])
            .arg(format!("-ffile-prefix-map={}=.", self.root.display()))
            // `asm/types.h` lies with the headers of the host, which are not searched for another target.
            .arg(format!("-I/usr/include/{ARCH}-linux-gnu"))
            .args(&object.flags)
            .arg("-c")
            .arg(source)
            .arg("-o")
            .arg(output);
        tool::run(&mut clang)?;
        // DWARF goes, BTF stays.
        if object.dwarf { Ok(()) } else { tool::run(Command::new(&self.strip).arg("-g").arg(output)) }
    }
}

/// Finds `NAME-19` for version 19, or a `NAME` that says it is of that version; else tells in `missing` what there is.
fn versioned(name: &str, version: u32, missing: &mut Vec<String>) -> Option<PathBuf> {
    let suffixed = format!("{name}-{version}");
    if let Some(path) = tool::find(&suffixed) {
        return Some(path);
    }
    let plain = tool::find(name);
    let major = plain.as_ref().and_then(|path| {
        let text = tool::output(Command::new(path).arg("--version")).ok()?;
        major_version(&text)
    });
    match major {
        Some(major) if major == version => return plain,
        Some(other) => missing.push(format!("{suffixed} ({name} is version {other}, whose objects differ)")),
        None => missing.push(suffixed),
    }
    None
}

/// The number after the first "version" of what LLVM's tools say for `--version`.
fn major_version(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("version ")?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn reads_the_version_of_both_kinds_of_tool() {
        assert_eq!(major_version("Debian clang version 19.1.7 (3)\nTarget: x86_64"), Some(19));
        assert_eq!(
            major_version("llvm-strip, compatible with GNU strip\nDebian LLVM version 14.0.6\n"),
            Some(14)
        );
        assert_eq!(major_version("something else"), None);
    }
}
