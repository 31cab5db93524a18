//! The ELF file as sections, symbols and relocations: the only file that names the `object` crate.

use std::collections::HashMap;

use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader, SectionHeader, Sym};

use crate::error::{Error, ErrorKind};

/// Longer names are none that anybody has given; they would only be there to make the reader slow.
pub(crate) const MAX_NAME: usize = 8 << 10;

/// What the reader needs of an ELF file, in file order; section and symbol numbers are those of the file.
pub(crate) struct Elf<'data> {
    pub(crate) sections: Vec<Section<'data>>,
    pub(crate) symbols: Vec<Symbol<'data>>,
    /// The first section of each name.
    names: HashMap<&'data str, usize>,
    /// The symbols of each section, by number: an object may have thousands of both.
    members: Vec<Vec<usize>>,
}

pub(crate) struct Section<'data> {
    pub(crate) name: &'data str,
    /// Bytes in memory; also that of `.bss`, which has none in the file.
    pub(crate) size: u64,
    pub(crate) data: &'data [u8],
    pub(crate) content: Content,
    pub(crate) relocations: Vec<Relocation>,
}

/// What a section is there for, as far as its header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Instructions.
    Code,
    /// Memory of the program with bytes in the file.
    Data,
    /// Memory of the program that starts as zeros.
    Zeros,
    /// Symbols, strings, debug information and the like: not part of the program.
    Other,
}

pub(crate) struct Symbol<'data> {
    pub(crate) name: &'data str,
    pub(crate) section: Option<usize>,
    pub(crate) undefined: bool,
    pub(crate) value: u64,
    pub(crate) size: u64,
    pub(crate) is_function: bool,
    pub(crate) is_object: bool,
    pub(crate) is_section: bool,
    pub(crate) is_local: bool,
    pub(crate) is_weak: bool,
    pub(crate) is_hidden: bool,
}

/// One `SHT_REL` entry; its addend lies in the bytes it applies to.
#[derive(Clone, Copy)]
pub(crate) struct Relocation {
    pub(crate) offset: u64,
    pub(crate) kind: u32,
    pub(crate) symbol: usize,
}

impl<'data> Elf<'data> {
    pub(crate) fn parse(bytes: &'data [u8]) -> Result<Self, Error> {
        check_identification(bytes)?;
        let damaged = |error: object::read::Error| Error::new(ErrorKind::Damaged(error.to_string()));

        let header = FileHeader64::<Endianness>::parse(bytes).map_err(damaged)?;
        let endian = header.endian().map_err(damaged)?;
        // Old compilers left the machine at EM_NONE; libbpf takes that too.
        let machine = header.e_machine(endian);
        if machine != elf::EM_BPF && machine != elf::EM_NONE {
            return Err(Error::new(ErrorKind::WrongMachine(machine.0)));
        }
        if header.e_type(endian) != elf::ET_REL {
            return Err(Error::new(ErrorKind::NotRelocatable));
        }

        let table = header.sections(endian, bytes).map_err(damaged)?;
        let symbol_table = table.symbols(endian, bytes, elf::SHT_SYMTAB).map_err(damaged)?;

        // Without symbols there are no programs either; that would be a riddle.
        if symbol_table.is_empty() {
            return Err(Error::new(ErrorKind::NoSymbols));
        }

        let mut sections = Vec::with_capacity(table.len());
        for (_, section) in table.enumerate() {
            let name = utf8(table.section_name(endian, section).map_err(damaged)?)?;
            sections.push(Section {
                name,
                size: section.sh_size(endian),
                data: section.data(endian, bytes).map_err(damaged)?,
                content: content(section, endian, name),
                relocations: Vec::new(),
            });
        }

        // No section shares bytes with another; what is copied out of a file is no more than there is in it.
        let sum = sections.iter().map(|section| section.data.len() as u64).sum::<u64>();
        if sum > bytes.len() as u64 {
            return Err(Error::new(ErrorKind::Damaged("its sections overlap".into())));
        }

        let mut symbols = Vec::with_capacity(symbol_table.len());
        for (index, symbol) in symbol_table.enumerate() {
            let section = symbol_table.symbol_section(endian, symbol, index).map_err(damaged)?;
            if section.is_some_and(|section| section.0 >= sections.len()) {
                return Err(Error::new(ErrorKind::Damaged(
                    "a symbol names a section that is not there".into(),
                )));
            }
            let visibility = symbol.st_visibility();
            symbols.push(Symbol {
                name: utf8(symbol_table.symbol_name(endian, symbol).map_err(damaged)?)?,
                section: section.map(|section| section.0),
                undefined: symbol.is_undefined(endian),
                value: symbol.st_value(endian),
                size: symbol.st_size(endian),
                is_function: symbol.st_type() == elf::STT_FUNC,
                is_object: symbol.st_type() == elf::STT_OBJECT,
                is_section: symbol.st_type() == elf::STT_SECTION,
                is_local: symbol.st_bind() == elf::STB_LOCAL,
                is_weak: symbol.st_bind() == elf::STB_WEAK,
                is_hidden: visibility == elf::STV_HIDDEN || visibility == elf::STV_INTERNAL,
            });
        }

        for (_, section) in table.enumerate() {
            if section.rela(endian, bytes).map_err(damaged)?.is_some() {
                let name = utf8(table.section_name(endian, section).map_err(damaged)?)?;
                return Err(Error::new(ErrorKind::RelocationsWithAddend).in_section(name));
            }
            let Some((entries, _)) = section.rel(endian, bytes).map_err(damaged)? else {
                continue;
            };
            let target = section.info_link(endian).0;
            let Some(target) = sections.get_mut(target) else {
                return Err(Error::new(ErrorKind::Damaged(
                    "a relocation section names a section that is not there".into(),
                )));
            };
            for entry in entries {
                let symbol = entry.r_sym(endian) as usize;
                if symbol >= symbols.len() {
                    return Err(Error::new(ErrorKind::Damaged(
                        "a relocation names a symbol that is not there".into(),
                    ))
                    .in_section(target.name)
                    .at(entry.r_offset.get(endian)));
                }
                target.relocations.push(Relocation {
                    offset: entry.r_offset.get(endian),
                    kind: entry.r_type(endian).0,
                    symbol,
                });
            }
        }
        let mut names = HashMap::new();
        for (number, section) in sections.iter().enumerate() {
            names.entry(section.name).or_insert(number);
        }
        let mut members = vec![Vec::new(); sections.len()];
        for (number, symbol) in symbols.iter().enumerate() {
            if let Some(members) = symbol.section.and_then(|section| members.get_mut(section)) {
                members.push(number);
            }
        }
        Ok(Self { sections, symbols, names, members })
    }

    pub(crate) fn section(&self, name: &str) -> Option<(usize, &Section<'data>)> {
        let &number = self.names.get(name)?;
        Some((number, self.sections.get(number)?))
    }

    /// The symbols of a section, in the order of the file.
    pub(crate) fn symbols_of(&self, section: usize) -> impl Iterator<Item = &Symbol<'data>> {
        self.members.get(section).into_iter().flatten().filter_map(|&number| self.symbols.get(number))
    }
}

/// The first 16 bytes, checked one by one so that each mistake gets its own message.
fn check_identification(bytes: &[u8]) -> Result<(), Error> {
    if bytes.get(..4) != Some(&elf::ELFMAG) {
        return Err(Error::new(ErrorKind::NotElf));
    }
    let byte = |index: usize| bytes.get(index).copied();
    let (Some(class), Some(order)) = (byte(4), byte(5)) else {
        return Err(Error::new(ErrorKind::Damaged("the file ends inside its header".into())));
    };
    if class != elf::ELFCLASS64.0 {
        return Err(Error::new(ErrorKind::Not64Bit));
    }
    if order != elf::ELFDATA2LSB.0 {
        return Err(Error::new(ErrorKind::WrongByteOrder));
    }
    Ok(())
}

fn content<S: SectionHeader<Endian = Endianness>>(section: &S, endian: Endianness, name: &str) -> Content {
    let kind = section.sh_type(endian);
    let flags = section.sh_flags(endian);
    if kind == elf::SHT_PROGBITS && flags.contains(elf::SHF_EXECINSTR) {
        Content::Code
    } else if kind == elf::SHT_NOBITS {
        Content::Zeros
    } else if kind == elf::SHT_PROGBITS && flags.contains(elf::SHF_ALLOC) && !name.starts_with(".debug_") {
        Content::Data
    } else {
        Content::Other
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    if bytes.len() > MAX_NAME {
        return Err(Error::new(ErrorKind::Damaged("a name in it is longer than any can be".into())));
    }
    std::str::from_utf8(bytes)
        .map_err(|_| Error::new(ErrorKind::Damaged("a name in it is not valid UTF-8".into())))
}
