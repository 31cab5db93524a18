//! Operations: structs of functions that the kernel calls, each a variable of `.struct_ops` or `.struct_ops.link`.
//!
//! What they look like in the kernel is known on the machine only; here is what the object says of them.

use std::collections::HashMap;

use crate::btf::{Btf, kind};
use crate::elf::{Content, Elf, Section};
use crate::error::{Error, ErrorKind};
use crate::externs::without_flavor;
use crate::map::Map;
use crate::object::Program;
use crate::section::Way;

/// `BPF_MAP_TYPE_STRUCT_OPS`.
const STRUCT_OPS: u32 = 26;
/// `BPF_F_LINK`: the operations are in force as long as a link is there (6.4).
const F_LINK: u32 = 1 << 13;

/// The operations that a map registers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructOps {
    /// The kernel's name of the struct.
    pub type_name: String,
    /// The bytes of the variable, functions as zeros.
    pub contents: Vec<u8>,
    /// The members of the struct, as the object declares it.
    pub members: Vec<StructOpsMember>,
}

/// A member of the struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructOpsMember {
    /// Its name.
    pub name: String,
    /// Bytes from the start of the variable.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
    /// `BTF_KIND_*` behind typedefs and qualifiers.
    pub kind: u32,
    /// The program that is the function, by its index.
    pub program: Option<usize>,
}

/// A variable with its place in the file.
pub(crate) struct Variable {
    map: Map,
    section: usize,
    offset: u64,
}

/// Whether a section holds operations; optional ones are not among them.
pub(crate) fn is_section(section: &Section<'_>) -> bool {
    section.content == Content::Data && matches!(section.name, ".struct_ops" | ".struct_ops.link")
}

/// The maps of all variables, without their programs.
pub(crate) fn collect(elf: &Elf<'_>, btf: Option<&Btf>, errors: &mut Vec<Error>) -> Vec<Variable> {
    let mut found = Vec::new();
    let described = btf.map(Btf::data_sections).unwrap_or_default();
    for (number, section) in elf.sections.iter().enumerate().filter(|(_, section)| is_section(section)) {
        let Some((btf, &(_, datasec))) = btf.zip(described.get(section.name)) else {
            let kind = ErrorKind::BadBtf("it does not describe the operations".into());
            errors.push(Error::new(kind).in_section(section.name));
            continue;
        };
        for variable in btf.variables(datasec) {
            let Some(var) = btf.get(variable.type_id) else { continue };
            let start = variable.offset as usize;
            let bytes = section.data.get(start..start + variable.size as usize).unwrap_or_default();
            match operations(btf, var.size_or_type, bytes) {
                Ok(operations) => found.push(Variable {
                    map: Map {
                        name: btf.name(var).to_owned(),
                        map_type: STRUCT_OPS,
                        key_size: 4,
                        // What the object knows of it; the kernel's own is larger.
                        value_size: operations.contents.len() as u32,
                        max_entries: 1,
                        flags: if section.name.ends_with(".link") { F_LINK } else { 0 },
                        struct_ops: Some(operations),
                        ..Map::default()
                    },
                    section: number,
                    offset: u64::from(variable.offset),
                }),
                Err(reason) => {
                    let map = btf.name(var).to_owned();
                    errors.push(Error::new(ErrorKind::BadMap { map, reason }).in_section(section.name));
                }
            }
        }
    }
    found
}

fn operations(btf: &Btf, type_id: u32, bytes: &[u8]) -> Result<StructOps, String> {
    let (_, ty) = btf
        .resolve(type_id)
        .filter(|(_, ty)| ty.kind == kind::STRUCT && !btf.name(*ty).is_empty())
        .ok_or("it is not a struct with a name, which says what the kernel takes it for")?;
    if bytes.len() != ty.size_or_type as usize {
        return Err("it is not as large as its type".into());
    }
    let mut members = Vec::new();
    for member in btf.members(ty) {
        let (bits, bit_field) = btf.member_bits(ty, &member);
        let bits = Some(bits).filter(|_| bit_field.is_none());
        let is_zero = |start: usize, size: usize| {
            bytes.get(start..start + size).is_some_and(|bytes| bytes.iter().all(|&byte| byte == 0))
        };
        let Some((offset, size)) = bits.filter(|bits| bits % 8 == 0).zip(btf.size_of(member.type_id)) else {
            return Err(format!(
                "`{}` is a bit field or has no size, which cannot be put into the kernel's struct",
                member.name
            ));
        };
        let offset = offset / 8;
        if bytes.len().checked_sub(offset as usize).is_none_or(|rest| size as usize > rest) {
            return Err(format!("`{}` lies outside", member.name));
        }
        let kind = btf.resolve(member.type_id).map_or(0, |(_, ty)| ty.kind);
        // The kernel would follow the address of something else in the wrong memory.
        if kind == kind::PTR && !is_zero(offset as usize, size as usize) {
            return Err(format!("`{}` holds a number where a function is expected", member.name));
        }
        members.push(StructOpsMember { name: member.name.to_owned(), offset, size, kind, program: None });
    }
    let type_name = without_flavor(btf.name(ty)).to_owned();
    Ok(StructOps { type_name, contents: bytes.to_vec(), members })
}

/// Finds the programs that are the functions of the operations; the maps, with them.
pub(crate) fn fill(
    elf: &Elf<'_>,
    mut variables: Vec<Variable>,
    programs: &[Program],
    errors: &mut Vec<Error>,
) -> Vec<Map> {
    let by_name: HashMap<&str, usize> =
        programs.iter().enumerate().map(|(index, program)| (program.name.as_str(), index)).collect();
    let mut used = vec![false; programs.len()];
    for (number, section) in elf.sections.iter().enumerate().filter(|(_, section)| is_section(section)) {
        for relocation in &section.relocations {
            let symbol = elf.symbols.get(relocation.symbol);
            let name = symbol.map_or("", |symbol| symbol.name);
            let refuse = |reason| {
                let kind = relocation.kind;
                Error::new(ErrorKind::UnsupportedRelocation { kind, symbol: name.to_owned(), reason })
                    .in_section(section.name)
                    .at(relocation.offset)
            };
            let is_operation = |index: &usize| {
                programs.get(*index).is_some_and(|program| program.kind.way == Way::StructOps)
            };
            let Some(program) = by_name.get(name).copied().filter(is_operation) else {
                errors.push(refuse("only programs in `SEC(\"struct_ops\")` can be functions of operations"));
                continue;
            };
            let member =
                variables.iter_mut().filter(|variable| variable.section == number).find_map(|variable| {
                    let offset = relocation.offset.checked_sub(variable.offset)?;
                    let operations = variable.map.struct_ops.as_mut()?;
                    let member = |member: &&mut StructOpsMember| {
                        u64::from(member.offset) == offset && member.kind == kind::PTR
                    };
                    operations.members.iter_mut().find(member)
                });
            match member {
                Some(member) => {
                    member.program = Some(program);
                    used[program] = true;
                }
                None => errors.push(refuse("it is no member that is a function")),
            }
        }
    }
    for (program, used) in programs.iter().zip(used) {
        if program.kind.way == Way::StructOps && program.autoload && !used {
            let what = "it is in no map of operations, without which the kernel does not take it: name it in a variable of \
                        `.struct_ops`";
            errors.push(Error::new(ErrorKind::BadTarget(format!("program `{}`: {what}", program.name))));
        }
    }
    variables.into_iter().map(|variable| variable.map).collect()
}
