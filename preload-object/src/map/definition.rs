//! Maps defined in `.maps`: structs whose members are types and numbers in BTF.
//!
//! The rules are those of libbpf's `parse_btf_map_def`.

use super::{Map, kernel};
use crate::btf::{Btf, Member, kind};

/// Bytes of a key or value that is a descriptor.
const DESCRIPTOR: u32 = 4;

/// Reads the struct that `__uint(..)`, `__type(..)`, `__ulong(..)` and `__array(..)` of `bpf_helpers.h` make
/// up; with the offset of its `values`, where it has them.
pub(super) fn read(btf: &Btf, type_id: u32, name: &str) -> Result<(Map, Option<u32>), String> {
    let (map, values) = definition(btf, type_id, name, false)?;
    if kernel::is_map_of_maps(map.map_type) && map.inner.is_none() {
        return Err(
            "nothing says what its inner maps look like; add `__array(values, struct inner_map)` as its last \
             member"
                .into(),
        );
    }
    Ok((map, values))
}

fn definition(btf: &Btf, type_id: u32, name: &str, is_inner: bool) -> Result<(Map, Option<u32>), String> {
    let Some((_, ty)) = btf.resolve(type_id).filter(|(_, ty)| ty.kind == kind::STRUCT) else {
        let what = if is_inner { "the definition of its inner maps" } else { "it" };
        return Err(format!("{what} is not a struct of `__uint` and `__type` members"));
    };
    let mut map = Map { name: name.to_owned(), ..Map::default() };
    let mut values = None;
    for member in btf.members(ty) {
        if values.is_some() {
            return Err(format!("`{}` stands behind `values`, which must be the last member", member.name));
        }
        match member.name {
            "type" => map.map_type = number(btf, &member)?,
            "max_entries" => map.max_entries = number(btf, &member)?,
            "map_flags" => map.flags = number(btf, &member)?,
            "numa_node" => map.numa_node = Some(number(btf, &member)?),
            "map_extra" => map.map_extra = long_number(btf, &member)?,
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
            "pinning" if is_inner => return Err("its inner maps cannot have `pinning`".into()),
            "pinning" => {
                map.pinned_by_name = match number(btf, &member)? {
                    0 => false,
                    1 => true,
                    other => {
                        return Err(format!(
                            "`pinning` is {other}; it is LIBBPF_PIN_NONE (0) or LIBBPF_PIN_BY_NAME (1)"
                        ));
                    }
                };
            }
            "values" if is_inner => {
                return Err("its inner maps hold maps themselves; the kernel has two levels, no more".into());
            }
            "values" => {
                map.inner = self::values(btf, &member, &map)?;
                set_size(&mut map.value_size, DESCRIPTOR, "value")?;
                values = Some(member.bits / 8);
            }
            other => return Err(format!("`{other}` is not a member that map definitions have")),
        }
    }
    if map.map_type == 0 {
        return Err(if is_inner {
            "the `type` of its inner maps is missing"
        } else {
            "its `type` is missing"
        }
        .into());
    }
    if map.map_type == kernel::STRUCT_OPS {
        return Err(
            "a struct_ops map is not defined in `.maps` but made of a variable in `.struct_ops`".into()
        );
    }
    if !kernel::takes_types(btf, &map) {
        map.btf_key_type_id = 0;
        map.btf_value_type_id = 0;
    }
    Ok((map, values))
}

/// `__array(values, t)` declares `t *values[]`; the definition of the inner maps, for a map of maps.
fn values(btf: &Btf, member: &Member<'_>, map: &Map) -> Result<Option<Box<Map>>, String> {
    let maps = kernel::is_map_of_maps(map.map_type);
    if !maps && map.map_type != kernel::PROG_ARRAY {
        return Err("only maps of maps and program arrays have `values`; their `type` stands above".into());
    }
    let wrong = || "`values` is not given with `__array`".to_owned();
    let array = btf.get(member.type_id).filter(|ty| ty.kind == kind::ARRAY).ok_or_else(wrong)?;
    let (element, 0) = btf.array(array) else { return Err(wrong()) };
    let (_, pointer) = btf.resolve(element).filter(|(_, ty)| ty.kind == kind::PTR).ok_or_else(wrong)?;
    let pointed_to = btf.resolve(pointer.size_or_type);
    if maps {
        let name = format!("{}.inner", map.name);
        let (inner, _) = definition(btf, pointer.size_or_type, &name, true)?;
        return Ok(Some(Box::new(inner)));
    }
    if pointed_to.is_none_or(|(_, ty)| ty.kind != kind::FUNC_PROTO) {
        return Err("the `values` of a program array are functions: `__array(values, int (void *))`".into());
    }
    Ok(None)
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

/// `__ulong(name, n)` declares an `enum` of one value, for numbers that no array can have as its length.
fn long_number(btf: &Btf, member: &Member<'_>) -> Result<u64, String> {
    match btf.resolve(member.type_id) {
        Some((_, ty)) if ty.kind == kind::ENUM || ty.kind == kind::ENUM64 => btf
            .only_value(ty)
            .ok_or_else(|| format!("`{}` is an enum of more or less than one value", member.name)),
        _ => number(btf, member)
            .map(u64::from)
            .map_err(|_| format!("`{}` is not given with `__uint` or `__ulong`", member.name)),
    }
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
