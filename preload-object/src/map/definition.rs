//! Maps defined in `.maps`: structs whose members are types and numbers in BTF.

use super::{Map, Place, kernel};
use crate::btf::{Btf, Member, Type, kind};
use crate::elf::{Elf, Section};
use crate::error::{Error, ErrorKind};

pub(super) fn collect(
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
        key_type: 0,
        value_type: 0,
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
                map.key_type = id;
            }
            "value" => {
                let (id, size) = pointed_to(btf, &member)?;
                set_size(&mut map.value_size, size, "value")?;
                map.btf_value_type_id = id;
                map.value_type = id;
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
    if let Some((_, what)) = kernel::NOT_YET.iter().find(|(map_type, _)| *map_type == map.map_type) {
        return Err(format!("{what} cannot be preloaded yet; remove it from the object"));
    }
    if slots {
        return Err(
            "`values` cannot be preloaded yet; leave it out, call `Skel::open().load()`, fill the map, then \
                    `attach()`"
                .into(),
        );
    }
    if !kernel::takes_types(btf, &map) {
        map.btf_key_type_id = 0;
        map.btf_value_type_id = 0;
    }
    Ok(map)
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
