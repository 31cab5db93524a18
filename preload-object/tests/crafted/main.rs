//! Small files that would make a careless reader take all memory or all day.
//!
//! Each is refused or read. Memory is measured; for time there is no limit but patience: what would be done once for each
//! pair of things in the file would not come to an end here.

mod writer;

use preload_object::{Choices, ItemKind, Object, Plan, Type, Types};

use self::writer::{ALLOC, Btf, CODE, Elf, FUNC, NOBITS, OBJECT, PROGBITS, Section};

/// All programs of an object may come to 32 MiB; they are there as instructions and as bytes, and vectors grow in steps.
const ALL_PROGRAMS: usize = 256 << 20;

/// Reads the file and makes a plan; what is wrong with it, in words, or nothing.
fn read(bytes: &[u8], memory: usize) -> String {
    let mut words = String::new();
    // Of this thread alone: other tests write their files meanwhile.
    let used = allocation_counter::measure(|| match Object::read(bytes) {
        Ok(object) => {
            Plan::new(&object, &Choices::default());
            Types::new(&object);
        }
        Err(errors) => words = errors.to_string(),
    });
    let used = usize::try_from(used.bytes_max).unwrap_or(usize::MAX);
    assert!(used <= memory, "{used} bytes of memory for {} bytes", bytes.len());
    words
}

/// What a reader may need of a file that does not multiply.
fn fair(bytes: &[u8]) -> usize {
    (1 << 20) + 64 * bytes.len()
}

fn refused(bytes: &[u8], memory: usize, reason: &str) {
    let words = read(bytes, memory);
    assert!(words.contains(reason), "`{reason}` is not in: {}", &words[..words.len().min(2_000)]);
}

/// `r0 = 0; exit`
fn nothing() -> Vec<u8> {
    [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0].to_vec()
}

/// `call +0; exit`, with the callee in a relocation.
fn caller() -> Vec<u8> {
    [0x85, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x95, 0, 0, 0, 0, 0, 0, 0].to_vec()
}

/// A program, so that an object is one.
fn with_program(elf: &mut Elf) {
    let section = elf.section("raw_tp/x", PROGBITS, CODE, nothing());
    let name = elf.name("program");
    elf.symbol(name, FUNC, section, 0, 16);
}

#[test]
fn an_object_that_is_written_here_is_one() {
    let mut elf = Elf::new();
    with_program(&mut elf);
    let bytes = elf.bytes();
    assert_eq!(read(&bytes, fair(&bytes)), "");
}

#[test]
fn sections_share_their_bytes() {
    let mut elf = Elf::new();
    with_program(&mut elf);
    let data = elf.section(".data.0", PROGBITS, ALLOC, vec![1; 1 << 20]);
    for number in 1..4_000 {
        elf.push(Section {
            name: format!(".data.{number}"),
            kind: PROGBITS,
            flags: ALLOC,
            same_data_as: Some(data),
            ..Section::default()
        });
    }
    let bytes = elf.bytes();
    refused(&bytes, fair(&bytes), "sections overlap");
}

#[test]
fn zeros_without_end() {
    for size in [i32::MAX as u64, u64::from(u32::MAX), 1 << 40, u64::MAX] {
        let mut elf = Elf::new();
        with_program(&mut elf);
        let size = Some(size);
        elf.push(Section { name: ".bss".into(), kind: NOBITS, flags: ALLOC, size, ..Section::default() });
        let bytes = elf.bytes();
        read(&bytes, fair(&bytes));
    }
}

#[test]
fn many_programs_call_one_large_function() {
    let mut elf = Elf::new();
    let text = elf.section(".text", PROGBITS, CODE, nothing().repeat(1 << 14));
    let name = elf.name("large");
    let large = elf.symbol(name, FUNC, text, 0, 16 << 14);
    let section = elf.section("raw_tp/x", PROGBITS, CODE, caller().repeat(8_000));
    let mut calls = Vec::new();
    for number in 0..8_000 {
        let name = elf.name(&format!("program_{number}"));
        elf.symbol(name, FUNC, section, number * 16, 16);
        calls.push((number * 16, 10, large));
    }
    elf.relocations(section, &calls);
    refused(&elf.bytes(), ALL_PROGRAMS, "come to more than");
}

#[test]
fn many_names_for_one_large_program() {
    let mut elf = Elf::new();
    let section = elf.section("raw_tp/x", PROGBITS, CODE, nothing().repeat(1 << 14));
    for number in 0..20_000 {
        let name = elf.name(&format!("program_{number}"));
        elf.symbol(name, FUNC, section, 0, 16 << 14);
    }
    refused(&elf.bytes(), ALL_PROGRAMS, "come to more than");
}

#[test]
fn a_program_larger_than_the_kernel_takes() {
    let mut elf = Elf::new();
    let code = nothing().repeat(600_000);
    let size = code.len() as u64;
    let section = elf.section("raw_tp/x", PROGBITS, CODE, code);
    let name = elf.name("program");
    elf.symbol(name, FUNC, section, 0, size);
    refused(&elf.bytes(), ALL_PROGRAMS, "the kernel takes 1000000");
}

#[test]
fn a_program_calls_many_functions() {
    const FUNCTIONS: u64 = 100_000;
    let mut elf = Elf::new();
    let text = elf.section(".text", PROGBITS, CODE, nothing().repeat(FUNCTIONS as usize));
    let section = elf.section("raw_tp/x", PROGBITS, CODE, caller().repeat(FUNCTIONS as usize));
    let name = elf.name("program");
    elf.symbol(name, FUNC, section, 0, FUNCTIONS * 16);
    let mut calls = Vec::new();
    for number in 0..FUNCTIONS {
        let name = elf.name(&format!("function_{number}"));
        calls.push((number * 16, 10, elf.symbol(name, FUNC, text, number * 16, 16)));
    }
    elf.relocations(section, &calls);
    let bytes = elf.bytes();
    assert_eq!(read(&bytes, fair(&bytes)), "");
}

#[test]
fn functions_call_each_other_in_depth() {
    const FUNCTIONS: u64 = 100_000;
    let mut elf = Elf::new();
    let text = elf.section(".text", PROGBITS, CODE, caller().repeat(FUNCTIONS as usize));
    let section = elf.section("raw_tp/x", PROGBITS, CODE, caller());
    let name = elf.name("program");
    elf.symbol(name, FUNC, section, 0, 16);
    let name = elf.name("function");
    let functions: Vec<u32> =
        (0..FUNCTIONS).map(|number| elf.symbol(name, FUNC, text, number * 16, 16)).collect();
    elf.relocations(section, &[(0, 10, functions[0])]);
    // The last one calls the first.
    let next = |number: u64| functions[(number + 1) as usize % functions.len()];
    let calls: Vec<_> = (0..FUNCTIONS).map(|number| (number * 16, 10, next(number))).collect();
    elf.relocations(text, &calls);
    let bytes = elf.bytes();
    assert_eq!(read(&bytes, fair(&bytes)), "");
}

#[test]
fn many_externs_and_unknown_sections() {
    let mut elf = Elf::new();
    for number in 0..10_000 {
        let name = "x".repeat(1 + number % 4_000);
        let section = elf.section(&name, PROGBITS, CODE, nothing());
        let name = elf.name(&format!("extern_{number}"));
        elf.symbol(name, OBJECT, 0, 0, 0);
        elf.symbol(name, FUNC, section, 0, 16);
    }
    let bytes = elf.bytes();
    assert!(!read(&bytes, fair(&bytes) + (64 << 20)).is_empty());
}

#[test]
fn one_long_name_for_all() {
    let mut elf = Elf::new();
    with_program(&mut elf);
    let section = elf.section(".data", PROGBITS, ALLOC, vec![1; 4]);
    let name = elf.name(&"n".repeat(1 << 20));
    for number in 0..20_000 {
        elf.symbol(name + number, OBJECT, section, 0, 4);
    }
    let bytes = elf.bytes();
    refused(&bytes, fair(&bytes), "longer than any can be");
}

/// An object with these types, and a map of each `(name, type)`.
fn with_types(mut btf: Btf, maps: &[(&str, u32)]) -> Vec<u8> {
    let mut elf = Elf::new();
    with_program(&mut elf);
    if !maps.is_empty() {
        let section = elf.section(".maps", PROGBITS, ALLOC, vec![0; 32 * maps.len()]);
        let mut variables = Vec::new();
        for (number, (map, ty)) in maps.iter().enumerate() {
            let name = elf.name(map);
            elf.symbol(name, OBJECT, section, 32 * number as u64, 32);
            let name = btf.name(map);
            let variable = btf.push(name, 14, 0, *ty, &[1]);
            variables.extend([variable, 32 * number as u32, 32]);
        }
        let name = btf.name(".maps");
        btf.push(name, 15, maps.len() as u32, 0, &variables);
    }
    elf.section(".BTF", PROGBITS, 0, btf.bytes());
    elf.bytes()
}

/// `int`, and `name` by name.
fn int(btf: &mut Btf) -> u32 {
    let name = btf.name("int");
    btf.push(name, 1, 0, 4, &[1 << 24 | 32])
}

/// A map definition of the same member again and again, of a type that is long to follow.
fn many_members(mut btf: Btf, pointee: u32) -> Vec<u8> {
    let pointer = btf.push(0, 2, 0, pointee, &[]);
    let key = btf.name("key");
    let members: Vec<u32> = (0..u32::from(u16::MAX)).flat_map(|_| [key, pointer, 0]).collect();
    let definition = btf.push(0, 4, u32::from(u16::MAX), 32, &members);
    with_types(btf, &[("map", definition)])
}

#[test]
fn a_long_chain_of_typedefs() {
    let mut btf = Btf::new();
    let mut last = int(&mut btf);
    let name = btf.name("t");
    for _ in 0..100_000 {
        last = btf.push(name, 8, 0, last, &[]);
    }
    let bytes = many_members(btf, last);
    refused(&bytes, fair(&bytes), "has no size");
}

#[test]
fn types_in_a_circle() {
    let name = "t";
    for kind in [8, 9, 10, 11, 18] {
        let mut btf = Btf::new();
        let name = btf.name(name);
        for _ in 0..50_000 {
            let next = btf.next() + 1;
            btf.push(name, kind, 0, next, &[]);
        }
        btf.push(name, kind, 0, 1, &[]);
        let bytes = many_members(btf, 1);
        refused(&bytes, fair(&bytes), "has no size");
    }
}

#[test]
fn an_array_of_itself() {
    let mut btf = Btf::new();
    let index = int(&mut btf);
    let array = btf.next();
    btf.push(0, 3, 0, 0, &[array, index, 1]);
    let bytes = many_members(btf, array);
    refused(&bytes, fair(&bytes), "has no size");
}

#[test]
fn structs_in_structs_and_in_themselves() {
    let mut btf = Btf::new();
    let mut last = int(&mut btf);
    let (name, member) = (btf.name("s"), btf.name("m"));
    for _ in 0..50_000 {
        last = btf.push(name, 4, 2, 4, &[member, last, 0, member, last, 0]);
    }
    let own = btf.next();
    btf.push(name, 4, 1, 4, &[member, own, 0]);
    for value in [last, own] {
        let mut btf = btf.clone();
        let pointer = btf.push(0, 2, 0, value, &[]);
        let array = btf.push(0, 3, 0, 0, &[1, 1, 1]);
        let number = btf.push(0, 2, 0, array, &[]);
        let names = ["type", "max_entries", "key", "value"].map(|name| btf.name(name));
        let int = btf.push(0, 2, 0, 1, &[]);
        let members: Vec<u32> =
            [(names[0], number), (names[1], number), (names[2], int), (names[3], pointer)]
                .into_iter()
                .flat_map(|(name, ty)| [name, ty, 0])
                .collect();
        let definition = btf.push(0, 4, 4, 32, &members);
        let bytes = with_types(btf, &[("map", definition)]);
        assert_eq!(read(&bytes, fair(&bytes)), "");
    }
}

#[test]
fn one_section_described_many_times() {
    let mut btf = Btf::new();
    let int = int(&mut btf);
    let mut elf = Elf::new();
    with_program(&mut elf);
    let data = elf.section(".data", PROGBITS, ALLOC, vec![1; 80_000]);
    let mut variables = Vec::new();
    for number in 0..20_000 {
        let name = format!("variable_{number}");
        let symbol = elf.name(&name);
        elf.symbol(symbol, OBJECT, data, 4 * number, 4);
        let name = btf.name(&name);
        variables.push(btf.push(name, 14, 0, int, &[1]));
    }
    let name = btf.name(".data");
    for variable in variables {
        btf.push(name, 15, 1, 80_000, &[variable, 0, 4]);
    }
    elf.section(".BTF", PROGBITS, 0, btf.bytes());
    let bytes = elf.bytes();
    refused(&bytes, fair(&bytes), "described twice");
}

#[test]
fn one_long_string_for_all_types() {
    let mut btf = Btf::new();
    let name = btf.name(&"n".repeat(1 << 20));
    for number in 0..100_000 {
        btf.push(name + number, 16, 0, 8, &[]);
    }
    let bytes = with_types(btf, &[]);
    refused(&bytes, fair(&bytes), "longer than any line");
}

/// The `.BTF.ext` of one section: records of lines, at these offsets.
fn lines(section: u32, offsets: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut block = vec![16, section, 0];
    for offset in offsets {
        block.extend([offset, 0, 0, 1 << 10]);
    }
    block[2] = (block.len() as u32 - 3) / 4;
    let length = 4 * block.len() as u32;
    let mut bytes = vec![0x9f, 0xeb, 1, 0];
    for word in [24, 0, 0, 0, length].into_iter().chain(block) {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[test]
fn many_lines_of_one_instruction() {
    let mut btf = Btf::new();
    let section = btf.name("raw_tp/x");
    let mut elf = Elf::new();
    let code = elf.section("raw_tp/x", PROGBITS, CODE, nothing());
    for number in 0..10_000 {
        let name = elf.name(&format!("program_{number}"));
        elf.symbol(name, FUNC, code, 0, 16);
    }
    elf.section(".BTF", PROGBITS, 0, btf.bytes());
    elf.section(".BTF.ext", PROGBITS, 0, lines(section, std::iter::repeat_n(0, 50_000)));
    let bytes = elf.bytes();
    refused(&bytes, fair(&bytes), "two records of one instruction");
}

#[test]
fn many_maps() {
    let mut btf = Btf::new();
    int(&mut btf);
    let array = btf.push(0, 3, 0, 0, &[1, 1, 2]);
    let number = btf.push(0, 2, 0, array, &[]);
    let members: Vec<u32> = ["type", "max_entries", "key_size", "value_size"]
        .map(|name| btf.name(name))
        .into_iter()
        .flat_map(|name| [name, number, 0])
        .collect();
    let definition = btf.push(0, 4, 4, 32, &members);
    let names: Vec<String> = (0..30_000).map(|number| format!("map_{number}")).collect();
    let maps: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), definition)).collect();
    let bytes = with_types(btf, &maps);
    assert_eq!(read(&bytes, fair(&bytes)), "");
}

/// The compiler of whoever loads it would take long over its fields, and nobody names thousands of them.
#[test]
fn a_value_of_more_members_than_anyone_names_is_bytes() {
    let kind = |members: u32| {
        let mut btf = Btf::new();
        let int = int(&mut btf);
        let fields: Vec<u32> =
            (0..members).flat_map(|number| [btf.name(&format!("m{number}")), int, 32 * number]).collect();
        let name = btf.name("large");
        let large = btf.push(name, 4, members, 4 * members, &fields);
        let mut uint = |number| {
            let array = btf.push(0, 3, 0, 0, &[int, int, number]);
            btf.push(0, 2, 0, array, &[])
        };
        let (hash, entries) = (uint(1), uint(8));
        let (key, value) = (btf.push(0, 2, 0, int, &[]), btf.push(0, 2, 0, large, &[]));
        let settings = [("type", hash), ("max_entries", entries), ("key", key), ("value", value)];
        let words: Vec<u32> = settings
            .iter()
            .zip((0..).step_by(64))
            .flat_map(|((setting, ty), at)| [btf.name(setting), *ty, at])
            .collect();
        let definition = btf.push(0, 4, 4, 32, &words);
        let bytes = with_types(btf, &[("map", definition)]);
        let types = Types::new(&Object::read(&bytes).unwrap());
        let [item] = types.items.as_slice() else { panic!("not one type: {:?}", types.items) };
        assert_eq!(
            (&types.maps[0].value, item.name.as_str(), item.size),
            (&Type::Item(0), "large", 4 * members)
        );
        item.kind.clone()
    };
    assert!(matches!(kind(4096), ItemKind::Struct { fields, .. } if fields.len() == 4096));
    assert!(matches!(kind(4097), ItemKind::Bytes { fields, .. } if fields.is_empty()));
}
