//! Who does the job, and how each is made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use preload_object::Object;

use crate::case::Case;
use crate::machine::Machine;
use crate::{clang, floor, names, tool};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    Floor,
    NoStd,
    Std,
    Glibc,
    Dynamic,
    InKernel,
    Light,
    Libbpf,
    LibbpfRs,
    Aya,
}

/// In the order of the tables: the floor, ours, the others.
pub(crate) const CONTESTANTS: [Contestant; 10] = {
    use Contestant::{Aya, Dynamic, Floor, Glibc, InKernel, Libbpf, LibbpfRs, Light, NoStd, Std};
    [Floor, NoStd, Std, Glibc, Dynamic, InKernel, Light, Libbpf, LibbpfRs, Aya]
};

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::NoStd => "ours, no_std",
            Self::Std => "ours, std",
            Self::Glibc => "ours, std, glibc",
            Self::Dynamic => "ours, std, dynamic",
            Self::InKernel => "ours, in_kernel",
            Self::Light => "C light skeleton",
            Self::Libbpf => "C libbpf skeleton",
            Self::LibbpfRs => "libbpf-rs",
            Self::Aya => "aya",
        }
    }

    /// Whether it does a case as none of the others does it.
    pub(crate) fn wants(self, case: Case) -> bool {
        // How a program is linked makes a difference when it starts, and none later.
        self != Self::Dynamic || case == Case::Iterators
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::NoStd => "no_std",
            Self::Std => "std",
            Self::Glibc => "glibc",
            Self::Dynamic => "dynamic",
            Self::InKernel => "in_kernel",
            Self::Light => "light",
            Self::Libbpf => "libbpf",
            Self::LibbpfRs => "libbpf-rs",
            Self::Aya => "aya",
        }
    }

    /// Makes its program for a case, whose folder is prepared.
    pub(crate) fn build(self, machine: &Machine, case: &Prepared) -> Result<PathBuf> {
        let folder = case.folder.join(self.folder());
        fs::create_dir_all(&folder)?;
        let program = folder.join("subject");
        let source = |name: &str| machine.bench().join("c").join(name);
        match self {
            Self::Floor => {
                clang::program(&source("floor.c"), &case.folder, &program, clang::BARE)?;
            }
            Self::Light => {
                skeleton(&case.object, &folder.join("subject.lskel.h"), &["-L"])?;
                fs::write(folder.join("names.h"), &case.names)?;
                clang::program(&source("light.c"), &folder, &program, &[])?;
            }
            Self::Libbpf => {
                skeleton(&case.object, &folder.join("subject.skel.h"), &[])?;
                clang::program(&source("libbpf.c"), &folder, &program, clang::LIBBPF)?;
            }
            _ => self.cargo(machine, case, &program)?,
        }
        Ok(program)
    }

    /// Everyone's program is static and lies where it was linked to, as the C ones do; but for one, to see what that makes.
    fn cargo(self, machine: &Machine, case: &Prepared, program: &Path) -> Result<()> {
        let (package, profile, triple) = match self {
            Self::NoStd => ("bench-no-std", "small", GLIBC),
            Self::Std => ("bench-std", "release", MUSL),
            Self::InKernel => ("bench-in-kernel", "release", GLIBC),
            Self::Glibc | Self::Dynamic => ("bench-std", "release", GLIBC),
            Self::LibbpfRs => ("bench-libbpf-rs", "release", GLIBC),
            _ => ("bench-aya", "release", GLIBC),
        };
        let (flags, folder) = match self {
            Self::Dynamic => ("", "subjects-dynamic"),
            _ => ("-C target-feature=+crt-static -C relocation-model=static", "subjects"),
        };
        let libraries =
            tool::output(Command::new("rustc").args(["--print", "target-libdir", "--target", triple]))?;
        if !Path::new(libraries.trim()).exists() {
            bail!("there is no std for it: `rustup target add {triple}`");
        }
        let target = machine.target().join(folder);
        let mut build = Command::new("cargo");
        build
            .current_dir(machine.bench())
            .args(["build", "--quiet", "--locked", "--profile", profile, "--target", triple, "-p", package])
            .arg("--target-dir")
            .arg(&target)
            .env("BENCH_CASE", &case.folder)
            .env("RUSTFLAGS", flags)
            // Where libelf.a is.
            .env("LIBBPF_SYS_LIBRARY_PATH", "/usr/lib/x86_64-linux-gnu");
        tool::output(&mut build)?;
        let built = target.join(triple).join(profile).join(package);
        fs::copy(&built, program).with_context(|| format!("cannot copy {}", built.display()))?;
        Ok(())
    }
}

const GLIBC: &str = "x86_64-unknown-linux-gnu";
/// What static programs in Rust are commonly built for: `rustup target add` brings it.
const MUSL: &str = "x86_64-unknown-linux-musl";

/// A case whose object is there, with what is made of it for all.
pub(crate) struct Prepared {
    pub(crate) folder: PathBuf,
    pub(crate) object: PathBuf,
    /// What must be pinned afterwards.
    pub(crate) pins: usize,
    names: String,
}

impl Prepared {
    pub(crate) fn new(machine: &Machine, case: Case) -> Result<Self> {
        let folder = machine.target().join("cases").join(case.name());
        fs::create_dir_all(&folder)?;
        let (source, path) = (folder.join("subject.bpf.c"), folder.join("subject.bpf.o"));
        fs::write(&source, case.source())?;
        clang::object(&source, &path)?;
        let bytes = fs::read(&path)?;
        let object = Object::read(&bytes).with_context(|| path.display().to_string())?;
        let plan = floor::plan(&object);
        floor::write(&plan, &folder)?;
        fs::write(folder.join("targets.rs"), names::targets(&object))?;
        let maps = plan.maps.iter().filter(|map| map.pin.is_some()).count();
        let pins = if case.attaches() { plan.programs.len() + maps } else { 0 };
        Ok(Self { names: names::header(&object), folder, object: path, pins })
    }
}

fn skeleton(object: &Path, header: &Path, options: &[&str]) -> Result<()> {
    let mut bpftool = Command::new("bpftool");
    bpftool.args(["gen", "skeleton"]).args(options).arg(object).args(["name", "subject"]);
    fs::write(header, tool::output(&mut bpftool)?)?;
    Ok(())
}
