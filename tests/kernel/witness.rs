//! Looking from outside: other programs' view of the kernel.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CString, OsStr};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use serde_json::Value;
use tempfile::TempDir;

/// A bpffs of the test's own, unmounted at the end with all that is pinned in it.
pub(crate) struct Bpffs {
    directory: TempDir,
}

impl Bpffs {
    pub(crate) fn mount() -> Result<Self, Failed> {
        Self::mount_with("")
    }

    /// With options of the mount.
    pub(crate) fn mount_with(options: &str) -> Result<Self, Failed> {
        // No dot in the name: the objects' directories are made beside it in some tests.
        let directory = tempfile::Builder::new().prefix("bpffs").tempdir()?;
        let options = CString::new(options)?;
        mount("bpf", directory.path(), "bpf", MountFlags::NOSUID, options.as_c_str())?;
        Ok(Self { directory })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// The names in a directory, sorted; without what the set says of itself.
    pub(crate) fn list(&self, directory: &str) -> Result<Vec<String>, Failed> {
        let mut names = Vec::new();
        for entry in self.path().join(directory).read_dir()? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        // Made by the kernel's own preload module, where there is one.
        names.retain(|name| !name.ends_with(".debug") && !name.starts_with("__preload"));
        names.sort();
        Ok(names)
    }
}

impl Drop for Bpffs {
    fn drop(&mut self) {
        if let Err(error) = unmount(self.path(), UnmountFlags::DETACH) {
            eprintln!("cannot unmount {}: {error}", self.path().display());
        }
    }
}

/// An example's executable. Cargo puts examples beside the test binaries' folder, `cargo xtask vm` puts them beside the
/// test binary.
pub(crate) fn built(example: &str) -> Result<PathBuf, Failed> {
    let this = std::env::current_exe()?;
    let mut paths = this.ancestors().skip(1).take(2).map(|folder| folder.join("examples").join(example));
    paths
        .find(|path| path.exists())
        .ok_or_else(|| format!("the example is not built: cargo build --example {example}").into())
}

/// Runs a program; anything but success is an error with what it printed.
pub(crate) fn run(command: &mut Command) -> Result<Output, Failed> {
    let output = command.output().map_err(|error| format!("cannot run {command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{command:?}: {}: {text}{}", output.status, String::from_utf8_lossy(&output.stdout)).into())
}

/// What `cat` prints of a file: another process reads it, through the path alone.
pub(crate) fn cat(path: impl AsRef<OsStr>) -> Result<String, Failed> {
    Ok(String::from_utf8(run(Command::new("cat").arg(path))?.stdout)?)
}

/// `bpftool`'s list of maps, programs or links, by id.
pub(crate) fn bpftool(kind: &str) -> Result<BTreeMap<u32, Value>, Failed> {
    // It stops at an object that is being made or goes away while it lists, as those of other tests do all the time.
    let list = || run(Command::new("bpftool").args(["--json", kind, "list"]));
    let or_later = |_| {
        list().ok().or_else(|| {
            thread::sleep(Duration::from_millis(20));
            None
        })
    };
    let output = (0..200).find_map(or_later).map_or_else(list, Ok)?;
    let Value::Array(entries) = serde_json::from_slice(&output.stdout)? else {
        return Err("bpftool prints no list".into());
    };
    let by_id = |entry: Value| Some((u32::try_from(entry.get("id")?.as_u64()?).ok()?, entry));
    Ok(entries.into_iter().filter_map(by_id).collect())
}

/// The id of what is pinned at a path, of the kind that `bpftool` calls so.
pub(crate) fn pinned_id(kind: &str, path: &Path) -> Result<u32, Failed> {
    number(&show(&[kind.as_ref(), "show".as_ref(), "pinned".as_ref(), path.as_os_str()])?, "id")
}

/// Something is not listed any more.
pub(crate) fn gone(kind: &str, id: u32) -> Result<(), Failed> {
    over(&format!("{kind} {id}"), || Ok(bpftool(kind)?.contains_key(&id)))
}

/// Something is over, at once or a little later: the kernel lets go of some things only after their last reference is gone.
pub(crate) fn over(what: &str, mut there: impl FnMut() -> Result<bool, Failed>) -> Result<(), Failed> {
    let start = Instant::now();
    while there()? {
        if start.elapsed() > Duration::from_secs(20) {
            return Err(format!("{what}: still there").into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// A BPF object that a process has a descriptor of, by its kind and id. Ids are not given twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    kind: &'static str,
    id: u32,
}

impl Held {
    /// All that a process holds, as the kernel shows it in procfs.
    pub(crate) fn by_process(pid: u32) -> Result<BTreeSet<Self>, Failed> {
        const KINDS: [(&str, &str); 3] = [("link_id", "link"), ("prog_id", "prog"), ("map_id", "map")];
        let mut held = BTreeSet::new();
        for entry in fs::read_dir(format!("/proc/{pid}/fdinfo"))? {
            for line in fs::read_to_string(entry?.path())?.lines() {
                let Some((field, id)) = line.split_once(":\t") else { continue };
                let kind = KINDS.iter().find(|(name, _)| *name == field);
                if let (Some((_, kind)), Ok(id)) = (kind, id.parse()) {
                    held.insert(Self { kind, id });
                }
            }
        }
        Ok(held)
    }

    /// None of these is in the kernel any more.
    pub(crate) fn all_gone(all: &BTreeSet<Self>) -> Result<(), Failed> {
        for kind in ["link", "prog", "map"] {
            let there = bpftool(kind)?;
            let left = all.iter().filter(|held| held.kind == kind && there.contains_key(&held.id));
            left.into_iter().try_for_each(|held| gone(kind, held.id))?;
        }
        Ok(())
    }
}

/// What `bpftool` shows of one thing: `["link", "show", "pinned", PATH]`.
pub(crate) fn show(arguments: &[&OsStr]) -> Result<Value, Failed> {
    let output = run(Command::new("bpftool").arg("--json").args(arguments))?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A number in what `bpftool` shows.
pub(crate) fn number(value: &Value, field: &str) -> Result<u32, Failed> {
    let number = value.get(field).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("no `{field}` in {value}").into())
}

/// The contents of a data section as `bpftool` shows them: the value of each variable.
pub(crate) fn variables(map: u32) -> Result<BTreeMap<String, u64>, Failed> {
    let output = run(Command::new("bpftool").args(["--json", "map", "dump", "id", &map.to_string()]))?;
    let dump: Value = serde_json::from_slice(&output.stdout)?;
    let mut values = BTreeMap::new();
    collect(&dump, &mut values);
    Ok(values)
}

fn collect(value: &Value, values: &mut BTreeMap<String, u64>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, values)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_u64() {
                    Some(number) => drop(values.insert(name.clone(), number)),
                    None => collect(value, values),
                }
            }
        }
        _ => {}
    }
}

/// The words of a pinned map, in which each event has a bit.
pub(crate) fn marks(map: &Path) -> Result<BTreeMap<u64, u64>, Failed> {
    let output = run(Command::new("bpftool").args(["map", "dump", "pinned"]).arg(map))?;
    // With type information bpftool prints JSON: one object an entry.
    let entries: Value = serde_json::from_slice(&output.stdout)?;
    let field = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_u64);
    let words = entries.as_array().ok_or("not a list of entries")?.iter();
    Ok(words.filter_map(|entry| Some((field(entry, "key")?, field(entry, "value")?))).collect())
}
