//! Objects as no compiler writes them: an ELF file and BTF, put together by hand.

/// One section.
#[derive(Clone, Default)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) kind: u32,
    pub(crate) flags: u64,
    pub(crate) data: Vec<u8>,
    pub(crate) link: u32,
    pub(crate) info: u32,
    /// Where the data of another section is to be taken for that of this one too.
    pub(crate) same_data_as: Option<usize>,
    /// Where it is not the length of the data.
    pub(crate) size: Option<u64>,
}

pub(crate) const PROGBITS: u32 = 1;
pub(crate) const SYMTAB: u32 = 2;
pub(crate) const STRTAB: u32 = 3;
pub(crate) const NOBITS: u32 = 8;
pub(crate) const REL: u32 = 9;
pub(crate) const ALLOC: u64 = 2;
pub(crate) const CODE: u64 = 6;

pub(crate) const FUNC: u8 = 2;
pub(crate) const OBJECT: u8 = 1;

/// A file of these sections, numbered from 1.
#[derive(Default)]
pub(crate) struct Elf {
    sections: Vec<Section>,
    symbols: Vec<u8>,
    names: Vec<u8>,
}

impl Elf {
    /// With a licence and without anything else.
    pub(crate) fn new() -> Self {
        let mut elf = Self { symbols: vec![0; 24], names: vec![0], ..Self::default() };
        elf.section("license", PROGBITS, ALLOC, b"GPL\0".to_vec());
        elf
    }

    /// Its number.
    pub(crate) fn push(&mut self, section: Section) -> usize {
        self.sections.push(section);
        self.sections.len()
    }

    pub(crate) fn section(&mut self, name: &str, kind: u32, flags: u64, data: Vec<u8>) -> usize {
        self.push(Section { name: name.into(), kind, flags, data, ..Section::default() })
    }

    pub(crate) fn name(&mut self, name: &str) -> u32 {
        let at = self.names.len() as u32;
        self.names.extend_from_slice(name.as_bytes());
        self.names.push(0);
        at
    }

    /// A global symbol; its number.
    pub(crate) fn symbol(&mut self, name: u32, kind: u8, section: usize, value: u64, size: u64) -> u32 {
        let number = self.symbols.len() / 24;
        self.symbols.extend_from_slice(&name.to_le_bytes());
        self.symbols.extend_from_slice(&[1 << 4 | kind, 0]);
        self.symbols.extend_from_slice(&(section as u16).to_le_bytes());
        self.symbols.extend_from_slice(&value.to_le_bytes());
        self.symbols.extend_from_slice(&size.to_le_bytes());
        number as u32
    }

    /// The relocations of a section: offset, type, symbol.
    pub(crate) fn relocations(&mut self, of: usize, entries: &[(u64, u32, u32)]) {
        let mut data = Vec::new();
        for (offset, kind, symbol) in entries {
            data.extend_from_slice(&offset.to_le_bytes());
            data.extend_from_slice(&(u64::from(*symbol) << 32 | u64::from(*kind)).to_le_bytes());
        }
        // The symbol table becomes the last but one.
        let section = Section { name: ".rel".into(), kind: REL, data, info: of as u32, ..Section::default() };
        self.push(section);
    }

    pub(crate) fn bytes(mut self) -> Vec<u8> {
        let (symbols, names) = (std::mem::take(&mut self.symbols), self.sections.len() + 2);
        let symbol_table = self.push(Section {
            name: ".symtab".into(),
            kind: SYMTAB,
            data: symbols,
            link: names as u32,
            info: 1,
            ..Section::default()
        });
        for section in self.sections.iter_mut().filter(|section| section.kind == REL) {
            section.link = symbol_table as u32;
        }
        let section_names: Vec<String> = self.sections.iter().map(|section| section.name.clone()).collect();
        let section_names: Vec<u32> = section_names.iter().map(|name| self.name(name)).collect();
        let strings = std::mem::take(&mut self.names);
        self.push(Section { kind: STRTAB, data: strings, ..Section::default() });

        let mut bytes = vec![0; 64];
        let mut places = Vec::new();
        for section in &self.sections {
            places.push((bytes.len() as u64, section.data.len() as u64));
            bytes.extend_from_slice(&section.data);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        let table = bytes.len() as u64;
        bytes.extend_from_slice(&[0; 64]);
        for (number, section) in self.sections.iter().enumerate() {
            let (offset, size) = places[section.same_data_as.map_or(number, |same| same - 1)];
            let entry_size: u64 = match section.kind {
                SYMTAB => 24,
                REL => 16,
                _ => 0,
            };
            for word in [section_names.get(number).copied().unwrap_or_default(), section.kind] {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
            for word in [section.flags, 0, offset, section.size.unwrap_or(size)] {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
            for word in [section.link, section.info] {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
            for word in [8, entry_size] {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
        }
        bytes[..16].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
        bytes[16..20].copy_from_slice(&[1, 0, 247, 0]);
        bytes[20] = 1;
        bytes[40..48].copy_from_slice(&table.to_le_bytes());
        bytes[52] = 64;
        bytes[58] = 64;
        bytes[60..62].copy_from_slice(&(self.sections.len() as u16 + 1).to_le_bytes());
        bytes[62..64].copy_from_slice(&(self.sections.len() as u16).to_le_bytes());
        bytes
    }
}

/// Type information, type after type.
#[derive(Clone)]
pub(crate) struct Btf {
    types: Vec<u8>,
    strings: Vec<u8>,
    count: u32,
}

impl Btf {
    pub(crate) fn new() -> Self {
        Self { types: Vec::new(), strings: vec![0], count: 0 }
    }

    pub(crate) fn name(&mut self, name: &str) -> u32 {
        let at = self.strings.len() as u32;
        self.strings.extend_from_slice(name.as_bytes());
        self.strings.push(0);
        at
    }

    /// The number of the next type.
    pub(crate) fn next(&self) -> u32 {
        self.count + 1
    }

    /// A type: name, kind, count, size or type, and what follows; its number.
    pub(crate) fn push(&mut self, name: u32, kind: u32, count: u32, size: u32, rest: &[u32]) -> u32 {
        for word in [name, kind << 24 | count, size].iter().chain(rest) {
            self.types.extend_from_slice(&word.to_le_bytes());
        }
        self.count += 1;
        self.count
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0x9f, 0xeb, 1, 0];
        let (types, strings) = (self.types.len() as u32, self.strings.len() as u32);
        for word in [24, 0, types, types, strings] {
            bytes.extend_from_slice(&u32::to_le_bytes(word));
        }
        bytes.extend_from_slice(&self.types);
        bytes.extend_from_slice(&self.strings);
        bytes
    }
}
