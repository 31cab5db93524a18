//! Our layouts against the running kernel's own: bpftool writes its types down as C, a C compiler compares.

use std::env;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::{LAYOUTS, info};
use crate::testing::missing;

/// Of one of our structs.
pub(super) struct Layout {
    /// What it is a part of.
    pub(super) c_type: &'static str,
    /// For `union bpf_attr`: the name of its command here, and the number.
    pub(super) command: Option<(&'static str, u32)>,
    /// What comes before its fields in C: the name of a struct inside and a dot, or nothing.
    pub(super) member: &'static str,
    /// Name, offset and size.
    pub(super) fields: &'static [(&'static str, usize, usize)],
}

/// The newest field that the running kernel has to know.
const NEWEST: &str = "excl_prog_hash_size;";

/// What is newer: compared where the running kernel has it, and used by tests on the kernels that do (7.2).
const NEWER: [(&str, &str); 1] = [("tracing_multi", "} tracing_multi;")];

/// The C name of a command: `BPF_MAP_CREATE` for `MapCreate`.
fn c_name(command: &str) -> String {
    command.chars().fold("BPF".to_owned(), |mut name, c| {
        if c.is_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
        name
    })
}

/// Our layouts as assertions in C, each with what it says as its message, as far as the kernel's types have them.
fn assertions(types: &str) -> String {
    let mut c = String::new();
    let is_newer = |condition: &str| {
        let name = |name: &str| condition.to_lowercase().contains(name);
        NEWER.into_iter().any(|(part, declared)| name(part) && !types.contains(declared))
    };
    let mut assert = |condition: String| match is_newer(&condition) {
        true => Ok(()),
        false => writeln!(c, "_Static_assert({condition}, \"{condition}\");"),
    };
    for Layout { c_type, command, member, fields } in LAYOUTS.iter().chain(info::LAYOUTS) {
        if let Some((command, number)) = command {
            assert(format!("{} == {number}", c_name(command))).unwrap();
        }
        for (field, offset, size) in fields.iter().filter(|(field, ..)| !field.starts_with("reserved")) {
            let field = format!("{member}{field}");
            assert(format!("__builtin_offsetof({c_type}, {field}) == {offset}")).unwrap();
            assert(format!("sizeof((({c_type} *)0)->{field}) == {size}")).unwrap();
        }
    }
    for (name, number) in info::CONSTANTS {
        assert(format!("{name} == {number}")).unwrap();
    }
    c
}

/// bpftool in `PATH`, or where it is installed and an ordinary user's `PATH` does not lead.
fn bpftool() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|folder| folder.join("bpftool"))
        .find(|candidate| candidate.is_file())
}

/// The kernel's types as C, or what there is not.
fn kernel_types() -> Result<String, &'static str> {
    let command = ["btf", "dump", "file", "/sys/kernel/btf/vmlinux", "format", "c"];
    let bpftool = bpftool().ok_or("bpftool")?;
    let output = Command::new(bpftool).args(command).output().map_err(|_| "bpftool")?;
    let types = String::from_utf8(output.stdout).expect("C is text");
    if !output.status.success() {
        Err("the kernel's type information")
    } else if !types.contains(NEWEST) {
        Err("a kernel of version 6.18 or newer")
    } else {
        Ok(types)
    }
}

/// Checks a C source; nothing without a compiler.
fn compile(source: &str) -> Option<Output> {
    let mut cc = Command::new("cc");
    // The types are written for clang and a BPF target: much of them deserves a warning, nothing of it is
    // linked.
    cc.args(["-std=gnu11", "-w", "-fsyntax-only", "-x", "c", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = match cc.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        child => child.expect("the compiler starts"),
    };
    child.stdin.take().expect("it is piped").write_all(source.as_bytes()).expect("the compiler reads all");
    Some(child.wait_with_output().expect("the compiler ends"))
}

#[test]
fn layouts_are_those_of_the_kernel() {
    let types = match kernel_types() {
        Ok(types) => types,
        Err(what) => return missing("the layout of bpf_attr", what),
    };
    let Some(output) = compile(&(types.clone() + &assertions(&types))) else {
        return missing("the layout of bpf_attr", "a C compiler, `cc`");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let wrong = types + "_Static_assert(__builtin_offsetof(union bpf_attr, btf_log_buf) == 0, \"wrong\");";
    assert!(!compile(&wrong).unwrap().status.success(), "the compiler does compare");
}

#[test]
fn commands_have_their_c_names() {
    assert_eq!(c_name("MapCreate"), "BPF_MAP_CREATE");
    assert_eq!(c_name("ObjGetInfoByFd"), "BPF_OBJ_GET_INFO_BY_FD");
}
