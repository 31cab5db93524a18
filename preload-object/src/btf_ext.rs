//! `.BTF.ext`: where functions, source lines and CO-RE relocations lie in the code, still per ELF section.
//!
//! Layout after the kernel's `Documentation/bpf/btf.rst`: a header, then three parts, each a record size and
//! for each ELF section its name, a count and that many records.

use std::collections::HashMap;

use crate::btf::{Btf, u32_at};
use crate::elf::MAX_NAME;
use crate::error::{Error, ErrorKind};

const MAGIC: u16 = 0xeb9f;
/// A header without the CO-RE part, and one with it.
const SHORT_HEADER: u32 = 24;
const LONG_HEADER: u32 = 32;

/// The first word of each record is an offset in bytes; the others are passed on as they are.
pub(crate) type Record<const WORDS: usize> = [u32; WORDS];

/// `struct bpf_func_info`: offset, type of the function.
pub(crate) type FuncInfo = Record<2>;
/// `struct bpf_line_info`: offset, file name, line text, line and column.
pub(crate) type LineInfo = Record<4>;
/// `struct bpf_core_relo`: offset, type, access string, kind.
pub(crate) type CoreRelo = Record<4>;

/// The records of one ELF section, in file order.
#[derive(Default)]
pub(crate) struct SectionInfo {
    pub(crate) functions: Vec<FuncInfo>,
    pub(crate) lines: Vec<LineInfo>,
    pub(crate) core_relos: Vec<CoreRelo>,
}

/// Records by name of the ELF section.
#[derive(Default)]
pub(crate) struct BtfExt(HashMap<String, SectionInfo>);

fn bad(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadBtf(what.into())).in_section(".BTF.ext")
}

impl BtfExt {
    pub(crate) fn parse(bytes: &[u8], btf: &Btf) -> Result<Self, Error> {
        let word = |offset: usize| u32_at(bytes, offset).ok_or_else(|| bad("shorter than its header"));
        if bytes.get(..2) != Some(&MAGIC.to_le_bytes()) {
            return Err(bad("wrong magic number"));
        }
        let header = word(4)?;
        if header < SHORT_HEADER {
            return Err(bad("header too short"));
        }
        let part = |at: usize| -> Result<&[u8], Error> {
            let (offset, length) = (word(at)? as usize, word(at + 4)? as usize);
            let start = (header as usize).checked_add(offset);
            start
                .and_then(|start| bytes.get(start..start.checked_add(length)?))
                .ok_or_else(|| bad("a part lies outside the section"))
        };
        let mut all: HashMap<String, SectionInfo> = HashMap::new();
        for (section, records) in records(part(8)?, btf)? {
            all.entry(section.to_owned()).or_default().functions.extend(records);
        }
        for (section, records) in records(part(16)?, btf)? {
            all.entry(section.to_owned()).or_default().lines.extend(records);
        }
        if header >= LONG_HEADER {
            for (section, records) in records(part(24)?, btf)? {
                all.entry(section.to_owned()).or_default().core_relos.extend(records);
            }
        }
        for info in all.values_mut() {
            sort(&mut info.functions)?;
            sort(&mut info.lines)?;
            sort(&mut info.core_relos)?;
        }
        Ok(Self(all))
    }

    /// The names of the sections it describes, in a fixed order.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    pub(crate) fn section(&self, name: &str) -> Option<&SectionInfo> {
        self.0.get(name)
    }
}

/// The order of the instructions, and one record for each: lookups want it, and the kernel of all but CO-RE relocations.
fn sort<const WORDS: usize>(records: &mut [Record<WORDS>]) -> Result<(), Error> {
    records.sort_by_key(|record| record[0]);
    if records.windows(2).any(|pair| pair[0][0] == pair[1][0]) {
        return Err(bad("two records of one instruction"));
    }
    Ok(())
}

/// The records of one part, block by block with the names of their sections.
///
/// A record longer than the known form may only have zeros behind it: later words with a meaning would get
/// lost.
fn records<'a, const WORDS: usize>(
    part: &'a [u8],
    btf: &'a Btf,
) -> Result<Vec<(&'a str, Vec<Record<WORDS>>)>, Error> {
    let cut = || bad("a part is cut off");
    let mut found = Vec::new();
    if part.is_empty() {
        return Ok(found);
    }
    let size = u32_at(part, 0).ok_or_else(cut)? as usize;
    if size < WORDS * 4 || size % 4 != 0 {
        return Err(bad(format!("records of {size} bytes")));
    }
    let mut rest = &part[4..];
    while !rest.is_empty() {
        let name = u32_at(rest, 0).ok_or_else(cut)?;
        let count = u32_at(rest, 4).ok_or_else(cut)? as usize;
        let section = btf.string(name).ok_or_else(|| bad("a section name lies outside the strings"))?;
        if section.len() > MAX_NAME || count == 0 {
            return Err(bad("a block that no section has"));
        }
        let length = count.checked_mul(size).ok_or_else(cut)?;
        let block = rest.get(8..).and_then(|block| block.get(..length)).ok_or_else(cut)?;
        let mut records = Vec::with_capacity(count);
        for bytes in block.chunks_exact(size) {
            let (known, unknown) = bytes.split_at(WORDS * 4);
            if unknown.iter().any(|&byte| byte != 0) {
                return Err(bad(format!("records of {size} bytes with contents that are not known here")));
            }
            let mut record = [0; WORDS];
            for (word, bytes) in record.iter_mut().zip(known.chunks_exact(4)) {
                *word = u32_at(bytes, 0).ok_or_else(cut)?;
            }
            records.push(record);
        }
        found.push((section, records));
        rest = &rest[8 + length..];
    }
    Ok(found)
}
