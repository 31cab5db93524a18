//! CO-RE: relocations of every kind, carried out by the kernel, and those that it cannot carry out.

use std::collections::BTreeMap;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{ErrorKind, OpenSkeleton};
use serde_json::Value;

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, bpftool, cat};

#[bpf_preload("../../bpf/core/kinds.bpf.o")]
mod kinds {}

#[bpf_preload("../../bpf/core/missing.bpf.o")]
mod missing {}

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];
/// Relocations that ask whether types match.
const MATCHES: &[Need] = &[Need::Kernel(6, 1)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "core::fields_are_those_of_the_kernel", needs: MATCHES, run: fields },
    Test { name: "core::types_and_enums_are_those_of_the_kernel", needs: MATCHES, run: types },
    Test { name: "core::bit_fields_are_read", needs: MATCHES, run: bit_fields },
    Test { name: "core::what_is_missing_is_named_with_its_line", needs: CO_RE, run: unresolved },
];

/// Lines of a name and a number.
fn numbers(text: &str) -> BTreeMap<&str, i64> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, number)| Some((name, number.parse().ok()?)))
        .collect()
}

fn check(text: &str, expected: &[(&str, i64)]) -> Outcome {
    let numbers = numbers(text);
    expected.iter().try_for_each(|(name, number)| equal(numbers.get(name), Some(number), name))
}

/// Loads and attaches the object; what reading one of its programs' links gives.
fn read(pin: impl FnOnce(&kinds::Skel, &Bpffs) -> Outcome) -> Result<String, Failed> {
    let bpffs = Bpffs::mount()?;
    let mut skel = kinds::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    pin(&skel, &bpffs)?;
    cat(bpffs.join("pin"))
}

fn fields() -> Outcome {
    let text = read(|skel, bpffs| Ok(skel.pin_show_fields(bpffs.join("pin"))?))?;
    // Each 1 is a value of the kernel's that a helper gives as well.
    let same = [("pid", 1), ("leader", 1), ("uid", 1), ("comm", 1)];
    let asked = [("comm_size", 16), ("exists", 1), ("exists_not", 0), ("signed", 1), ("unsigned", 0)];
    check(&text, &same)?;
    check(&text, &asked)?;
    let offset = kernel_types(|kernel| kernel.member("task_struct", "comm"))?;
    check(&text, &[("comm_offset", offset)])
}

fn types() -> Outcome {
    let text = read(|skel, bpffs| Ok(skel.pin_show_types(bpffs.join("pin"))?))?;
    let (id, size) = kernel_types(|kernel| kernel.structure("bpf_map"))?;
    check(&text, &[("map_id", id), ("map_size", size), ("size_not", 0), ("local_id", 1)])?;
    check(
        &text,
        &[("type_exists", 1), ("type_exists_not", 0), ("type_matches", 1), ("type_matches_not", 0)],
    )?;
    check(&text, &[("enum_value", 27), ("enum_exists", 1), ("enum_exists_not", 0)])
}

fn bit_fields() -> Outcome {
    let mut known = BTreeMap::new();
    let text = read(|skel, bpffs| {
        let mut all = bpftool("prog")?;
        for id in [skel.progs.show_fields.id()?, skel.progs.show_types.id()?] {
            known.insert(id, all.remove(&id).ok_or("bpftool does not see the program")?);
        }
        Ok(skel.pin_show_programs(bpffs.join("pin"))?)
    })?;
    for line in text.lines() {
        let row: Vec<u32> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [id, gpl, jited, has_length] = row[..] else {
            return Err(format!("not a program: {line}").into());
        };
        let Some(program) = known.remove(&id) else { continue };
        let flag = |name: &str| program.get(name).and_then(Value::as_bool).map(u32::from);
        equal(flag("gpl_compatible"), Some(gpl), "gpl_compatible")?;
        equal(flag("jited").unwrap_or_default(), jited, "jited")?;
        equal(has_length, 1, "whether it has instructions")?;
    }
    ensure(known.is_empty(), || format!("not all of the object's programs are in:\n{text}"))
}

fn unresolved() -> Outcome {
    missing::Skel::open().load().map_err(|error| format!("what is asked for first: {error}"))?;
    let cases = [
        ("reads_a_field", "struct task_struct.no_such_field"),
        ("reads_a_nested_field", "struct task_struct.se.no_such_numbers[2]"),
        ("takes_a_value", "enum bpf_map_type::BPF_MAP_TYPE_NO_SUCH"),
    ];
    let source =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bpf/core/missing.bpf.c")).ok();
    for (program, what) in cases {
        let mut open = missing::Skel::open();
        open.program(program).ok_or("no such program")?.set_autoload(true);
        let Err(error) = open.load() else { return Err(format!("{program} was loaded").into()) };
        let ErrorKind::Unresolved(relo) = error.kind() else {
            return Err(format!("{program}: another error: {error}").into());
        };
        equal(relo.what, what, program)?;
        let text = error.to_string();
        let release = rustix::system::uname().release().to_string_lossy().into_owned();
        for part in
            [format!("`{program}`: kernel {release} has no {what}, which "), "missing.bpf.c:".to_owned()]
        {
            ensure(text.contains(&part), || format!("`{part}` is not in: {text}"))?;
        }
        ensure(error.verifier_log().is_some(), || "without the verifier's log".into())?;
        // The line is the one that the program reads it in.
        if let Some(source) = &source {
            let line: usize = relo.place.rsplit(':').next().unwrap_or_default().parse()?;
            let start =
                source.lines().position(|line| line.contains(&format!("int {program}("))).unwrap_or_default();
            ensure((start + 1..start + 7).contains(&line), || format!("{program} is not at {}", relo.place))?;
        }
    }
    Ok(())
}

/// Looks at the kernel's type information, read without the crate.
fn kernel_types<T>(look: impl FnOnce(&Types<'_>) -> Option<T>) -> Result<T, Failed> {
    let bytes = std::fs::read("/sys/kernel/btf/vmlinux")?;
    look(&Types(&bytes)).ok_or_else(|| "the kernel has no such type".into())
}

struct Types<'a>(&'a [u8]);

impl Types<'_> {
    fn word(&self, at: usize) -> Option<usize> {
        Some(u32::from_le_bytes(self.0.get(at..at + 4)?.try_into().ok()?) as usize)
    }

    fn name(&self, offset: usize) -> Option<&[u8]> {
        let strings = self.word(4)? + self.word(16)?;
        self.0.get(strings + offset..)?.split(|&byte| byte == 0).next()
    }

    /// Number and place of a struct.
    fn find(&self, name: &str) -> Option<(i64, usize)> {
        let mut at = self.word(4)? + self.word(8)?;
        let end = at + self.word(12)?;
        let mut id = 0;
        while at < end {
            id += 1;
            let info = self.word(at + 4)?;
            let (kind, count) = (info >> 24 & 0x1f, info & 0xffff);
            if kind == 4 && self.name(self.word(at)?)? == name.as_bytes() {
                return Some((id, at));
            }
            at += 12
                + match kind {
                    1 | 14 | 17 => 4,
                    3 => 12,
                    4 | 5 | 15 | 19 => count * 12,
                    6 | 13 => count * 8,
                    _ => 0,
                };
        }
        None
    }

    /// Number and size of a struct.
    fn structure(&self, name: &str) -> Option<(i64, i64)> {
        let (id, at) = self.find(name)?;
        Some((id, self.word(at + 8)? as i64))
    }

    /// The offset in bytes of a member.
    fn member(&self, name: &str, member: &str) -> Option<i64> {
        let (_, at) = self.find(name)?;
        let count = self.word(at + 4)? & 0xffff;
        (0..count).map(|number| at + 12 + number * 12).find_map(|at| {
            let found = self.name(self.word(at)?)? == member.as_bytes();
            found.then(|| Some((self.word(at + 8)? & 0x00ff_ffff) as i64 / 8))?
        })
    }
}
