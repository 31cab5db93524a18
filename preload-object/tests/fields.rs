//! Every field of every object may be wrong: headers, symbols, relocations, types and records, one at a time.
//!
//! A sample of all changes, the same each time; `PRELOAD_FIELDS=all` makes every one of them.

mod fixtures;

use std::collections::BTreeSet;
use std::env;

use preload_object::{Choices, Object, Plan, Types};

use self::fixtures::{XorShift, objects};

/// Changes of each object, where it is a sample.
const SAMPLE: usize = 150;

/// A word of the file: where it lies, and its bytes.
type Field = (usize, usize);

const SYMTAB: u64 = 2;
const REL: u64 = 9;

fn word(bytes: &[u8], (at, size): Field) -> u64 {
    let mut word = [0; 8];
    for (slot, byte) in word.iter_mut().zip(bytes.get(at..at + size).unwrap_or_default()) {
        *slot = *byte;
    }
    u64::from_le_bytes(word)
}

/// The fields of tables whose entries have these sizes, one after the other.
fn entries(start: usize, size: usize, widths: &[usize], fields: &mut Vec<Field>) {
    let length: usize = widths.iter().sum();
    for entry in 0..size / length {
        let mut at = start + entry * length;
        for &width in widths {
            fields.push((at, width));
            at += width;
        }
    }
}

/// All fields that say something of the rest of the file.
fn fields(bytes: &[u8]) -> Vec<Field> {
    let mut fields = Vec::new();
    entries(16, 48, &[2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2], &mut fields);
    let table = word(bytes, (40, 8)) as usize;
    let count = word(bytes, (60, 2)) as usize;
    entries(table, count * 64, &[4, 4, 8, 8, 8, 8, 4, 4, 8, 8], &mut fields);
    let strings = word(bytes, (table + 64 * word(bytes, (62, 2)) as usize + 24, 8)) as usize;
    for section in 0..count {
        let header = table + 64 * section;
        let (start, size) = (word(bytes, (header + 24, 8)) as usize, word(bytes, (header + 32, 8)) as usize);
        let name = strings + word(bytes, (header, 4)) as usize;
        let name = bytes[name..].split(|&byte| byte == 0).next().unwrap_or_default();
        match (word(bytes, (header + 4, 4)), name) {
            (SYMTAB, _) => entries(start, size, &[4, 1, 1, 2, 8, 8], &mut fields),
            (REL, _) => entries(start, size, &[8, 4, 4], &mut fields),
            (_, b".BTF" | b".BTF.ext" | b".maps") => entries(start, size, &[4], &mut fields),
            _ => {}
        }
    }
    fields
}

/// What a field is changed to: the ends of what it can hold, its neighbours, and what other fields near by hold, which makes
/// types refer to themselves and sections lie on one another.
fn values(bytes: &[u8], field: Field) -> BTreeSet<u64> {
    let own = word(bytes, field);
    let most = u64::MAX >> (64 - 8 * field.1);
    let near = |distance: usize| word(bytes, (field.0.saturating_sub(distance), field.1));
    let length = bytes.len() as u64;
    [
        0,
        1,
        own.wrapping_add(1),
        own.wrapping_sub(1),
        own / 2,
        own << 1,
        own | 1 << 31,
        !own,
        most,
        most / 2,
        most / 2 + 1,
        length,
        length + 1,
        near(4),
        near(8),
        near(12),
        near(64),
    ]
    .into_iter()
    .map(|value| value & most)
    .filter(|&value| value != own)
    .collect()
}

fn read(bytes: &[u8]) {
    match Object::read(bytes) {
        Ok(object) => {
            let plan = Plan::new(&object, &Choices::default());
            assert_eq!(plan.programs.len(), object.programs().len());
            assert_eq!(Types::new(&object).maps.len(), object.maps().len());
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
}

#[test]
fn any_field_may_be_wrong() {
    let all = env::var_os("PRELOAD_FIELDS").is_some_and(|fields| fields == "all");
    let mut changes = 0;
    for (seed, (_, object)) in objects().into_iter().enumerate() {
        let mut random = XorShift(0x2545_f491_4f6c_dd1d ^ seed as u64);
        let mut bytes = object.clone();
        let fields = fields(&object);
        // Out of so many changes one is made.
        let share = if all { 1 } else { (fields.len() * 15 / SAMPLE).max(1) };
        for field @ (at, size) in fields.into_iter().filter(|&(at, size)| at + size <= object.len()) {
            for value in values(&object, field) {
                if random.below(share) != 0 {
                    continue;
                }
                bytes[at..at + size].copy_from_slice(&value.to_le_bytes()[..size]);
                read(&bytes);
                changes += 1;
            }
            bytes[at..at + size].copy_from_slice(&object[at..at + size]);
        }
    }
    println!("{changes} changes");
    assert!(changes > 1_000);
}
