//! Maps: those defined in `.maps`, and those that hold the data sections.

mod data;
mod definition;
mod kernel;

pub(crate) use data::is_data_section;

use crate::btf::Btf;
use crate::elf::Elf;
use crate::error::{Error, ErrorKind};

/// One map of the object, as `BPF_MAP_CREATE` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Map {
    /// The variable of the C source, or the name of the data section.
    pub name: String,
    /// `enum bpf_map_type`.
    pub map_type: u32,
    /// Bytes of a key.
    pub key_size: u32,
    /// Bytes of a value.
    pub value_size: u32,
    /// Entries, in the unit of the map type.
    pub max_entries: u32,
    /// `BPF_F_*` flags.
    pub flags: u32,
    /// The NUMA node, where the definition gives one.
    pub numa_node: Option<u32>,
    /// The extra parameter of some map types (5.16).
    pub map_extra: u64,
    /// BTF type of the key; 0 for none.
    pub btf_key_type_id: u32,
    /// BTF type of the value; 0 for none.
    pub btf_value_type_id: u32,
    /// BTF type of the key as the definition has it, also where the kernel does not want to hear of it; 0 for
    /// none.
    pub key_type: u32,
    /// The same of the value.
    pub value_type: u32,
    /// What a data section holds; none for maps defined in `.maps`.
    pub data: Option<Data>,
}

/// A data section.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Data {
    /// Its initial bytes; none when they are all zero, as those of a new map are.
    pub contents: Option<Vec<u8>>,
    /// Whether it is frozen once filled, which lets the verifier take its values as known.
    pub frozen: bool,
}

/// Where a map lies in the ELF file, which is how relocations refer to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) section: usize,
    /// The offset of the definition in `.maps`; none for a data section, all of which is the map.
    pub(crate) offset: Option<u64>,
}

/// All maps in the order libbpf creates them: definitions in the order of `.maps`, then data sections.
pub(crate) fn collect(elf: &Elf<'_>, btf: Option<&Btf>, errors: &mut Vec<Error>) -> Vec<(Map, Place)> {
    let mut maps = Vec::new();
    let described = btf.map(Btf::data_sections).unwrap_or_default();
    if let Some((number, section)) = elf.section(".maps") {
        match btf {
            Some(btf) => {
                definition::collect(
                    number,
                    section,
                    btf,
                    described.get(section.name),
                    elf,
                    &mut maps,
                    errors,
                );
            }
            None => errors.push(
                Error::new(ErrorKind::BadBtf("there is none, but maps are described by it".into()))
                    .in_section(section.name),
            ),
        }
    }
    for (number, section) in elf.sections.iter().enumerate() {
        if is_data_section(section) {
            match data::map(section, btf.zip(described.get(section.name))) {
                Ok(map) => maps.push((map, Place { section: number, offset: None })),
                Err(error) => errors.push(error.in_section(section.name)),
            }
        }
    }
    maps
}
