//! Maps: those defined in `.maps`, and those that hold the data sections.

mod data;
mod definition;
mod kernel;
mod legacy;
mod slots;

pub(crate) use data::{is_data_section, of_config};

use std::ops::Range;

use crate::btf::{Btf, Type};
use crate::elf::Elf;
use crate::error::{Error, ErrorKind};
use crate::externs::ConfigValue;
use crate::struct_ops::StructOps;

/// One map of the object, as `BPF_MAP_CREATE` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
    /// What the maps in a map of maps look like.
    pub inner: Option<Box<Map>>,
    /// What its slots hold from the start, for maps of maps and program arrays; in the order of the file.
    pub slots: Vec<Slot>,
    /// Whether it is shared with other objects by the pin of its name (`LIBBPF_PIN_BY_NAME`).
    pub pinned_by_name: bool,
    /// The operations that it registers, for maps of `.struct_ops`.
    pub struct_ops: Option<StructOps>,
    /// What a data section holds; none for maps defined in `.maps`.
    pub data: Option<Data>,
}

impl Map {
    /// Whether it holds constants of the source: a section whose name begins with `.rodata`.
    pub(crate) fn is_constants(&self) -> bool {
        self.data.is_some() && self.name.starts_with(".rodata")
    }
}

/// A data section.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Data {
    /// Its initial bytes; none when they are all zero, as those of a new map are.
    pub contents: Option<Vec<u8>>,
    /// Whether it is frozen once filled, which lets the verifier take its values as known.
    pub frozen: bool,
    /// The values of the kernel's configuration that it holds, where it is there for those.
    pub config: Vec<ConfigValue>,
}

/// What a slot of a map of maps or of a program array holds from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The slot: an index of the array, a key of the hash.
    pub index: u32,
    /// What is in it.
    pub item: SlotItem,
}

/// An item of the object that a slot refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotItem {
    /// The map at an index of [`Object::maps`](crate::Object::maps).
    Map(usize),
    /// The program at an index of [`Object::programs`](crate::Object::programs).
    Program(usize),
}

/// Where a map lies in the ELF file, which is how relocations refer to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) section: usize,
    /// The offset of the definition in `.maps`; none for a data section, all of which is the map.
    pub(crate) offset: Option<u64>,
}

/// The maps of an object, and what is needed to see what refers to them.
#[derive(Default)]
pub(crate) struct Maps {
    /// In the order libbpf creates them: definitions in the order of `.maps`, then data sections.
    pub(crate) maps: Vec<Map>,
    /// The index of the map at each place.
    pub(crate) places: Vec<(Place, usize)>,
    /// Where in `.maps` slots may be given.
    definitions: Vec<Definition>,
}

/// The bytes in `.maps` of one definition.
struct Definition {
    /// Its index in [`Maps::maps`].
    map: usize,
    /// From the start of the section.
    bytes: Range<u64>,
    /// Where its `values` begin.
    values: Option<u64>,
}

impl Maps {
    /// Finds all maps; what is in their slots is left to [`fill_slots`](Self::fill_slots).
    pub(crate) fn collect(elf: &Elf<'_>, btf: Option<&Btf>, errors: &mut Vec<Error>) -> Self {
        let mut maps = Self::default();
        // libbpf, while it knew them, had those of the old kind first.
        if let Some((number, _)) = elf.section("maps").filter(|(_, section)| section.size > 0) {
            for (map, place) in legacy::collect(elf, number, errors) {
                maps.push(map, place);
            }
        }
        let described = btf.map(Btf::data_sections).unwrap_or_default();
        if let Some((number, section)) = elf.section(".maps") {
            match btf {
                Some(btf) => maps.define(number, btf, described.get(section.name), errors),
                None => errors.push(
                    Error::new(ErrorKind::BadBtf("there is none, but maps are described by it".into()))
                        .in_section(section.name),
                ),
            }
        }
        for (number, section) in elf.sections.iter().enumerate() {
            if is_data_section(section) {
                match data::map(section, btf.zip(described.get(section.name))) {
                    Ok(map) => maps.push(map, Place { section: number, offset: None }),
                    Err(error) => errors.push(error.in_section(section.name)),
                }
            }
        }
        maps
    }

    fn push(&mut self, map: Map, place: Place) {
        self.places.push((place, self.maps.len()));
        self.maps.push(map);
    }

    /// The maps that are defined in `.maps`, whose description is a data section of the type information.
    fn define(&mut self, number: usize, btf: &Btf, described: Option<&(u32, Type)>, errors: &mut Vec<Error>) {
        let Some(&(_, section)) = described else {
            let kind = ErrorKind::BadBtf("it does not describe the maps".into());
            errors.push(Error::new(kind).in_section(".maps"));
            return;
        };
        for variable in btf.variables(section) {
            let Some(var) = btf.get(variable.type_id) else {
                continue;
            };
            let name = btf.name(var);
            let map = if btf.is_static(var) {
                Err("it is static or hidden; maps are global".into())
            } else {
                definition::read(btf, var.size_or_type, name)
            };
            match map {
                Ok((map, values)) => {
                    let start = u64::from(variable.offset);
                    self.definitions.push(Definition {
                        map: self.maps.len(),
                        bytes: start..start + u64::from(variable.size),
                        values: values.map(|offset| start + u64::from(offset)),
                    });
                    self.push(map, Place { section: number, offset: Some(start) });
                }
                Err(reason) => errors
                    .push(Error::new(ErrorKind::BadMap { map: name.to_owned(), reason }).in_section(".maps")),
            }
        }
    }
}
