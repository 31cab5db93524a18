//! Maps that hold a data section each.

use super::{Data, Map, kernel};
use crate::btf::{Btf, Type};
use crate::elf::{Content, Section};
use crate::error::{Error, ErrorKind};
use crate::externs::ConfigValue;

const F_RDONLY_PROG: u32 = 1 << 7;
const F_MMAPABLE: u32 = 1 << 10;

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

pub(super) fn map(section: &Section<'_>, described: Option<(&Btf, &(u32, Type))>) -> Result<Map, Error> {
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
        map_type: kernel::ARRAY,
        key_size: 4,
        value_size,
        max_entries: 1,
        flags: if read_only { F_RDONLY_PROG } else { 0 } | if has_global { F_MMAPABLE } else { 0 },
        btf_value_type_id: described.map_or(0, |(_, (id, _))| *id),
        data: Some(Data {
            contents: (!zeros).then(|| section.data.to_vec()),
            frozen: read_only,
            config: Vec::new(),
        }),
        ..Map::default()
    })
}

/// The map of the values of the kernel's configuration, which is in no section of the file.
pub(crate) fn of_config(name: &str, size: u32, btf_type: u32, config: Vec<ConfigValue>) -> Map {
    Map {
        name: name.to_owned(),
        map_type: kernel::ARRAY,
        key_size: 4,
        value_size: size,
        max_entries: 1,
        flags: F_RDONLY_PROG | F_MMAPABLE,
        btf_value_type_id: btf_type,
        data: Some(Data { contents: None, frozen: true, config }),
        ..Map::default()
    }
}
