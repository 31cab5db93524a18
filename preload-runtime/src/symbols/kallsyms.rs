//! Symbols without a type: their addresses, from the list of all symbols.

use core::ffi::CStr;

use super::{Found, Symbols};
use crate::error::{Call, Error, Step};
use crate::lines::Lines;
use crate::plan::{KernelSymbol, SymbolKind};
use crate::sys::{Memory, file};

const PATH: &CStr = c"/proc/kallsyms";
/// Bytes that are read at once; the list has some ten million.
const PIECE: usize = 1 << 16;

/// Finds what there is; a symbol that is there, but whose address the kernel does not tell.
pub(super) fn find(symbols: &mut Symbols) -> Result<Option<&'static KernelSymbol>, Error> {
    let failed = |call, errno| Error::system(Step::FindSymbols, call, errno);
    let fd = file::open(PATH).map_err(|errno| {
        failed(Call::Open, errno).with_hint(Some("build the kernel with CONFIG_KALLSYMS, and mount /proc"))
    })?;
    let mut memory = Memory::zeroed(PIECE).map_err(|errno| failed(Call::Mmap, errno))?;
    let (mut lines, mut hidden, mut told) = (Lines::new(), None, false);
    let mut take = |line: &[u8]| {
        let Some((address, name)) = parse(line) else { return Ok(()) };
        told |= address != 0;
        let fits = |symbol: &KernelSymbol| {
            symbol.kind == SymbolKind::Address && symbol.kernel_name.as_bytes() == name
        };
        while let Some((index, symbol)) = symbols.missing(fits) {
            if address == 0 && !told {
                hidden = Some(symbol);
            }
            symbols.set(index, Found::Address(address));
        }
        Ok(())
    };
    loop {
        let count = file::read(&fd, memory.bytes_mut()).map_err(|errno| failed(Call::Read, errno))?;
        if count == 0 {
            break;
        }
        lines.add(memory.bytes().get(..count).unwrap_or_default(), &mut take)?;
    }
    // The address of a variable of each CPU may be 0; those of all symbols are not.
    Ok(hidden.filter(|_| !told))
}

/// Address and name of a line: `ffffffff81000000 T _text`, with `[module]` behind it where it is in one.
fn parse(line: &[u8]) -> Option<(u64, &[u8])> {
    let mut words = line.split(|&byte| byte == b' ' || byte == b'\t');
    let (address, _, name) = (words.next()?, words.next()?, words.next()?);
    Some((u64::from_str_radix(core::str::from_utf8(address).ok()?, 16).ok()?, name))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lines_of_the_kernel_and_of_modules() {
        assert_eq!(parse(b"ffffffff81000000 T _text"), Some((0xffff_ffff_8100_0000, &b"_text"[..])));
        assert_eq!(
            parse(b"ffffffffc0000000 t helper\t[ext4]"),
            Some((0xffff_ffff_c000_0000, &b"helper"[..]))
        );
        assert_eq!(parse(b"0000000000000000 A fixed_percpu_data"), Some((0, &b"fixed_percpu_data"[..])));
        assert_eq!(parse(b"strange"), None);
    }
}
