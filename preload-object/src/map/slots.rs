//! What the slots of maps hold from the start: initialised `values`, which are relocations in `.maps`.

use super::{Definition, Map, Maps, Place, Slot, SlotItem, kernel};
use crate::elf::{Elf, Relocation, Section};
use crate::error::{Error, ErrorKind};
use crate::object::Program;

/// Bytes of a slot in the file: a pointer.
const SLOT: u64 = 8;

impl Maps {
    /// Resolves what the slots of maps refer to.
    pub(crate) fn fill_slots(&mut self, elf: &Elf<'_>, programs: &[Program], errors: &mut Vec<Error>) {
        let Self { maps, places, definitions } = self;
        let Some((number, section)) = elf.section(".maps") else { return };
        for relocation in &section.relocations {
            let Some(definition) =
                definitions.iter().find(|definition| definition.bytes.contains(&relocation.offset))
            else {
                let kind = ErrorKind::BadCode("a relocation outside the map definitions".into());
                errors.push(Error::new(kind).in_section(section.name).at(relocation.offset));
                continue;
            };
            let find = |offset| {
                let place = Place { section: number, offset: Some(offset) };
                places.iter().find(|(other, _)| *other == place).map(|&(_, index)| index)
            };
            match slot(elf, section, relocation, definition, &maps[definition.map], find, programs) {
                Ok(slot) => maps[definition.map].slots.push(slot),
                Err(reason) => {
                    let map = maps[definition.map].name.clone();
                    let kind = ErrorKind::BadMap { map, reason };
                    errors.push(Error::new(kind).in_section(section.name).at(relocation.offset));
                }
            }
        }
    }
}

fn slot(
    elf: &Elf<'_>,
    section: &Section<'_>,
    relocation: &Relocation,
    definition: &Definition,
    map: &Map,
    find: impl Fn(u64) -> Option<usize>,
    programs: &[Program],
) -> Result<Slot, String> {
    let offset = definition.values.and_then(|values| relocation.offset.checked_sub(values));
    let offset = offset.ok_or("only `values` of maps of maps and of program arrays can be initialised")?;
    if offset % SLOT != 0 {
        return Err("a slot of `values` is half initialised".into());
    }
    let index = u32::try_from(offset / SLOT).map_err(|_| "it has too many slots")?;
    // A number that is left to be chosen at run time is no limit.
    if map.max_entries != 0 && map.map_type != kernel::HASH_OF_MAPS && index >= map.max_entries {
        return Err(format!("slot {index} is initialised, but `max_entries` is {}", map.max_entries));
    }
    if map.map_type == kernel::HASH_OF_MAPS && map.key_size != 4 {
        return Err(format!(
            "its slots are initialised by number, but its key has {} bytes; make it one of 4",
            map.key_size
        ));
    }

    let symbol = &elf.symbols[relocation.symbol];
    // The addend lies in the bytes that are relocated.
    let at = usize::try_from(relocation.offset).ok();
    let addend =
        at.and_then(|at| section.data.get(at..)?.first_chunk()).copied().map_or(0, u64::from_le_bytes);
    let address = symbol.value.wrapping_add(addend);
    if map.map_type == kernel::PROG_ARRAY {
        let program =
            programs.iter().position(|program| program.name == symbol.name && addend == 0).ok_or_else(
                || format!("slot {index} holds `{}`, which is not a program of the object", symbol.name),
            )?;
        return Ok(Slot { index, item: SlotItem::Program(program) });
    }
    let map = find(address)
        .filter(|_| symbol.section.is_some_and(|section| elf.sections[section].name == ".maps"))
        .ok_or_else(|| format!("slot {index} holds `{}`, which is not a map of `.maps`", symbol.name))?;
    Ok(Slot { index, item: SlotItem::Map(map) })
}
