//! Compiles eBPF sources in a build script, in one step. In `main` of `build.rs`:
//!
//! ```no_run
//! preload_build::compile("src/guard.bpf.c");
//! ```
//!
//! The object goes to `OUT_DIR`, where `#[bpf_preload("guard.bpf.o")]` finds it, if none of that name lies
//! beside the source file or in the package root. It is compiled again when the source, a header that it
//! includes, or the compiler's name changes.
//!
//! # What it needs
//!
//! clang, 11 or newer, and libbpf's headers (Debian: `clang libbpf-dev linux-libc-dev`). The compiler is
//! `clang` in `PATH`, unless the environment variable `CLANG` names another one. With
//! [`vmlinux`](Bpf::vmlinux), bpftool too.
//!
//! # How it compiles
//!
//! For the byte order and the machine of the target that the crate is built for (`__TARGET_ARCH_x86` and
//! the like are defined), with `-O2`, with type information, for the instruction set v3 of Linux 5.1.
//! Folders of the machine's own headers that clang searches for the host only (`asm/types.h` on Debian and
//! its relatives) are added. What clang prints is passed on as it is: warnings as those of the build
//! script, errors on standard error.

mod clang;
mod error;
mod vmlinux;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process;

pub use error::Error;

/// Compiles a source with all defaults: `src/guard.bpf.c`, relative to the package, to `guard.bpf.o`.
///
/// Ends the build script with what went wrong if it does not succeed; [`Bpf::compile`] returns that instead.
pub fn compile(source: impl AsRef<Path>) {
    if let Err(error) = Bpf::new(source).compile() {
        eprintln!("{error}");
        process::exit(1);
    }
}

/// A source and how it is compiled.
///
/// ```no_run
/// # fn main() -> Result<(), preload_build::Error> {
/// let object = preload_build::Bpf::new("src/guard.bpf.c")
///     .include("include")
///     .flag("-DDEBUG=1")
///     .vmlinux("/sys/kernel/btf/vmlinux")
///     .compile()?;
/// println!("cargo::warning=the object is {}", object.display());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is compiled before `compile` is called"]
pub struct Bpf {
    source: PathBuf,
    includes: Vec<PathBuf>,
    flags: Vec<OsString>,
    vmlinux: Option<PathBuf>,
}

impl Bpf {
    /// A source, relative to the package.
    pub fn new(source: impl AsRef<Path>) -> Self {
        Self { source: source.as_ref().into(), includes: Vec::new(), flags: Vec::new(), vmlinux: None }
    }

    /// A folder to look for headers in, relative to the package; may be repeated.
    pub fn include(mut self, folder: impl AsRef<Path>) -> Self {
        self.includes.push(folder.as_ref().into());
        self
    }

    /// A word for the end of clang's command line, where it wins over the defaults; may be repeated.
    pub fn flag(mut self, flag: impl Into<OsString>) -> Self {
        self.flags.push(flag.into());
        self
    }

    /// Makes `vmlinux.h`, for `#include "vmlinux.h"`, of the types in a BTF file: that of the running kernel,
    /// `/sys/kernel/btf/vmlinux`, or a copy of one in the package, which gives the same object on every
    /// machine.
    pub fn vmlinux(mut self, btf: impl AsRef<Path>) -> Self {
        self.vmlinux = Some(btf.as_ref().into());
        self
    }

    /// Compiles; the path of the object. Prints what cargo has to know.
    ///
    /// # Errors
    ///
    /// Outside a build script, without clang or bpftool, and where one of them fails.
    pub fn compile(self) -> Result<PathBuf, Error> {
        let build = Build::from_env()?;
        clang::compile(&self, &build)
    }
}

/// What cargo says to a build script.
struct Build {
    out_dir: PathBuf,
    package: PathBuf,
    arch: String,
    endian: String,
}

impl Build {
    fn from_env() -> Result<Self, Error> {
        let variable = |name: &'static str| env::var_os(name).ok_or(Error::NotInBuildScript(name));
        let text = |name| Ok::<_, Error>(variable(name)?.to_string_lossy().into_owned());
        Ok(Self {
            out_dir: variable("OUT_DIR")?.into(),
            package: variable("CARGO_MANIFEST_DIR")?.into(),
            arch: text("CARGO_CFG_TARGET_ARCH")?,
            endian: text("CARGO_CFG_TARGET_ENDIAN")?,
        })
    }
}
