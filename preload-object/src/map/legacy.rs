//! Maps of the old kind: `struct bpf_map_def` in the section `maps`, from before there was BTF.
//!
//! libbpf has dropped them; aya and cilium/ebpf take them. What a definition has behind the five numbers that all loaders
//! agree on is an id, which counts for nothing, and whether the map is pinned by its name (aya); anything else is refused.

use super::{Map, Place, kernel};
use crate::elf::{Elf, Section};
use crate::error::{Error, ErrorKind};

/// Bytes of the numbers that all loaders agree on: type, sizes of key and value, entries, flags.
const SMALLEST: usize = 20;
/// Where aya's definitions say whether the map is pinned.
const PINNING: usize = 24;
/// Bytes of a definition of iproute2's, where other numbers say how it is pinned.
const IPROUTE2: usize = 36;

/// All definitions of the section, in its order.
pub(super) fn collect(elf: &Elf<'_>, number: usize, errors: &mut Vec<Error>) -> Vec<(Map, Place)> {
    let section = &elf.sections[number];
    let refuse = |what: String| Error::new(ErrorKind::BadMapSection(what)).in_section(section.name);
    let (names, size) = match layout(elf, number, section) {
        Ok(layout) => layout,
        Err(what) => {
            errors.push(refuse(what));
            return Vec::new();
        }
    };
    let mut maps = Vec::new();
    for (name, bytes) in names.into_iter().zip(section.data.chunks_exact(size)) {
        let offset = Some((maps.len() * size) as u64);
        match definition(name, bytes) {
            Ok(map) => maps.push((map, Place { section: number, offset })),
            Err(reason) => {
                errors.push(
                    Error::new(ErrorKind::BadMap { map: name.to_owned(), reason }).in_section(section.name),
                );
                return Vec::new();
            }
        }
    }
    maps
}

/// The names of the definitions in their order, and the bytes of each.
fn layout<'data>(
    elf: &Elf<'data>,
    number: usize,
    section: &Section<'_>,
) -> Result<(Vec<&'data str>, usize), String> {
    let mut symbols: Vec<_> =
        elf.symbols_of(number).filter(|symbol| !symbol.is_section && !symbol.name.is_empty()).collect();
    symbols.sort_by_key(|symbol| symbol.value);
    let length = section.data.len();
    let Some(size) = length.checked_div(symbols.len()) else {
        return Err("no variable lies in it; a map of the old kind is a `struct bpf_map_def`".into());
    };
    let alike = symbols.iter().enumerate().all(|(index, symbol)| symbol.value == (index * size) as u64);
    if !alike || length != size * symbols.len() {
        return Err(format!(
            "{length} bytes are not {} definitions of one size; all of them must be the same `struct bpf_map_def`",
            symbols.len()
        ));
    }
    if size < SMALLEST {
        return Err(format!(
            "{length} bytes are {} definitions of {size}; a `struct bpf_map_def` has {SMALLEST} or more",
            symbols.len()
        ));
    }
    Ok((symbols.into_iter().map(|symbol| symbol.name).collect(), size))
}

fn definition(name: &str, bytes: &[u8]) -> Result<Map, String> {
    let word = |at: usize| {
        let word = bytes.get(at..).and_then(<[u8]>::first_chunk);
        word.map_or(0, |word| u32::from_le_bytes(*word))
    };
    let map = Map {
        name: name.to_owned(),
        map_type: word(0),
        key_size: word(4),
        value_size: word(8),
        max_entries: word(12),
        flags: word(16),
        pinned_by_name: match (word(PINNING), bytes.len()) {
            (0, _) => false,
            (1, size) if size != IPROUTE2 => true,
            (other, _) => {
                return Err(format!(
                    "byte {PINNING} says to pin it in the way {other}; known is 1, by its name"
                ));
            }
        },
        ..Map::default()
    };
    let behind = bytes.get(PINNING + 4..).unwrap_or_default();
    if let Some(at) = behind.iter().position(|&byte| byte != 0) {
        return Err(format!(
            "it has something at byte {}, which other loaders may know; define it in `.maps`",
            PINNING + 4 + at
        ));
    }
    if map.map_type == 0 {
        return Err("its type is missing".into());
    }
    if kernel::is_map_of_maps(map.map_type) {
        return Err(
            "nothing says what its inner maps look like; define it in `.maps`, with `__array(values, ..)`"
                .into(),
        );
    }
    Ok(map)
}
