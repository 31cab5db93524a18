//! The functions of an ELF file: from names to offsets in the file.
//!
//! What is needed is read, piece by piece: a file may be large, and may change while it is mapped.

use core::mem::size_of;

use object::LittleEndian as LE;
use object::elf::{
    ELFCLASS64, ELFDATA2LSB, ELFMAG, FileHeader64, SHN_UNDEF, SHT_DYNSYM, SHT_SYMTAB, STB_GLOBAL, STB_WEAK,
    STT_FUNC, SectionHeader64, SectionType, Sym64, SymbolBind,
};
use object::pod::{from_bytes, slice_from_bytes};

use crate::error::{Call, Error, Step};
use crate::path::CPath;
use crate::sys::{Errno, Fd, Memory, file};

/// Tables and strings of a file that is not damaged are smaller.
const LARGEST: u64 = 1 << 30;

/// An ELF file of a 64-bit little-endian machine.
pub(super) struct Elf<'a> {
    file: &'a Fd,
    sections: Memory,
    count: usize,
}

/// Why a function cannot be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Read(Errno),
    /// Not an ELF file of this machine's kind, or a damaged one.
    NotElf,
    NoSymbols,
    NotFound,
    Ambiguous,
}

impl Problem {
    pub(super) fn into_error(self, path: &CPath) -> Error {
        let (errno, hint) = match self {
            Self::Read(errno) => (errno, None),
            Self::NotElf => {
                (Errno::ENOEXEC, Some("this is not a 64-bit ELF file of this machine, or it is damaged"))
            }
            Self::NoSymbols => (
                Errno::ENOENT,
                Some("the file has no symbols: they were stripped, give it an offset instead: `path:0x1234`"),
            ),
            Self::NotFound => (Errno::ENOENT, Some("the file has no function of that name")),
            Self::Ambiguous => (Errno::EADDRNOTAVAIL, Some("the file has several functions of that name")),
        };
        Error::system(Step::Attach, Call::Read, errno).with_path(path).with_hint(hint)
    }
}

impl From<Errno> for Problem {
    fn from(errno: Errno) -> Self {
        Self::Read(errno)
    }
}

/// A function that is defined in the file.
pub(super) struct Function<'a> {
    pub(super) name: &'a [u8],
    /// Where its code is in the file.
    pub(super) offset: u64,
    binding: SymbolBind,
}

impl<'a> Elf<'a> {
    pub(super) fn read(file: &'a Fd) -> Result<Self, Problem> {
        let mut header = [0; size_of::<FileHeader64<LE>>()];
        read_exact(file, 0, &mut header)?;
        let (header, _) = from_bytes::<FileHeader64<LE>>(&header).map_err(|()| Problem::NotElf)?;
        let ident = &header.e_ident;
        let entry = usize::from(header.e_shentsize.get(LE));
        if ident.magic != ELFMAG
            || ident.class != ELFCLASS64
            || ident.data != ELFDATA2LSB
            || entry != size_of::<SectionHeader64<LE>>()
        {
            return Err(Problem::NotElf);
        }
        let count = usize::from(header.e_shnum.get(LE));
        let sections = read_part(file, header.e_shoff.get(LE), (count * entry) as u64)?;
        Ok(Self { file, sections, count })
    }

    /// The offset of a function; `0x1234` is an offset already.
    pub(super) fn function(&self, name: &[u8]) -> Result<u64, Problem> {
        if let Some(offset) = offset(name) {
            return Ok(offset);
        }
        let mut best: Option<(u8, u64)> = None;
        let mut ambiguous = false;
        let mut look = |function: Function<'_>| {
            // Symbols that are versioned in the table itself have `@` and the version behind their names.
            if function.name.split(|&byte| byte == b'@').next() != Some(name) && function.name != name {
                return Ok(());
            }
            let rank = match function.binding {
                STB_GLOBAL => 2,
                STB_WEAK => 1,
                _ => 0,
            };
            match best {
                Some((other, offset)) if rank == other && offset != function.offset => ambiguous = true,
                Some((other, _)) if rank <= other => {}
                _ => {
                    best = Some((rank, function.offset));
                    ambiguous = false;
                }
            }
            Ok(())
        };
        let any = self.functions(SHT_DYNSYM, &mut look)? | self.functions(SHT_SYMTAB, &mut look)?;
        match best {
            Some(_) if ambiguous => Err(Problem::Ambiguous),
            Some((_, offset)) => Ok(offset),
            None if !any => Err(Problem::NoSymbols),
            None => Err(Problem::NotFound),
        }
    }

    /// Shows all functions of the symbol tables.
    pub(super) fn each_function(
        &self,
        look: &mut dyn FnMut(Function<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let any = self.functions(SHT_DYNSYM, look)? | self.functions(SHT_SYMTAB, look)?;
        if any { Ok(()) } else { Err(Problem::NoSymbols) }
    }

    /// Shows the functions of the tables of a type, and says whether there is one.
    fn functions(
        &self,
        table: SectionType,
        look: &mut dyn FnMut(Function<'_>) -> Result<(), Problem>,
    ) -> Result<bool, Problem> {
        let sections = self.sections()?;
        let mut any = false;
        for section in sections.iter().filter(|section| section.sh_type.get(LE) == table) {
            any = true;
            let strings = sections.get(section.sh_link.get(LE) as usize).ok_or(Problem::NotElf)?;
            let strings = self.contents(strings)?;
            let symbols = self.contents(section)?;
            let count = symbols.bytes().len() / size_of::<Sym64<LE>>();
            let symbols = slice_from_bytes::<Sym64<LE>>(symbols.bytes(), count);
            let (symbols, _) = symbols.map_err(|()| Problem::NotElf)?;
            for symbol in symbols {
                let index = symbol.st_shndx.get(LE);
                if symbol.st_info.st_type() != STT_FUNC || index == SHN_UNDEF {
                    continue;
                }
                let Some(code) = sections.get(usize::from(index.0)) else { continue };
                let address = symbol.st_value.get(LE).wrapping_sub(code.sh_addr.get(LE));
                let offset = address.wrapping_add(code.sh_offset.get(LE));
                let name = strings.bytes().get(symbol.st_name.get(LE) as usize..).unwrap_or_default();
                let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
                look(Function { name, offset, binding: symbol.st_info.st_bind() })?;
            }
        }
        Ok(any)
    }

    pub(super) fn sections(&self) -> Result<&[SectionHeader64<LE>], Problem> {
        let sections = slice_from_bytes(self.sections.bytes(), self.count);
        sections.map(|(sections, _)| sections).map_err(|()| Problem::NotElf)
    }

    pub(super) fn contents(&self, section: &SectionHeader64<LE>) -> Result<Memory, Problem> {
        read_part(self.file, section.sh_offset.get(LE), section.sh_size.get(LE))
    }
}

/// A number in place of a name.
fn offset(name: &[u8]) -> Option<u64> {
    let digits = name.strip_prefix(b"0x")?;
    u64::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}

fn read_part(file: &Fd, offset: u64, len: u64) -> Result<Memory, Problem> {
    if len > LARGEST {
        return Err(Problem::NotElf);
    }
    let mut memory = Memory::zeroed((len as usize).max(1))?;
    let bytes = memory.bytes_mut().get_mut(..len as usize).unwrap_or_default();
    read_exact(file, offset, bytes)?;
    Ok(memory)
}

fn read_exact(file: &Fd, offset: u64, mut buffer: &mut [u8]) -> Result<(), Problem> {
    let mut at = offset;
    while !buffer.is_empty() {
        let count = file::read_at(file, buffer, at)?;
        if count == 0 {
            return Err(Problem::NotElf);
        }
        at += count as u64;
        buffer = buffer.get_mut(count..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> Fd {
        file::open(c"/proc/self/exe").unwrap()
    }

    /// A function that the linker keeps under its name.
    #[unsafe(no_mangle)]
    #[allow(unsafe_code, reason = "the name is that of this test alone")]
    extern "C" fn preload_runtime_elf_test() -> u32 {
        core::hint::black_box(7)
    }

    #[test]
    fn functions_are_found_where_their_code_is() {
        let file = program();
        let elf = Elf::read(&file).unwrap();
        let offset = elf.function(b"preload_runtime_elf_test").unwrap();
        let mut code = [0; 4];
        read_exact(&file, offset, &mut code).unwrap();
        // SAFETY: the code of a function can be read.
        #[allow(unsafe_code, reason = "the code in memory is compared with that in the file")]
        let loaded = unsafe { *(preload_runtime_elf_test as *const () as *const [u8; 4]) };
        assert_eq!(code, loaded);
        assert_eq!(elf.function(b"preload_runtime_no_such_function"), Err(Problem::NotFound));
        assert_eq!(elf.function(b"0x40"), Ok(0x40));
    }

    #[test]
    fn other_files_are_refused() {
        let file = file::open(c"/proc/self/status").unwrap();
        assert_eq!(Elf::read(&file).err(), Some(Problem::NotElf));
    }
}
