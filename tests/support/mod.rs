//! Packages made by tests, for what can only be seen from outside a crate: its edition, its dependencies, its
//! builds.

#![allow(dead_code, reason = "each test uses a part of this")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace, which the packages depend on by path.
const WORKSPACE: &str = env!("CARGO_MANIFEST_DIR");

/// A package in a directory of its own.
///
/// The directory is named after the test and stays, so that a failure can be looked at and no run leaves more
/// behind than the one before. All packages share a target directory, so that dependencies are built once.
pub(crate) struct Package {
    root: PathBuf,
}

/// What a run of cargo, or of a program, came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Package {
    /// An empty package that depends on the attribute and the runtime; `name` is that of the test.
    pub(crate) fn new(name: &str, edition: &str) -> Self {
        Self::with_dependencies(name, edition, &both())
    }

    /// As [`new`](Self::new), with other words for the dependencies.
    pub(crate) fn with_dependencies(name: &str, edition: &str, dependencies: &str) -> Self {
        let package = Self { root: Path::new(env!("CARGO_TARGET_TMPDIR")).join(name) };
        if package.root.exists() {
            fs::remove_dir_all(&package.root).expect("the package of the run before goes away");
        }
        // The empty workspace keeps cargo from taking the package for a member of ours, which it lies inside
        // of.
        package.write(
            "Cargo.toml",
            format!(
                "[package]\nname = {name:?}\nedition = {edition:?}\n\n[dependencies]\n{dependencies}\n\n[workspace]\n"
            ),
        );
        // Our lock file makes the versions ours, which are there without a network.
        package.write("Cargo.lock", fs::read(Path::new(WORKSPACE).join("Cargo.lock")).unwrap());
        package
    }

    /// Writes a file, and the directories it needs.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).expect("the directory can be made");
        fs::write(path, contents).expect("the file can be written");
        self
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).expect("the file is there");
    }

    /// `cargo <command> --offline`.
    pub(crate) fn cargo(&self, command: &str) -> Outcome {
        self.cargo_with(command, &[])
    }

    /// The same with some environment.
    pub(crate) fn cargo_with(&self, command: &str, environment: &[(&str, &str)]) -> Outcome {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("target");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([command, "--offline", "--color=never"]).arg("--target-dir").arg(target);
        // Its words are asserted on, whatever this run of the tests was told.
        cargo
            .env_remove("CARGO_TERM_QUIET")
            .env_remove("CARGO_TERM_VERBOSE")
            .envs(environment.iter().copied());
        Outcome::of(cargo.current_dir(&self.root))
    }

    /// Compiles without linking, and without a warning.
    pub(crate) fn check(&self) {
        self.cargo("check").assert_clean();
    }
}

impl Outcome {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It went well, without a warning.
    pub(crate) fn assert_clean(&self) {
        assert!(self.success && !self.stderr.contains("warning:"), "{}", self.stderr);
    }
}

/// The two packages that users depend on, as the README says.
pub(crate) fn both() -> String {
    format!("{}preload-runtime = {{ path = {:?} }}\n", attribute(), runtime())
}

/// The line for the attribute alone.
pub(crate) fn attribute() -> String {
    format!("preload-macros = {{ path = {:?} }}\n", Path::new(WORKSPACE).join("preload-macros"))
}

/// The package of the runtime.
pub(crate) fn runtime() -> PathBuf {
    Path::new(WORKSPACE).join("preload-runtime")
}

/// The bytes of an example object, or of one of the tests' with its folder in front of its name.
pub(crate) fn object(name: &str) -> Vec<u8> {
    let folder = if name.contains('/') { "tests/bpf" } else { "examples" };
    let path = Path::new(WORKSPACE).join(folder).join(name).with_extension("bpf.o");
    fs::read(path).expect("the object is there")
}

/// A compiler for BPF; none where there is none, which is said aloud, and a failure with `CI=true`.
pub(crate) fn compiler() -> Option<String> {
    let named = env::var("CLANG").ok();
    let known = ["clang-19", "clang"].map(str::to_owned);
    let mut all = named.into_iter().chain(known);
    let found = all.find(|clang| Command::new(clang).arg("--version").output().is_ok());
    if found.is_none() {
        assert_ne!(
            env::var("CI").as_deref(),
            Ok("true"),
            "there is no clang: apt-get install clang-19 libbpf-dev"
        );
        eprintln!("NOT RUN: there is no clang (Debian: clang-19 libbpf-dev)");
    }
    found
}
