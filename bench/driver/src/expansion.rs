//! What the attribute takes in a dev build, by size of the object, by number of programs and of types.
//!
//! The compiler is measured alone, and as a whole: it has to take in what the attribute gives it. `cargo check` tells what of
//! that is machine code and linking, which it does without. The attribute itself is
//! compiled as dev builds do it, without optimisation. Incremental compilation is off, so that all of the work is done each time.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use preload_object::Object;

use crate::machine::Machine;
use crate::measure::{self, Cost};
use crate::options::Options;
use crate::outcome::{ExpansionOutcome, Outcome};
use crate::{case, clang, tool};

const ROUNDS: usize = 5;
const KIB: usize = 1024;
/// Larger objects are linked of parts: clang's time for one source grows faster than its square.
const PART: usize = KIB * KIB;

#[derive(Clone, Copy)]
enum Subject {
    /// An attribute that does nothing.
    Nothing,
    /// An object of about so many bytes: a third each of code, data and types, which are behind a pointer: most types of an
    /// object are those of kernel headers, of which no map and no variable is, and for which nothing is generated.
    Sized(usize),
    /// So many programs of two instructions.
    Programs(usize),
    /// A variable with so many structs in it.
    Types(usize),
}

const SUBJECTS: [Subject; 11] = [
    Subject::Nothing,
    Subject::Sized(10 * KIB),
    Subject::Sized(100 * KIB),
    Subject::Sized(KIB * KIB),
    Subject::Sized(10 * KIB * KIB),
    Subject::Programs(1),
    Subject::Programs(10),
    Subject::Programs(100),
    Subject::Programs(1000),
    Subject::Types(200),
    Subject::Types(2000),
];

impl Subject {
    fn name(self) -> String {
        match self {
            Self::Nothing => "empty macro".into(),
            Self::Sized(size) if size < KIB * KIB => format!("{} KiB", size / KIB),
            Self::Sized(size) => format!("{} MiB", size / KIB / KIB),
            Self::Programs(count) => format!("{count} programs"),
            Self::Types(count) => format!("{count} types"),
        }
    }

    /// One source, or several to be linked.
    fn sources(self) -> Result<Vec<String>> {
        let mut text = String::from(
            "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n",
        );
        match self {
            Self::Nothing => return Ok(Vec::new()),
            Self::Sized(size) => {
                let parts = size.div_ceil(PART);
                return (0..parts).map(|part| self::part(part, size / parts)).collect();
            }
            Self::Programs(count) => {
                for number in 0..count {
                    writeln!(text, "SEC(\"iter/bpf_map\") int program_{number}(void *ctx) {{ return 0; }}")?;
                }
            }
            Self::Types(count) => {
                writeln!(text, "SEC(\"iter/bpf_map\") int program(void *ctx) {{ return 0; }}")?;
                case::types(&mut text, 0..count, "all")?;
            }
        }
        Ok(vec![text])
    }
}

/// The source of about so many bytes of an object. Nothing in it has the name of anything in another part, so that nothing
/// is merged when they are linked.
fn part(part: usize, size: usize) -> Result<String> {
    // Found by looking at what comes out: a statement takes 150 bytes with its line, a struct 115.
    let (statements, structs) = (size / 3 / 150, size / 3 / 115);
    let mut text = String::from("#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n");
    // An object states its licence once.
    if part == 0 {
        writeln!(text, "char LICENSE[] SEC(\"license\") = \"GPL\";")?;
    }
    writeln!(text, "static volatile __u64 sum_{part};")?;
    for program in part * 10..(part + 1) * 10 {
        writeln!(text, "SEC(\"raw_tp/sched_switch\") int program_{program}(void *ctx) {{")?;
        for number in 0..statements / 10 {
            writeln!(text, "sum_{part} += bpf_ktime_get_ns() * {number};")?;
        }
        writeln!(text, "return sum_{part} & 1; }}")?;
    }
    case::data(&mut text, part, (size / 3).next_multiple_of(4))?;
    case::types(&mut text, part * structs..(part + 1) * structs, &format!("*all_{part}"))?;
    Ok(text)
}

pub(crate) fn measure(machine: &Machine, options: &Options, outcome: &mut Outcome) -> Result<()> {
    let folder = machine.target().join("expansion");
    nothing(&folder)?;
    let mut subjects: Vec<_> = SUBJECTS
        .into_iter()
        // All others are compared with the one that does nothing.
        .filter(|subject| matches!(subject, Subject::Nothing) || options.wants_case(&subject.name()))
        .map(|subject| {
            eprintln!("expansion: {}", subject.name());
            let (root, object, programs, missing) = match prepare(machine, &folder, subject) {
                Ok((root, object, programs)) => (Some(root), object, programs, None),
                Err(error) => (None, 0, 0, Some(format!("{error:#}"))),
            };
            (
                root,
                ExpansionOutcome {
                    name: subject.name(),
                    missing,
                    object,
                    programs,
                    costs: Vec::new(),
                    checks: Vec::new(),
                },
            )
        })
        .collect();
    // The first turn builds what the crates depend on.
    for round in 0..=options.rounds.unwrap_or(ROUNDS).min(ROUNDS) {
        eprintln!("expansion: turn {round}");
        for (root, outcome) in &mut subjects {
            let Some(package) = root else { continue };
            let compile = |command| compile(machine, &folder, package, command);
            match compile("build").and_then(|build| Ok((build, compile("check")?))) {
                Ok((build, check)) if round > 0 => {
                    outcome.costs.push(build);
                    outcome.checks.push(check);
                }
                Ok(_) => {}
                Err(error) => {
                    outcome.missing = Some(format!("{error:#}"));
                    *root = None;
                }
            }
        }
    }
    outcome.expansions = subjects.into_iter().map(|(_, outcome)| outcome).collect();
    Ok(())
}

/// The crate of the attribute that does nothing.
fn nothing(folder: &Path) -> Result<()> {
    let root = folder.join("nothing");
    fs::create_dir_all(root.join("src"))?;
    fs::write(
        root.join("Cargo.toml"),
        "[package]\nname = \"nothing\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n[workspace]\n",
    )?;
    fs::write(
        root.join("src/lib.rs"),
        "use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn nothing(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
",
    )?;
    Ok(())
}

/// Writes the crate of a subject: its folder, the size of its object, its number of programs.
fn prepare(machine: &Machine, folder: &Path, subject: Subject) -> Result<(PathBuf, u64, usize)> {
    let name = subject.name().replace(' ', "-").to_lowercase();
    let root = folder.join(format!("subject-{name}"));
    fs::create_dir_all(root.join("src"))?;
    fs::write(
        root.join("Cargo.toml"),
        format!(
            "[package]\nname = \"subject-{name}\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
             nothing = {{ path = \"../nothing\" }}\npreload-macros = {{ path = {:?} }}\npreload-runtime = {{ path = {:?} }}\n",
            machine.bench().join("../preload-macros"),
            machine.bench().join("../preload-runtime")
        ),
    )?;
    let lock = root.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(machine.bench().join("Cargo.lock"), lock)?;
    }
    let attribute = match subject {
        Subject::Nothing => "#[nothing::nothing]",
        _ => "#[preload_macros::bpf_preload(\"subject.bpf.o\")]",
    };
    fs::write(root.join("src/main.rs"), format!("{attribute}\nmod subject {{}}\n\nfn main() {{}}\n"))?;
    let object = root.join("src/subject.bpf.o");
    let mut sources = Vec::new();
    for (number, text) in subject.sources()?.into_iter().enumerate() {
        let source = root.join(format!("src/part_{number}.bpf.c"));
        fs::write(&source, text)?;
        sources.push(source);
    }
    match sources.as_slice() {
        [] => return Ok((root, 0, 0)),
        [source] => clang::object(source, &object)?,
        sources => clang::linked(sources, &object)?,
    }
    let bytes = fs::read(&object)?;
    let programs = Object::read(&bytes)?.programs().len();
    Ok((root, bytes.len() as u64, programs))
}

/// The cost of the compiler for the crate itself, in a dev build or where it is only checked.
fn compile(machine: &Machine, folder: &Path, package: &Path, command: &str) -> Result<Cost> {
    let main = package.join("src/main.rs");
    // Written again, and so compiled again.
    fs::write(&main, fs::read(&main)?)?;
    let log = folder.join("rustc.log");
    let _ = fs::remove_file(&log);
    let sysroot = tool::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    tool::output(
        Command::new("cargo")
            .current_dir(package)
            .args([command, "--quiet", "--offline", "--target-dir"])
            .arg(folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC", Path::new(sysroot.trim()).join("bin/rustc"))
            .env("RUSTC_WRAPPER", machine.launcher())
            .env("LAUNCH_LOG", &log),
    )?;
    measure::parse(&fs::read_to_string(&log)?)?.pop().context("the compiler was not run")
}
