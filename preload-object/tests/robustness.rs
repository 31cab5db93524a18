//! Damaged objects are refused or read, but never make the reader panic.

use std::fs;
use std::path::{Path, PathBuf};

use preload_object::{Choices, ItemKind, Object, Plan, Type, Types};

/// Every object is cut off at so many places and changed so many times.
const CUTS: usize = 200;
const CHANGES: usize = 2_000;

#[test]
fn a_file_may_end_anywhere() {
    for (_, object) in objects() {
        for cut in 0..CUTS {
            read(&object[..object.len() * cut / CUTS]);
        }
        // The end of the file is its table of sections: its last entry is where one byte more or less
        // matters.
        for end in object.len().saturating_sub(80)..object.len() {
            read(&object[..end]);
        }
    }
}

#[test]
fn any_byte_may_be_wrong() {
    for (seed, (_, object)) in objects().into_iter().enumerate() {
        let mut random = XorShift(0x9e37_79b9_7f4a_7c15 ^ seed as u64);
        let mut bytes = object.clone();
        for _ in 0..CHANGES {
            let changed: Vec<usize> = (0..1 + random.below(4)).map(|_| random.below(bytes.len())).collect();
            for &at in &changed {
                bytes[at] = random.byte();
            }
            read(&bytes);
            for at in changed {
                bytes[at] = object[at];
            }
        }
    }
}

/// Offsets, sizes, counts and numbers of types are words: extreme ones get further than single bytes do.
#[test]
fn any_word_may_be_extreme() {
    const EXTREMES: [u64; 6] = [0, 1, 0x7fff_ffff, 0xffff_ffff, i64::MAX as u64, u64::MAX];
    for (seed, (_, object)) in objects().into_iter().enumerate() {
        let mut random = XorShift(0xd1b5_4a32_d192_ed03 ^ seed as u64);
        for _ in 0..CHANGES {
            let mut bytes = object.clone();
            let extreme = EXTREMES[random.below(EXTREMES.len())].to_le_bytes();
            let size = if random.below(2) == 0 { 4 } else { 8 };
            let at = random.below((bytes.len() - size) / 4) * 4;
            bytes[at..at + size].copy_from_slice(&extreme[..size]);
            read(&bytes);
        }
    }
}

fn read(bytes: &[u8]) {
    match Object::read(bytes) {
        Ok(object) => {
            let plan = Plan::new(&object, &Choices::default());
            assert_eq!(plan.programs.len(), object.programs().len());
            check_types(&object);
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
}

/// Whatever a file says, types are as long as what they are for, and made of what is there.
fn check_types(object: &Object) {
    let types = Types::new(object);
    assert_eq!(types.maps.len(), object.maps().len());
    for (map, held) in object.maps().iter().zip(&types.maps) {
        if map.data.is_none() {
            assert_eq!(types.size(&held.key), map.key_size);
        }
        assert_eq!(types.size(&held.value), map.value_size);
        for variable in &held.variables {
            assert!(variable.offset + types.size(&variable.ty) <= map.value_size);
        }
    }
    for (number, item) in types.items.iter().enumerate() {
        let fields = match &item.kind {
            ItemKind::Struct { fields, .. } | ItemKind::Bytes { fields, .. } => fields.as_slice(),
            ItemKind::Enum { .. } => &[],
        };
        for field in fields {
            assert!(field.offset + types.size(&field.ty) <= item.size);
            assert!(innermost(&field.ty).is_none_or(|inner| inner < number), "a type that holds itself");
        }
    }
}

/// The item that a type is, or is an array of.
fn innermost(ty: &Type) -> Option<usize> {
    match ty {
        Type::Array(element, _) => innermost(element),
        Type::Item(index) => Some(*index),
        _ => None,
    }
}

/// All committed objects of the workspace.
fn objects() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut objects = Vec::new();
    for folder in ["examples", "tests/bpf", "tests/bpf/types"] {
        for entry in fs::read_dir(root.join(folder)).expect("the objects are in the workspace") {
            let path = entry.expect("a folder that can be listed").path();
            if path.extension().is_some_and(|extension| extension == "o") {
                let bytes = fs::read(&path).expect("an object that can be read");
                objects.push((path, bytes));
            }
        }
    }
    objects.sort();
    assert!(!objects.is_empty());
    objects
}

/// The same numbers every time.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}
