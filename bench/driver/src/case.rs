//! What is loaded: the cases and their BPF sources.

use std::fmt::Write as _;
use std::ops::Range;

const HEAD: &str = "\
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC(\"license\") = \"GPL\";
";

/// Two iterators that are worth loading: the example of the project.
const ITERATORS: &str = include_str!("../../../examples/iterators.bpf.c");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// The two iterators of the example.
    Iterators,
    /// So many iterators that the verifier is done with at once.
    Light(usize),
    /// So many programs that keep the verifier busy; only loaded.
    Heavy(usize),
    /// So many arrays of one element.
    Maps(usize),
    /// So many data sections of 64 KiB each.
    Data(usize),
    /// One program with the type information of so many structs.
    Btf(usize),
    /// CO-RE relocations, so many in each of 16 programs; only loaded.
    CoRe(usize),
}

pub(crate) const CASES: [Case; 19] = [
    Case::Iterators,
    Case::Light(1),
    Case::Light(8),
    Case::Light(64),
    Case::Light(256),
    Case::Light(1000),
    Case::Heavy(1),
    Case::Heavy(8),
    Case::Heavy(64),
    Case::Heavy(256),
    Case::Heavy(1000),
    Case::Maps(1),
    Case::Maps(8),
    Case::Maps(64),
    Case::Maps(256),
    Case::Maps(1000),
    Case::Data(64),
    Case::Btf(4000),
    Case::CoRe(64),
];

impl Case {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Iterators => "iterators".into(),
            Self::Light(count) => format!("light-{count}"),
            Self::Heavy(count) => format!("heavy-{count}"),
            Self::Maps(count) => format!("maps-{count}"),
            Self::Data(count) => format!("data-{count}"),
            Self::Btf(count) => format!("btf-{count}"),
            Self::CoRe(count) => format!("core-{count}"),
        }
    }

    pub(crate) fn describe(self) -> String {
        match self {
            Self::Iterators => "two iterators: load, attach, pin".into(),
            Self::Light(count) => format!("{count} iterators of two instructions: load, attach, pin"),
            Self::Heavy(count) => format!("{count} programs that are expensive to verify: load"),
            Self::Maps(count) => format!("{count} arrays and an iterator: load, attach, pin"),
            Self::Data(count) => {
                format!("{count} data sections of 64 KiB and an iterator: load, attach, pin")
            }
            Self::Btf(count) => format!("an iterator with the types of {count} structs: load, attach, pin"),
            Self::CoRe(count) => format!("16 programs of {count} CO-RE relocations each: load"),
        }
    }

    /// Whether programs are attached and pinned too; many of one raw tracepoint would slow the machine down.
    pub(crate) fn attaches(self) -> bool {
        !matches!(self, Self::Heavy(_) | Self::CoRe(_))
    }

    /// Whether there are CO-RE relocations in it.
    pub(crate) fn relocates(self) -> bool {
        matches!(self, Self::Iterators | Self::CoRe(_))
    }

    /// Whether one turn takes many seconds.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Self::Heavy(64..))
    }

    /// Turns, so that a case takes seconds and not minutes.
    pub(crate) fn rounds(self) -> usize {
        match self {
            Self::Heavy(1000) => 1,
            Self::Heavy(256) => 5,
            Self::Heavy(64) | Self::Light(1000) | Self::Maps(1000) => 7,
            Self::Light(256) | Self::Heavy(8) | Self::Maps(256) | Self::Btf(_) | Self::Data(_) => 15,
            _ => 40,
        }
    }

    /// The BPF source.
    pub(crate) fn source(self) -> String {
        let mut source = HEAD.to_owned();
        let text = &mut source;
        // Writing to a string does not fail.
        let _ = match self {
            Self::Iterators => return ITERATORS.to_owned(),
            Self::Light(count) => (0..count).try_for_each(|number| iterator(text, number, "")),
            Self::Heavy(count) => (0..count).try_for_each(|number| heavy(text, number)),
            Self::Maps(count) => (0..count)
                .try_for_each(|number| map(text, number))
                .and_then(|()| iterator(text, 0, "__u32 key = 0; bpf_map_lookup_elem(&map_0, &key);")),
            Self::Data(count) => (0..count)
                .try_for_each(|number| data(text, number, 65536))
                .and_then(|()| iterator(text, 0, "data_0[7]++;")),
            Self::Btf(count) => types(text, 0..count, "all").and_then(|()| iterator(text, 0, "all.s0.a++;")),
            Self::CoRe(count) => core(text, count),
        };
        source
    }
}

fn iterator(text: &mut String, number: usize, body: &str) -> std::fmt::Result {
    writeln!(text, "SEC(\"iter/bpf_map\") int program_{number}(void *ctx) {{ {body} return 0; }}")
}

/// Some milliseconds: loops whose turns all differ.
fn heavy(text: &mut String, number: usize) -> std::fmt::Result {
    writeln!(
        text,
        "SEC(\"raw_tp/sched_process_wait\") int program_{number}(void *ctx)
{{
	__u64 sum = {number}, bits = bpf_get_prandom_u32();

	for (int turn = 0; turn < 1200; turn++) {{
		if (bits & 1ULL << (turn & 63))
			sum += turn * sum;
		else
			sum ^= bits >> (turn & 31);
		bits = bits * 6364136223846793005ULL + sum;
	}}
	return sum & 1;
}}"
    )
}

fn map(text: &mut String, number: usize) -> std::fmt::Result {
    writeln!(
        text,
        "struct {{ __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64); }} \
         map_{number} SEC(\".maps\");"
    )
}

/// Bytes that differ, so that nothing can be left out.
pub(crate) fn data(text: &mut String, number: usize, size: usize) -> std::fmt::Result {
    write!(text, "unsigned int data_{number}[{}] SEC(\".data.d{number}\") = {{", size / 4)?;
    let mut word = number as u32 + 1;
    for _ in 0..size / 4 {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        write!(text, "{word}u,")?;
    }
    writeln!(text, "}};")
}

/// Structs of these numbers, all in one more that the variable is of, or points to.
pub(crate) fn types(text: &mut String, numbers: Range<usize>, variable: &str) -> std::fmt::Result {
    for number in numbers.clone() {
        writeln!(
            text,
            "struct type_{number} {{ int a; long member_{number}; char name_of_{number}[{}]; unsigned short flags_{number}; }};",
            number % 13 + 1
        )?;
    }
    write!(text, "struct {{")?;
    for number in numbers {
        write!(text, "struct type_{number} s{number};")?;
    }
    writeln!(text, "}} {variable};")
}

/// Members of kernel structs, read through `preserve_access_index`.
fn core(text: &mut String, count: usize) -> std::fmt::Result {
    // What an object that watches files and sockets looks at. The kernel keeps what it finds of a type in one of 31 places:
    // `inode` and `net` have the same one, `super_block` and `vfsmount`, `sk_buff` and `pid`.
    const STRUCTS: [(&str, &str); 10] = [
        ("task_struct", "pid"),
        ("mm_struct", "map_count"),
        ("file", "f_flags"),
        ("inode", "i_flags"),
        ("super_block", "s_count"),
        ("vfsmount", "mnt_flags"),
        ("sock", "sk_protocol"),
        ("net", "hash_mix"),
        ("sk_buff", "len"),
        ("pid", "level"),
    ];
    for (name, member) in STRUCTS {
        writeln!(text, "struct {name} {{ int {member}; }} __attribute__((preserve_access_index));")?;
    }
    for program in 0..16 {
        writeln!(
            text,
            "SEC(\"raw_tp/sched_process_wait\") int program_{program}(void **ctx) {{ int sum = 0;"
        )?;
        for (name, member) in STRUCTS.iter().cycle().take(count) {
            // Read anew each time, so that no address is kept over many others.
            writeln!(
                text,
                "{{ int value = 0; struct {name} *from = *(struct {name} *volatile *)ctx; \
                 bpf_probe_read_kernel(&value, sizeof(value), &from->{member}); sum += value; }}"
            )?;
        }
        writeln!(text, "return sum & 1; }}")?;
    }
    Ok(())
}
