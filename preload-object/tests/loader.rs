//! Loaders of real objects: what holds for every one of them, and what an exact one looks like.

#[expect(dead_code, reason = "nothing is changed at random here")]
mod fixtures;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use preload_object::loader::{self, Error, Form, Loader};
use preload_object::{Choices, Object, Plan};

const FORMS: [Option<Form>; 3] = [None, Some(Form::Hashed), Some(Form::Bound)];

fn plan(bytes: &[u8], name: &str) -> Option<Plan> {
    let object = Object::read(bytes).ok()?;
    Some(Plan::new(&object, &Choices { object: name.into(), ..Choices::default() }))
}

/// The plans of all objects that can be read, by path.
fn plans() -> Vec<(String, Plan)> {
    let all = fixtures::objects().into_iter();
    all.filter_map(|(path, bytes)| Some((path.display().to_string(), plan(&bytes, "object")?))).collect()
}

fn one(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/bpf").join(name).with_extension("bpf.o");
    plan(&std::fs::read(path).expect("the object is there"), "object").expect("the object can be read")
}

#[derive(Clone, Copy, Debug)]
struct Insn {
    opcode: u8,
    dst: u8,
    src: u8,
    off: i16,
    imm: i32,
}

fn decode(bytes: &[u8]) -> Vec<Insn> {
    let decode = |slot: &[u8]| Insn {
        opcode: slot[0],
        dst: slot[1] & 0xf,
        src: slot[1] >> 4,
        off: i16::from_le_bytes([slot[2], slot[3]]),
        imm: i32::from_le_bytes([slot[4], slot[5], slot[6], slot[7]]),
    };
    bytes.chunks_exact(8).map(decode).collect()
}

/// What the verifier would refuse, and what the kernel would not be asked for.
fn check(name: &str, plan: &Plan, loader: &Loader) {
    let insns = decode(&loader.instructions);
    let mut at = 0;
    let mut calls = 0;
    while at < insns.len() {
        let insn = insns[at];
        match insn.opcode {
            0x18 if insn.src == 6 => {
                assert!((insns[at + 1].imm as usize) < loader.blob.len(), "{name}: a place outside the blob");
                assert_eq!(insn.imm, 0, "{name}: another map");
            }
            0x85 => {
                calls += 1;
                assert!([166, 167, 179].contains(&insn.imm), "{name}: helper {}", insn.imm);
            }
            0x95 => {}
            opcode if opcode & 7 == 5 => {
                let target = at + 1 + insn.off as usize;
                assert!(insn.off >= 0 && target < insns.len(), "{name}: a jump to nowhere");
                assert!(insns[target].opcode != 0, "{name}: a jump into the middle of a number");
            }
            // Of the context.
            opcode if opcode & 7 == 1 && insn.src == 6 || opcode & 7 == 3 && insn.dst == 6 => {
                assert!(insn.off >= 0 && insn.off as u32 + 4 <= loader.context_size, "{name}: {insn:?}");
            }
            _ => {}
        }
        at += if insn.opcode == 0x18 { 2 } else { 1 };
    }
    assert_eq!(insns.last().unwrap().opcode, 0x95, "{name} has no end");
    assert!(calls >= plan.maps.len() + plan.programs.len(), "{name}: {calls} calls");
    assert_eq!(loader.blob.len() % 8, 0, "{name}");
    assert!(loader.maps_at + 4 * plan.maps.len() as u32 <= loader.programs_at, "{name}");
}

#[test]
fn every_loader_is_in_order_and_the_same_each_time() {
    let mut loaders = 0;
    for (name, plan) in plans() {
        for form in FORMS {
            let Ok(loader) = loader::generate(&plan, form) else { continue };
            check(&name, &plan, &loader);
            assert_eq!(
                loader::generate(&plan.clone(), form),
                Ok(loader),
                "{name}: another one the second time"
            );
            loaders += 1;
        }
    }
    assert!(loaders > 3 * 80, "only {loaders} loaders");
}

#[test]
fn the_forms_differ_in_the_check_and_the_message() {
    let plan = one("many");
    let [unsigned, hashed, bound] = FORMS.map(|form| loader::generate(&plan, form).unwrap());
    assert_eq!(unsigned, bound);
    assert_eq!(hashed.blob, bound.blob);
    // Behind three instructions to begin with there are two for the map, and eight for each of four words.
    let (start, check) = (3 * 8, (2 + 4 * 8) * 8);
    assert_eq!(hashed.instructions[..start], bound.instructions[..start]);
    assert_eq!(hashed.instructions[start + check..], bound.instructions[start..]);

    assert_eq!(hashed.message(Form::Hashed), hashed.instructions);
    let message = bound.message(Form::Bound);
    assert_eq!(message.split_at(bound.instructions.len()), (&bound.instructions[..], &bound.blob[..]));
    assert_ne!(hashed.exclusive_hash(), bound.exclusive_hash());
}

#[test]
fn the_hash_is_that_of_the_blob() {
    let loader = loader::generate(&one("many"), Some(Form::Hashed)).unwrap();
    let insns = decode(&loader.instructions);
    let mut words = Vec::new();
    for (at, insn) in insns.iter().enumerate() {
        if insn.opcode == 0x18 && insn.src == 0 && insn.dst == 3 {
            words.extend(insn.imm.to_le_bytes());
            words.extend(insns[at + 1].imm.to_le_bytes());
        }
    }
    let mut sum = Command::new("sha256sum");
    let mut sum = sum.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("coreutils");
    sum.stdin.take().unwrap().write_all(&loader.blob).unwrap();
    let sum = String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap();
    let words: String = words.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sum.split(' ').next(), Some(words.as_str()));
}

#[test]
fn one_instruction_of_the_object_is_another_message() {
    let plan = one("many");
    let mut other = plan.clone();
    other.programs[0].insns[4] ^= 1;
    for form in [Form::Hashed, Form::Bound] {
        let [first, second] = [&plan, &other].map(|plan| loader::generate(plan, Some(form)).unwrap());
        assert_ne!(first.message(form), second.message(form));
    }
}

/// As many programs as no light skeleton has.
#[test]
fn a_thousand_programs() {
    let mut plan = one("many");
    let one = plan.programs[0].clone();
    plan.programs = vec![one; 1000];
    for form in FORMS {
        let loader = loader::generate(&plan, form).unwrap();
        check("a thousand programs", &plan, &loader);
        assert!(loader.instructions.len() / 8 < 100_000, "{}", loader.instructions.len() / 8);
    }
    plan.programs.resize(10_000, plan.programs[0].clone());
    assert_eq!(loader::generate(&plan, None), Err(Error::TooMany));
}

#[test]
fn attributes_are_laid_out_as_the_kernel_has_them() {
    let plan = one("plain");
    let loader = loader::generate(&plan, None).unwrap();
    let word = |at: usize| u32::from_le_bytes(loader.blob[at..at + 4].try_into().unwrap());
    // The words of the programs come first, all of which are loaded.
    for (index, program) in plan.programs.iter().enumerate() {
        assert_eq!(word(4 * index), u32::from(program.autoload));
    }
    for program in &plan.programs {
        // The name stands in the type information as well.
        let name = [program.kernel_name.as_bytes(), &[0; 16]].concat();
        let named = loader.blob.windows(16).rposition(|window| *window == name[..16]);
        let attr = named.expect("the name is there") - 48;
        assert_eq!(word(attr), program.program_type);
        assert_eq!(word(attr + 4) as usize, program.insns.len() / 8);
        assert_eq!(word(attr + 68), program.attach_type);
        assert_eq!(word(attr + 88) as usize, program.func_info.len() / 8);
        assert_eq!(word(attr + 104) as usize, program.line_info.len() / 16);
    }
    for (map, place) in plan.maps.iter().zip(&loader.maps) {
        assert_eq!(word(place.max_entries as usize), map.map.max_entries);
        assert_eq!(word(place.max_entries as usize - 12), map.map.map_type);
        let contents = map.map.data.as_ref().and_then(|data| data.contents.as_deref());
        if let (Some(at), Some(contents)) = (place.contents, contents) {
            assert_eq!(loader.blob[at as usize..at as usize + contents.len()], *contents);
        }
    }
}

#[test]
fn what_a_loader_cannot_carry_is_named() {
    for (object, expected) in [
        ("externs/kconfig", Error::Config),
        ("struct_ops/tcp", Error::Operations("counting".into())),
        ("data/arena", Error::Arena("pages".into())),
        ("maps/pinned", Error::PinnedByName("shared_slots".into())),
        ("externs/kfuncs", Error::Variants("bpf_cpumask_empty".into())),
    ] {
        assert_eq!(loader::generate(&one(object), None), Err(expected), "{object}");
    }
    let error = loader::generate(&one("module_target"), None).unwrap_err();
    assert!(matches!(&error, Error::Module { module, .. } if module == "ext4"), "{error}");
}
