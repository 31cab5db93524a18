//! Maps: those defined in `.maps`, and those that hold the data sections.

use crate::btf::{Btf, Member, Type, kind};
use crate::elf::{Content, Elf, Section};
use crate::error::{Error, ErrorKind};
use crate::externs::ConfigValue;

/// `BPF_MAP_TYPE_ARRAY`.
const ARRAY: u32 = 2;
/// `BPF_MAP_TYPE_PERCPU_ARRAY`.
const PERCPU_ARRAY: u32 = 6;
/// `BPF_MAP_TYPE_LPM_TRIE`.
const LPM_TRIE: u32 = 11;

/// Map types that refuse BTF ids for key and value (libbpf drops them too): perf event, cgroup and stack
/// trace arrays, maps of maps, device, CPU, XSK and socket maps, queue, stack, arena.
const WITHOUT_BTF: [u32; 14] = [4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 22, 23, 25, 33];
/// Map types that have no key, and so none with a type: ring buffers and bloom filter.
const WITHOUT_KEYS: [u32; 3] = [27, 30, 31];
/// Map types that take more than a definition to make.
const NOT_YET: [(u32, &str); 4] = [
    (12, "a map of maps (BPF_MAP_TYPE_ARRAY_OF_MAPS)"),
    (13, "a map of maps (BPF_MAP_TYPE_HASH_OF_MAPS)"),
    (26, "a struct_ops map (BPF_MAP_TYPE_STRUCT_OPS)"),
    (33, "an arena (BPF_MAP_TYPE_ARENA)"),
];

const F_RDONLY_PROG: u32 = 1 << 7;
const F_MMAPABLE: u32 = 1 << 10;

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
    /// The values of the kernel's configuration that it holds, where it is there for those.
    pub config: Vec<ConfigValue>,
}

impl Map {
    /// The map of the values of the kernel's configuration.
    pub(crate) fn of_config(name: &str, size: u32, btf_type: u32, config: Vec<ConfigValue>) -> Self {
        Self {
            name: name.to_owned(),
            map_type: ARRAY,
            key_size: 4,
            value_size: size,
            max_entries: 1,
            flags: F_RDONLY_PROG | F_MMAPABLE,
            numa_node: None,
            map_extra: 0,
            btf_key_type_id: 0,
            btf_value_type_id: btf_type,
            data: Some(Data { contents: None, frozen: true, config }),
        }
    }
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
                defined(number, section, btf, described.get(section.name), elf, &mut maps, errors);
            }
            None => errors.push(
                Error::new(ErrorKind::BadBtf("there is none, but maps are described by it".into()))
                    .in_section(section.name),
            ),
        }
    }
    for (number, section) in elf.sections.iter().enumerate() {
        if is_data_section(section) {
            match data_map(section, btf.zip(described.get(section.name))) {
                Ok(map) => maps.push((map, Place { section: number, offset: None })),
                Err(error) => errors.push(error.in_section(section.name)),
            }
        }
    }
    maps
}

/// `.data`, `.rodata`, `.bss` and their `.something` variants.
pub(crate) fn is_data_section(section: &Section<'_>) -> bool {
    let belongs = |base: &str| {
        section.name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    section.size > 0
        && match section.content {
            Content::Data => belongs(".data") || belongs(".rodata"),
            Content::Zeros => belongs(".bss"),
            Content::Code | Content::Other => false,
        }
}

fn data_map(section: &Section<'_>, described: Option<(&Btf, &(u32, Type))>) -> Result<Map, Error> {
    let too_large = || Error::new(ErrorKind::BadCode("a data section larger than a map value can be".into()));
    let value_size = u32::try_from(section.size).ok().filter(|&size| size <= i32::MAX as u32);
    let value_size = value_size.ok_or_else(too_large)?;
    let read_only = section.name.starts_with(".rodata");
    // Like libbpf: memory that nobody outside can name a variable of is not worth mapping.
    let has_global = described.is_some_and(|(btf, (_, ty))| {
        btf.variables(*ty).any(|variable| btf.get(variable.type_id).is_some_and(|ty| !btf.is_static(ty)))
    });
    let zeros = section.content == Content::Zeros || section.data.iter().all(|&byte| byte == 0);
    Ok(Map {
        name: section.name.to_owned(),
        map_type: ARRAY,
        key_size: 4,
        value_size,
        max_entries: 1,
        flags: if read_only { F_RDONLY_PROG } else { 0 } | if has_global { F_MMAPABLE } else { 0 },
        numa_node: None,
        map_extra: 0,
        btf_key_type_id: 0,
        btf_value_type_id: described.map_or(0, |(_, (id, _))| *id),
        data: Some(Data {
            contents: (!zeros).then(|| section.data.to_vec()),
            frozen: read_only,
            config: Vec::new(),
        }),
    })
}

fn defined(
    number: usize,
    section: &Section<'_>,
    btf: &Btf,
    described: Option<&(u32, Type)>,
    elf: &Elf<'_>,
    maps: &mut Vec<(Map, Place)>,
    errors: &mut Vec<Error>,
) {
    let Some(&(_, datasec)) = described else {
        errors.push(
            Error::new(ErrorKind::BadBtf("it does not describe the maps".into())).in_section(section.name),
        );
        return;
    };
    let before = errors.len();
    for variable in btf.variables(datasec) {
        let Some(var) = btf.get(variable.type_id) else {
            continue;
        };
        let name = btf.name(var);
        let bad = |reason: String| {
            Error::new(ErrorKind::BadMap { map: name.to_owned(), reason }).in_section(section.name)
        };
        if btf.is_static(var) {
            errors.push(bad("it is static or hidden; maps are global".into()));
            continue;
        }
        match definition(btf, var.size_or_type, name) {
            Ok(map) => maps.push((map, Place { section: number, offset: Some(u64::from(variable.offset)) })),
            Err(reason) => errors.push(bad(reason)),
        }
    }
    // An initialised `values` member (inner maps, program slots) is a relocation here; nothing is left to be
    // said of it where the map is refused.
    let relocation = section.relocations.first().filter(|_| errors.len() == before);
    if let Some(relocation) = relocation {
        let symbol = elf.symbols.get(relocation.symbol).map_or("", |symbol| symbol.name);
        errors.push(
            Error::new(ErrorKind::UnsupportedRelocation {
                kind: relocation.kind,
                symbol: symbol.to_owned(),
                reason: "inner maps and program slots given in the source cannot be preloaded yet",
            })
            .in_section(section.name)
            .at(relocation.offset),
        );
    }
}

/// Reads the struct that `__uint(..)`, `__type(..)` and `__ulong(..)` of `bpf_helpers.h` make up.
fn definition(btf: &Btf, type_id: u32, name: &str) -> Result<Map, String> {
    let Some((_, ty)) = btf.resolve(type_id).filter(|(_, ty)| ty.kind == kind::STRUCT) else {
        return Err("it is not a struct of `__uint` and `__type` members".into());
    };
    let mut map = Map {
        name: name.to_owned(),
        map_type: 0,
        key_size: 0,
        value_size: 0,
        max_entries: 0,
        flags: 0,
        numa_node: None,
        map_extra: 0,
        btf_key_type_id: 0,
        btf_value_type_id: 0,
        data: None,
    };
    let mut slots = false;
    for member in btf.members(ty) {
        match member.name {
            "type" => map.map_type = number(btf, &member)?,
            "max_entries" => map.max_entries = number(btf, &member)?,
            "map_flags" => map.flags = number(btf, &member)?,
            "numa_node" => map.numa_node = Some(number(btf, &member)?),
            "map_extra" => map.map_extra = u64::from(number(btf, &member)?),
            "key_size" => set_size(&mut map.key_size, number(btf, &member)?, "key")?,
            "value_size" => set_size(&mut map.value_size, number(btf, &member)?, "value")?,
            "key" => {
                let (id, size) = pointed_to(btf, &member)?;
                set_size(&mut map.key_size, size, "key")?;
                map.btf_key_type_id = id;
            }
            "value" => {
                let (id, size) = pointed_to(btf, &member)?;
                set_size(&mut map.value_size, size, "value")?;
                map.btf_value_type_id = id;
            }
            "pinning" => {
                if number(btf, &member)? != 0 {
                    return Err(
                        "LIBBPF_PIN_BY_NAME cannot be preloaded yet; remove the `pinning` member".into()
                    );
                }
            }
            "values" => slots = true,
            other => return Err(format!("`{other}` is not a member that map definitions have")),
        }
    }
    if map.map_type == 0 {
        return Err("its `type` is missing".into());
    }
    if let Some((_, what)) = NOT_YET.iter().find(|(map_type, _)| *map_type == map.map_type) {
        return Err(format!("{what} cannot be preloaded yet; remove it from the object"));
    }
    if slots {
        return Err(
            "`values` cannot be preloaded yet; leave it out, call `Skel::open().load()`, fill the map, then \
                    `attach()`"
                .into(),
        );
    }
    if !takes_types(btf, &map) {
        map.btf_key_type_id = 0;
        map.btf_value_type_id = 0;
    }
    Ok(map)
}

/// Whether the kernel makes the map with the types of its key and value; the map is the same without them.
///
/// libbpf finds out by trying: it makes a map that was refused once more without. The rules are those of the
/// kernel's `map_check_btf` and of the map types' own.
fn takes_types(btf: &Btf, map: &Map) -> bool {
    match map.map_type {
        map_type if WITHOUT_BTF.contains(&map_type) => false,
        map_type if WITHOUT_KEYS.contains(&map_type) => true,
        // A value alone is refused.
        _ if map.btf_key_type_id == 0 => false,
        ARRAY | PERCPU_ARRAY => btf.is_int32(map.btf_key_type_id),
        LPM_TRIE => btf.is_struct(map.btf_key_type_id),
        _ => true,
    }
}

/// `__uint(name, n)` declares `int (*name)[n]`.
fn number(btf: &Btf, member: &Member<'_>) -> Result<u32, String> {
    let wrong = || format!("`{}` is not given with `__uint`", member.name);
    let (_, pointer) =
        btf.resolve(member.type_id).filter(|(_, ty)| ty.kind == kind::PTR).ok_or_else(wrong)?;
    let (_, array) =
        btf.resolve(pointer.size_or_type).filter(|(_, ty)| ty.kind == kind::ARRAY).ok_or_else(wrong)?;
    Ok(btf.array(array).1)
}

/// `__type(name, t)` declares `t *name`.
fn pointed_to(btf: &Btf, member: &Member<'_>) -> Result<(u32, u32), String> {
    let pointer = btf
        .get(member.type_id)
        .filter(|ty| ty.kind == kind::PTR)
        .ok_or_else(|| format!("`{}` is not given with `__type`", member.name))?;
    let id = pointer.size_or_type;
    let size = btf.size_of(id).ok_or_else(|| format!("the type of `{}` has no size", member.name))?;
    Ok((id, size))
}

fn set_size(slot: &mut u32, size: u32, what: &str) -> Result<(), String> {
    if *slot != 0 && *slot != size {
        return Err(format!("its {what} is given as {slot} and as {size} bytes"));
    }
    *slot = size;
    Ok(())
}
