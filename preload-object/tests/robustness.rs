//! Damaged objects are refused or read, but never make the reader panic.

mod fixtures;

use preload_object::{Choices, ItemKind, Object, Plan, Type, Types};

use self::fixtures::{XorShift, objects};

/// Every object is cut off at so many places and changed so many times.
const CUTS: usize = 50;
const CHANGES: usize = 200;

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
                bytes[at] = random.below(256) as u8;
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
