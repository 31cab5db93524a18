//! Building: the smallest crate that uses something, from nothing and after a change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::Machine;
use crate::measure::{self, Cost};
use crate::options::Options;
use crate::outcome::{BuildOutcome, Outcome};
use crate::tool;

const ROUNDS: usize = 3;

struct User {
    name: &'static str,
    manifest: String,
    build: Option<&'static str>,
    main: &'static str,
}

pub(crate) fn measure(machine: &Machine, options: &Options, outcome: &mut Outcome) -> Result<()> {
    let folder = machine.target().join("users");
    let mut users: Vec<_> = users(machine)
        .into_iter()
        .map(|user| {
            let prepared = prepare(machine, &folder, &user);
            let (root, crates, missing) = match prepared {
                Ok((root, crates)) => (Some(root), crates, None),
                Err(error) => (None, 0, Some(format!("{error:#}"))),
            };
            let (clean, incremental) = Default::default();
            (root, BuildOutcome { name: user.name, missing, crates, clean, incremental })
        })
        .collect();
    for _ in 0..options.rounds.unwrap_or(ROUNDS).min(ROUNDS) {
        for (root, outcome) in &mut users {
            let Some(root) = root else { continue };
            eprintln!("building for {}", outcome.name);
            match build(machine, root) {
                Ok((clean, incremental)) => {
                    outcome.clean.push(clean);
                    outcome.incremental.push(incremental);
                }
                Err(error) => outcome.missing = Some(format!("{error:#}")),
            }
        }
    }
    outcome.builds = users.into_iter().map(|(_, outcome)| outcome).collect();
    Ok(())
}

/// Ours come from folders, for which Cargo keeps what helps to compile them again; those of users come from a registry.
const AS_FROM_A_REGISTRY: &str = "[profile.dev.package.\"*\"]\nincremental = false\n";

fn users(machine: &Machine) -> [User; 5] {
    let runtime = machine.bench().join("../preload-runtime");
    let macros = machine.bench().join("../preload-macros");
    [
        User {
            name: "ours, std",
            manifest: format!(
                "[dependencies]\npreload-macros = {{ path = {macros:?} }}\npreload-runtime = {{ path = {runtime:?} }}\n"
            ),
            build: None,
            main: "#[preload_macros::bpf_preload(\"subject.bpf.o\")]
mod subject {}

fn main() -> Result<(), preload_runtime::Error> {
    subject::preload(\"/sys/fs/bpf\")
}
",
        },
        User {
            name: "ours, std, one crate",
            manifest: format!(
                "[dependencies]\npreload-runtime = {{ path = {runtime:?}, features = [\"macros\"] }}\n"
            ),
            build: None,
            main: "#[preload_runtime::bpf_preload(\"subject.bpf.o\")]
mod subject {}

fn main() -> Result<(), preload_runtime::Error> {
    subject::preload(\"/sys/fs/bpf\")
}
",
        },
        User {
            name: "aya",
            manifest: "[dependencies]\naya = \"0.14\"\n".into(),
            build: None,
            main: "use aya::programs::Iter;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut object = aya::Ebpf::load(aya::include_bytes_aligned!(\"subject.bpf.o\"))?;
    let btf = aya::Btf::from_sys_fs()?;
    for (name, target) in [(\"dump_bpf_map\", \"bpf_map\"), (\"dump_bpf_prog\", \"bpf_prog\")] {
        let program: &mut Iter = object.program_mut(name).ok_or(\"no such program\")?.try_into()?;
        program.load(target, &btf)?;
        program.attach()?;
    }
    Ok(())
}
",
        },
        User {
            name: "libbpf-rs + libbpf-cargo",
            manifest: "[dependencies]\nlibbpf-rs = \"0.27\"\n[build-dependencies]\nlibbpf-cargo = \"0.27\"\n"
                .into(),
            build: Some(
                "fn main() {
    let output = std::path::Path::new(&std::env::var(\"OUT_DIR\").unwrap()).join(\"subject.skel.rs\");
    libbpf_cargo::SkeletonBuilder::new().obj(\"src/subject.bpf.o\").generate(output).unwrap();
}
",
            ),
            main: "use libbpf_rs::skel::{OpenSkel as _, Skel as _, SkelBuilder as _};

mod subject {
    include!(concat!(env!(\"OUT_DIR\"), \"/subject.skel.rs\"));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut storage = std::mem::MaybeUninit::uninit();
    let mut skeleton = subject::SubjectSkelBuilder::default().open(&mut storage)?.load()?;
    skeleton.attach()?;
    Ok(())
}
",
        },
        User { name: "nothing", manifest: String::new(), build: None, main: "fn main() {}\n" },
    ]
}

/// Writes the crate and fetches what it depends on; its folder and its number of crates.
fn prepare(machine: &Machine, folder: &Path, user: &User) -> Result<(PathBuf, usize)> {
    let name: String = user.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let root = folder.join(&name);
    fs::create_dir_all(root.join("src"))?;
    fs::write(
        root.join("Cargo.toml"),
        format!(
            "[package]\nname = \"user-{name}\"\nedition = \"2024\"\n[workspace]\n{}{AS_FROM_A_REGISTRY}",
            user.manifest
        ),
    )?;
    // The versions are those of everything else that is measured.
    let lock = root.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(machine.bench().join("Cargo.lock"), &lock)?;
    }
    fs::write(root.join("src/main.rs"), user.main)?;
    if let Some(build) = user.build {
        fs::write(root.join("build.rs"), build)?;
    }
    fs::copy(machine.bench().join("../examples/iterators.bpf.o"), root.join("src/subject.bpf.o"))?;
    let cargo = || {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&root);
        cargo
    };
    tool::output(cargo().args(["fetch", "--target", "x86_64-unknown-linux-gnu"]))?;
    let tree = tool::output(cargo().args(["tree", "--prefix", "none", "--edges", "normal,build"]))?;
    let mut crates: Vec<_> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok((root, crates.len()))
}

/// A clean build, and one after a change of the crate itself.
fn build(machine: &Machine, root: &Path) -> Result<(Cost, Cost)> {
    let target = root.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let clean = cargo_build(machine, root)?;
    let main = root.join("src/main.rs");
    let text = fs::read_to_string(&main)?;
    fs::write(&main, format!("{text}// changed\n"))?;
    let incremental = cargo_build(machine, root);
    fs::write(&main, text)?;
    Ok((clean, incremental?))
}

fn cargo_build(machine: &Machine, root: &Path) -> Result<Cost> {
    let cargo = std::env::var_os("CARGO").context("cargo xtask bench sets CARGO")?;
    let manifest = root.join("Cargo.toml");
    let (build, manifest_path) = (Path::new("build"), Path::new("--manifest-path"));
    measure::once(
        machine,
        Path::new(&cargo),
        &[build, Path::new("--quiet"), Path::new("--offline"), manifest_path, &manifest],
    )
}
