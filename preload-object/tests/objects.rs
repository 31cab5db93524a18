//! Real objects: what is refused and as what, and what linking makes of the rest.

use std::fs;
use std::path::Path;

use preload_object::{Attach, Choices, Error, ErrorKind, Object, Plan, ProgramPlan};

fn bytes(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn test_object(name: &str) -> Vec<u8> {
    bytes(&format!("tests/bpf/{name}.bpf.o"))
}

fn plan(bytes: &[u8]) -> Plan {
    let object = Object::read(bytes).unwrap_or_else(|errors| panic!("{errors}"));
    Plan::new(&object, &Choices { object: "test".into(), ..Choices::default() })
}

/// The one thing that is wrong with an object.
fn refusal(bytes: &[u8]) -> Error {
    let errors = Object::read(bytes).expect_err("the object is refused");
    let errors: Vec<&Error> = errors.iter().collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].clone()
}

fn refusal_of(name: &str) -> ErrorKind {
    refusal(&test_object(name)).kind
}

mod refused {
    use super::*;

    /// Offsets in the ELF header.
    const EI_CLASS: usize = 4;
    const E_TYPE: usize = 16;
    const E_MACHINE: usize = 18;

    fn patched(at: usize, value: u8) -> Vec<u8> {
        let mut bytes = bytes("examples/iterators.bpf.o");
        bytes[at] = value;
        bytes
    }

    #[test]
    fn what_is_not_a_bpf_object() {
        assert_eq!(refusal(b"int main() {}").kind, ErrorKind::NotElf);
        assert_eq!(refusal(&[]).kind, ErrorKind::NotElf);
        assert_eq!(refusal(&patched(EI_CLASS, 1)).kind, ErrorKind::Not64Bit);
        assert_eq!(refusal(&patched(E_TYPE, 2)).kind, ErrorKind::NotRelocatable);
        assert_eq!(refusal(&patched(E_MACHINE, 183)).kind, ErrorKind::WrongMachine(183));
        assert_eq!(refusal_of("byte_order"), ErrorKind::WrongByteOrder);
        let whole = bytes("examples/iterators.bpf.o");
        assert!(matches!(refusal(&whole[..whole.len() - 1]).kind, ErrorKind::Damaged(_)));
    }

    #[test]
    fn sections_without_a_meaning() {
        let errors = Object::read(&test_object("unknown_section")).unwrap_err();
        let found: Vec<_> =
            errors.iter().map(|error| (error.section.as_deref().unwrap(), &error.kind)).collect();
        let expected =
            [("iterator/bpf_map", &ErrorKind::UnknownSection(None)), ("rodata", &ErrorKind::UnknownData)];
        assert_eq!(found, expected);
        assert_eq!(refusal_of("no_programs"), ErrorKind::NoPrograms);
        assert_eq!(refusal_of("no_symbols"), ErrorKind::NoSymbols);
        let ErrorKind::UnsupportedSection(what) = refusal_of("cold") else { panic!("another reason") };
        assert!(what.contains("moved functions out of `.text`"), "{what}");
        assert_eq!(refusal_of("static_program"), ErrorKind::StaticProgram("half".into()));
    }

    #[test]
    fn programs_of_other_kinds() {
        let errors = Object::read(&test_object("other_kinds")).unwrap_err();
        let found: Vec<_> =
            errors.iter().map(|error| (error.section.as_deref().unwrap(), error.kind.clone())).collect();
        let expected = [
            ("fentyr/do_unlinkat", ErrorKind::UnknownSection(Some("fentry"))),
            ("cgroup/conect4", ErrorKind::UnknownSection(Some("cgroup/connect4"))),
        ];
        assert_eq!(found, expected);
    }

    /// One mistake, one error: not one for each call of what could not be read.
    #[test]
    fn nothing_follows_from_unreadable_code() {
        let mut object = test_object("subprograms");
        // `struct Elf64_Sym` of a function in `.text`, which is section 2.
        let is_function =
            |entry: &[u8]| entry[4] & 0xf == 2 && entry[6..8] == [2, 0] && entry[17..24] == [0; 7];
        let at = (0..object.len() - 24).step_by(8).find(|&at| is_function(&object[at..at + 24])).unwrap();
        object[at + 16] = 4;
        let error = refusal(&object);
        assert_eq!(error.section.as_deref(), Some(".text"), "{error}");
        assert!(matches!(error.kind, ErrorKind::BadCode(_)), "{error}");
    }

    #[test]
    fn licences() {
        assert_eq!(refusal_of("license_missing"), ErrorKind::MissingLicense);
        assert_eq!(refusal_of("license_unended"), ErrorKind::BadLicense);
        for (name, part) in [("license_helper", "bpf_get_current_task"), ("license_lsm", "LSM")] {
            let ErrorKind::NotGplCompatible { license, program, reason } = refusal_of(name) else {
                panic!("{name} is refused for another reason");
            };
            assert_eq!((license.as_str(), program.as_str()), ("Proprietary", "dump"));
            assert!(reason.contains(part), "{reason}");
        }
        assert_eq!(plan(&test_object("license_free")).license, "Proprietary");
        let ErrorKind::NotGplCompatible { reason, .. } = refusal_of("license_constant") else {
            panic!("refused for another reason");
        };
        assert!(reason.contains("even behind a constant of `.rodata`"), "{reason}");
    }

    #[test]
    fn what_only_a_loader_can_fill_in() {
        let undeclared = ErrorKind::UndefinedExtern("somewhere_else".into());
        assert_eq!(refusal_of("externs/extern_undeclared"), undeclared);
        for (object, symbol, part) in [
            ("extern_bad_config", "CONFIG_HZ", "its type is none that a value"),
            ("extern_bad_name", "HZ", "start with `CONFIG_`"),
        ] {
            let ErrorKind::BadExtern { name, reason } = refusal_of(&format!("externs/{object}")) else {
                panic!("{object} is refused for another reason");
            };
            assert!(name == symbol && reason.contains(part), "{name}: {reason}");
        }
        let ErrorKind::NotGplCompatible { reason, .. } = refusal_of("externs/extern_license") else {
            panic!("refused for another reason");
        };
        assert_eq!(reason, "it calls the kernel function `bpf_rcu_read_lock`");
        let error = refusal(&test_object("pointer_in_data"));
        assert_eq!((error.section.as_deref(), error.offset), (Some(".data"), Some(0)));
        assert!(matches!(error.kind, ErrorKind::UnsupportedRelocation { .. }));
    }

    #[test]
    fn maps_of_other_kinds() {
        let ErrorKind::BadMap { map, reason } = refusal_of("unsupported_struct_ops_map") else {
            panic!("refused for another reason");
        };
        assert_eq!(map, "operations");
        assert!(reason.contains("made of a variable in `.struct_ops`"), "{reason}");
        assert!(matches!(refusal_of("unsupported_struct_ops"), ErrorKind::UnsupportedSection(_)));
    }

    #[test]
    fn operations_that_cannot_be_registered() {
        for (name, part) in [
            ("ops_bit_field", "`flags` is a bit field"),
            ("ops_number_for_function", "`release` holds a number"),
            ("ops_other_function", "only programs in `SEC(\"struct_ops\")`"),
            ("ops_unused_program", "it is in no map of operations"),
        ] {
            let text = refusal_of(&format!("struct_ops/{name}")).to_string();
            assert!(text.contains(part), "{name}: {text}");
        }
    }

    /// The kernel would load each of these, and the programs would read wrong memory.
    #[test]
    fn lost_core_relocations() {
        let object = bytes("examples/iterators.bpf.o");
        let find = |needle: &[u8]| object.windows(needle.len()).position(|bytes| bytes == needle).unwrap();
        // The header of `.BTF.ext` with its length; lengths of function and line records.
        let header = find(&[0x9f, 0xeb, 1, 0, 32, 0, 0, 0]);
        let mut without_info = object.clone();
        for length in [header + 12, header + 20] {
            without_info[length..length + 4].fill(0);
        }
        let errors = Object::read(&without_info).unwrap_err();
        let kinds: Vec<_> = errors.iter().map(|error| error.kind.clone()).collect();
        let of = |program: &str| ErrorKind::CoReWithoutInfo(program.into());
        assert_eq!(kinds, [of("dump_bpf_map"), of("dump_bpf_prog")]);

        // The names of the sections are in `.strtab`; a section of another name is as good as gone.
        let ext = find(b"\0.rel.BTF.ext\0") + 1 + ".rel".len();
        let btf = find(b"\0.rel.BTF\0") + 1 + ".rel".len();
        let program = find(b"\0.reliter/bpf_map\0") + 1 + ".rel".len();
        for (at, section) in [(ext, ".BTF"), (btf, ".BTF.ext"), (program, ".BTF.ext")] {
            let mut renamed = object.clone();
            // `.BTF` gives `.BTX`, `.BTF.ext` gives `.BTF.exX`, the program's `iter/bpf_maX` stays an
            // iterator.
            let end = at + object[at..].iter().position(|&byte| byte == 0).unwrap();
            renamed[end - 1] = b'X';
            let error = refusal(&renamed);
            assert_eq!(error.section.as_deref(), Some(section), "{error}");
            assert!(matches!(error.kind, ErrorKind::BadBtf(_)), "{error}");
        }
    }

    /// Nothing more is said of maps whose description cannot be read.
    #[test]
    fn damaged_type_information() {
        let mut object = bytes("examples/ringbuf.bpf.o");
        let btf = object.windows(8).position(|bytes| bytes == [0x9f, 0xeb, 1, 0, 24, 0, 0, 0]).unwrap();
        object[btf + 2] = 9;
        let error = refusal(&object);
        assert_eq!(error.section.as_deref(), Some(".BTF"), "{error}");
    }
}

mod linked {
    use super::*;

    const CALL: u8 = 0x85;
    const LD_IMM64: u8 = 0x18;
    /// `r0 = *(u64 *)(r1 + 0)` without its registers and offset.
    const LOAD64: u8 = 0x79;
    const EXIT: u8 = 0x95;

    struct Insn {
        opcode: u8,
        source: u8,
        imm: i32,
    }

    fn insns(program: &ProgramPlan) -> Vec<Insn> {
        let decode = |slot: &[u8]| Insn {
            opcode: slot[0],
            source: slot[1] >> 4,
            imm: i32::from_le_bytes(slot[4..8].try_into().unwrap()),
        };
        program.insns.chunks_exact(8).map(decode).collect()
    }

    fn records<const WORDS: usize>(bytes: &[u8]) -> Vec<[u32; WORDS]> {
        let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap());
        assert_eq!(bytes.len() % (WORDS * 4), 0);
        bytes
            .chunks_exact(WORDS * 4)
            .map(|record| std::array::from_fn(|index| word(&record[index * 4..][..4])))
            .collect()
    }

    /// The functions of a program by their start, named by its function records.
    fn functions<'a>(plan: &'a Plan, program: &ProgramPlan) -> Vec<(usize, &'a str)> {
        let names = type_names(&plan.btf);
        records(&program.func_info).iter().map(|&[start, id]| (start as usize, names[id as usize])).collect()
    }

    /// The name of every type of a `BPF_BTF_LOAD` blob, by number.
    fn type_names(btf: &[u8]) -> Vec<&str> {
        let word = |at: usize| u32::from_le_bytes(btf[at..at + 4].try_into().unwrap());
        const HEADER: usize = 24;
        let strings = HEADER + word(16) as usize;
        let mut names = vec![""];
        let mut at = HEADER;
        while at < strings {
            let name = &btf[strings + word(at) as usize..];
            let end = name.iter().position(|&byte| byte == 0).unwrap();
            names.push(std::str::from_utf8(&name[..end]).unwrap());
            let (kind, count) = (word(at + 4) >> 24 & 0x1f, word(at + 4) as usize & 0xffff);
            at += 12
                + match kind {
                    1 | 14 | 17 => 4,
                    3 => 12,
                    4 | 5 | 15 | 19 => 12 * count,
                    6 | 13 => 8 * count,
                    _ => 0,
                };
        }
        names
    }

    /// Which function calls which, and takes the address of which, in the order of the instructions.
    fn references<'a>(plan: &'a Plan, program: &ProgramPlan) -> Vec<(&'a str, &'a str)> {
        let functions = functions(plan, program);
        let insns = insns(program);
        let mut found = Vec::new();
        let mut wide = false;
        for (at, insn) in insns.iter().enumerate() {
            if std::mem::take(&mut wide) {
                continue;
            }
            wide = insn.opcode == LD_IMM64;
            // BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC
            if (insn.opcode, insn.source) != (CALL, 1) && (insn.opcode, insn.source) != (LD_IMM64, 4) {
                continue;
            }
            let target = usize::try_from(at as i64 + 1 + i64::from(insn.imm)).unwrap();
            let callee = functions.iter().find(|(start, _)| *start == target);
            let (_, callee) = callee.unwrap_or_else(|| panic!("no function at {target}, called at {at}"));
            let (_, caller) = functions.iter().rfind(|(start, _)| *start <= at).unwrap();
            found.push((*caller, *callee));
        }
        found
    }

    #[test]
    fn calls_arrive_where_the_source_says() {
        let plan = plan(&test_object("subprograms"));
        let [first, second] = &plan.programs[..] else { panic!("two programs") };
        let references_of_first = references(&plan, first);
        for (caller, callee) in [
            ("first", "callback"),
            ("first", "number"),
            ("first", "hidden"),
            ("callback", "leaf"),
            ("hidden", "visible"),
            ("visible", "leaf"),
        ] {
            assert!(references_of_first.contains(&(caller, callee)), "{caller} calls {callee}");
        }
        assert_eq!(
            references(&plan, second),
            [
                ("second", "leaf"),
                ("second", "number"),
                ("second", "visible"),
                ("visible", "leaf"),
                ("visible", "leaf"),
            ]
        );
    }

    #[test]
    fn a_program_has_what_it_calls_and_nothing_else() {
        let plan = plan(&test_object("subprograms"));
        // In the order in which libbpf puts them; `bpftool gen skeleton -L` of the object holds the same
        // bytes.
        for (program, expected) in plan.programs.iter().zip([
            &["first", "callback", "leaf", "number", "hidden", "visible"][..],
            &["second", "leaf", "number", "visible"],
        ]) {
            let functions = functions(&plan, program);
            let insns = insns(program);
            let names: Vec<_> = functions.iter().map(|(_, name)| *name).collect();
            assert_eq!(names, expected);
            assert_eq!(functions[0].0, 0);
            for &(start, name) in &functions[1..] {
                assert_eq!(insns[start - 1].opcode, EXIT, "in front of {name}");
            }
            assert!(functions.is_sorted(), "the kernel wants them in order: {functions:?}");
        }
    }

    /// The order in which the kernel has to look for the fewest names.
    #[test]
    fn relocations_of_one_type_follow_each_other() {
        let plan = plan(&bytes("examples/iterators.bpf.o"));
        let names = type_names(&plan.btf);
        let [maps, programs] = [0, 1].map(|index| -> Vec<_> {
            let program: &ProgramPlan = &plan.programs[index];
            let relocations = records::<4>(&program.core_relos);
            assert_eq!(relocations.len(), program.core.len());
            for ([offset, ..], relocation) in relocations.iter().zip(&program.core) {
                assert_eq!(offset / 8, relocation.insn, "{}", relocation.what);
            }
            relocations.iter().map(|&[_, id, ..]| names[id as usize]).collect()
        });
        assert!(maps.is_sorted(), "{maps:?}");
        // The next program begins with what the one before has ended with, had they the same.
        assert!(programs.iter().rev().is_sorted(), "{programs:?}");
        assert!(programs.len() > 15, "of several types, some of them more than once");
    }

    #[test]
    fn records_move_along_with_the_code() {
        let plan = plan(&test_object("subprograms"));
        for (program, reads) in plan.programs.iter().zip([2, 4]) {
            let insns = insns(program);
            let relocations = records::<4>(&program.core_relos);
            assert_eq!(relocations.len(), reads);
            for [offset, ..] in relocations {
                // All that is relocated here are reads of a member of eight bytes.
                assert_eq!(offset % 8, 0);
                assert_eq!(insns[offset as usize / 8].opcode, LOAD64);
            }
            let lines = records::<4>(&program.line_info);
            assert!(lines.windows(2).all(|pair| pair[0][0] < pair[1][0]), "the kernel wants lines in order");
            for (start, name) in functions(&plan, program) {
                assert!(
                    lines.iter().any(|line| line[0] as usize == start),
                    "the kernel wants a line where {name} starts"
                );
            }
        }
    }

    #[test]
    fn data_is_named_by_map_and_offset() {
        let plan = plan(&test_object("subprograms"));
        let maps: Vec<_> = plan.maps.iter().map(|map| map.map.name.as_str()).collect();
        assert_eq!(maps, [".rodata", ".data", ".bss"]);
        let contents = |index: usize| plan.maps[index].map.data.as_ref().unwrap().contents.as_deref();
        let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        assert_eq!(contents(0), Some(words(&[5, 3]).as_slice()));
        assert_eq!(contents(1), Some(words(&[11, 13, 7]).as_slice()));
        assert_eq!(contents(2), None);

        // (map, offset) of every load of an address, `BPF_PSEUDO_MAP_IDX_VALUE`.
        let addresses = |program: &ProgramPlan| {
            let insns = insns(program);
            let loads = insns.windows(2).filter(|pair| (pair[0].opcode, pair[0].source) == (LD_IMM64, 6));
            let mut found: Vec<_> = loads.map(|pair| (maps[pair[0].imm as usize], pair[1].imm)).collect();
            found.sort_unstable();
            found
        };
        let (zero, private_zero) = ((".bss", 0), (".bss", 4));
        let (value, hidden_value, private_value) = ((".data", 0), (".data", 4), (".data", 8));
        let (constant, private_constant) = ((".rodata", 0), (".rodata", 4));
        assert_eq!(
            addresses(&plan.programs[0]),
            [zero, private_zero, value, hidden_value, private_value, constant, private_constant]
        );
        assert_eq!(addresses(&plan.programs[1]), [zero, value, private_value, constant, private_constant]);
    }

    #[test]
    fn maps_are_named_by_their_index() {
        let plan = plan(&bytes("examples/ringbuf.bpf.o"));
        let insns = insns(&plan.programs[0]);
        let loads = insns.iter().filter(|insn| insn.opcode == LD_IMM64 && insn.source != 0);
        let loads: Vec<_> = loads.map(|insn| (insn.source, insn.imm)).collect();
        // `BPF_PSEUDO_MAP_IDX` of the ring buffer, `BPF_PSEUDO_MAP_IDX_VALUE` of the format string.
        assert_eq!(loads, [(5, 0), (6, 1)]);
        assert_eq!(plan.maps[0].map.name, "ringbuf");
        assert_eq!((plan.maps[0].map.map_type, plan.maps[0].map.max_entries), (27, 4096));
    }
}

#[test]
fn a_bare_section_has_no_target() {
    for (name, needed) in [("iterator_without_target", true), ("tracepoint_without_target", false)] {
        let object = Object::read(&test_object(name)).unwrap();
        let program = &object.programs()[0];
        assert_eq!((program.target.as_deref(), program.kind.needs_target()), (None, needed), "{name}");
        assert_eq!(plan(&test_object(name)).programs[0].attach, None, "{name}");
    }
    let iterators = plan(&bytes("examples/iterators.bpf.o"));
    assert_eq!(iterators.programs[0].attach, Some(Attach::Iterator));
}

/// One object, the same plan, whichever way the hash maps inside are seeded.
#[test]
fn plans_are_the_same_every_time() {
    let object = test_object("subprograms");
    assert_eq!(plan(&object), plan(&object));
}

/// The kernel refuses the types of these, and would refuse the map with them.
#[test]
fn types_that_the_kernel_refuses_are_left_out() {
    let described = |name: &str| -> Vec<(String, bool, bool)> {
        let ids = |plan: &preload_object::MapPlan| {
            (plan.map.name.clone(), plan.map.btf_key_type_id != 0, plan.map.btf_value_type_id != 0)
        };
        plan(&test_object(name)).maps.iter().map(ids).filter(|(_, key, value)| *key || *value).collect()
    };
    let both = |name: &str| (name.to_owned(), true, true);
    assert_eq!(described("maps"), [both("by_number"), both("any_node"), both("first_node")]);
    assert_eq!(described("newer_maps"), [("bloom".to_owned(), false, true)]);
}

/// Local symbols come first in an object of one file; in one that was put together of several, in each of its
/// parts.
#[test]
fn a_static_variable_does_not_stand_for_a_global_one() {
    let object = test_object("shadowed");
    // `struct Elf64_Sym`: name, info, other, section, value, size.
    const SYMBOL: usize = 24;
    let is_symbol = |at: &usize| {
        let entry = &object[*at..*at + SYMBOL];
        entry[16..] == 4_u64.to_le_bytes() && matches!(entry[4], 0x01 | 0x11) && entry[5] == 0
    };
    let found: Vec<usize> = (0..object.len() - SYMBOL).step_by(8).filter(is_symbol).collect();
    let [local, global] = found[..] else { panic!("two variables expected at {found:?}") };
    let mut swapped = object.clone();
    swapped[local..local + SYMBOL].copy_from_slice(&object[global..global + SYMBOL]);
    swapped[global..global + SYMBOL].copy_from_slice(&object[local..local + SYMBOL]);
    assert_ne!(swapped, object);
    assert_eq!(plan(&swapped), plan(&object));
}

#[test]
fn programs_may_be_left_out_by_their_section() {
    let plan = plan(&test_object("left_out"));
    let programs =
        plan.programs.iter().map(|program| (program.name.as_str(), program.section, program.autoload));
    let expected = [("always", "raw_tp", true), ("on_demand", "raw_tp", false), ("nowhere", "iter", false)];
    assert_eq!(programs.collect::<Vec<_>>(), expected);
    // All the same, they are linked and described as the others are.
    assert_eq!(plan.programs[1].func_info.len(), 2 * 8);
    assert_eq!(plan.programs[1].target.as_deref(), Some("sys_enter"));
}

/// Others may look for it in the file; no program does.
#[test]
fn data_that_nothing_refers_to_is_left_alone() {
    assert!(plan(&test_object("extra_data")).maps.is_empty());
}

#[test]
fn a_function_may_have_two_names() {
    let plan = plan(&test_object("alias"));
    let names: Vec<_> = plan.programs.iter().map(|program| program.name.as_str()).collect();
    assert_eq!(names, ["second", "first"]);
    assert_eq!(plan.programs[0].insns, plan.programs[1].insns);
    // The program, and one function that both names mean.
    assert_eq!(plan.programs[0].func_info.len(), 2 * 8);
}

#[test]
fn the_kernel_itself_may_be_named_as_a_module() {
    let plan = plan(&test_object("vmlinux_target"));
    assert_eq!(plan.programs[0].target.as_deref(), Some("vmlinux:bpf_fentry_test1"));
    let target = plan.programs[0].btf_target.as_ref().unwrap();
    assert_eq!((target.module.as_deref(), target.name.as_str()), (Some("vmlinux"), "bpf_fentry_test1"));
}

#[test]
fn only_hidden_subprograms_become_static() {
    let btf = plan(&test_object("hidden")).btf;
    let word = |at: usize| u32::from_le_bytes(btf[at..at + 4].try_into().unwrap());
    let strings = 24 + word(16) as usize;
    let linkage = |name: &str| {
        let name = [b"\0", name.as_bytes(), b"\0"].concat();
        let offset = btf[strings..].windows(name.len()).position(|bytes| bytes == name).unwrap() + 1;
        // `struct btf_type` of the `BTF_KIND_FUNC` of that name: its linkage is where others have a count.
        let is_function = |&at: &usize| word(at) as usize == offset && word(at + 4) >> 24 == 12;
        word((24..strings).step_by(4).find(is_function).unwrap() + 4) & 0xffff
    };
    const STATIC: u32 = 0;
    const GLOBAL: u32 = 1;
    assert_eq!((linkage("subprogram"), linkage("program")), (STATIC, GLOBAL));
}
