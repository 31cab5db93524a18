//! Looking up names in the kernel's own type information.
//!
//! The file is read once, and only when a program needs a name from it; nothing of it is kept. Format: the
//! kernel's `Documentation/bpf/btf.rst`; the header may grow (it did in 7.1), so its length is read, not
//! assumed.

use crate::error::{Call, Error, ErrorKind, Step};
use crate::plan::BtfTarget;
use crate::sys::{Errno, Fd, KernelBtf, Memory, file};

const PATH: &core::ffi::CStr = c"/sys/kernel/btf/vmlinux";
const MAGIC: u16 = 0xeb9f;
/// `BTF_KIND_TYPEDEF`, `BTF_KIND_FUNC`: targets are of no other kind.
const TARGET_KINDS: [u32; 2] = [8, 12];

/// A type that is looked for, or none; `id` is 0 until it was found.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) target: Option<&'static BtfTarget>,
    pub(crate) id: u32,
}

impl Wanted {
    /// What is looked for and was not found.
    pub(crate) fn missing(&self) -> Option<&'static BtfTarget> {
        self.target.filter(|_| self.id == 0)
    }
}

/// Finds all that is wanted in one pass. What is not there keeps the id 0.
pub(crate) fn find(wanted: &mut [Wanted]) -> Result<(), Error> {
    let found = read(|btf| search(btf, wanted)).map_err(|(call, errno)| {
        let hint = (errno == Errno::ENOENT).then_some(
            "this kernel has no type information: build it with CONFIG_DEBUG_INFO_BTF, or mount sysfs",
        );
        Error::system(Step::FindTarget, call, errno).with_hint(hint)
    })?;
    found.ok_or_else(|| Error::new(Step::FindTarget, ErrorKind::UnknownKernelBtf))
}

/// Shows the whole file to `look`: mapped where the kernel can (6.16), else copied.
fn read<T>(look: impl FnOnce(&[u8]) -> T) -> Result<T, (Call, Errno)> {
    let fd = file::open(PATH).map_err(|errno| (Call::Open, errno))?;
    let size = file::size(&fd).map_err(|errno| (Call::Lseek, errno))?;
    match KernelBtf::map(&fd, size) {
        Ok(btf) => Ok(look(btf.bytes())),
        Err(_) => {
            let copy = copy(&fd, size).map_err(|errno| (Call::Read, errno))?;
            Ok(look(copy.bytes()))
        }
    }
}

fn copy(fd: &Fd, size: usize) -> Result<Memory, Errno> {
    let mut memory = Memory::zeroed(size)?;
    file::rewind(fd)?;
    let mut rest = memory.bytes_mut();
    while !rest.is_empty() {
        let count = file::read(fd, rest)?;
        if count == 0 {
            break;
        }
        rest = rest.get_mut(count..).unwrap_or_default();
    }
    Ok(memory)
}

fn word(bytes: &[u8], offset: usize) -> Option<u32> {
    let word = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}

/// None when the bytes are not BTF of a known form.
fn search(btf: &[u8], wanted: &mut [Wanted]) -> Option<()> {
    if btf.get(..2)? != MAGIC.to_le_bytes() {
        return None;
    }
    let header = word(btf, 4)? as usize;
    let part = |offset: usize, len: usize| {
        let start = header.checked_add(offset)?;
        btf.get(start..start.checked_add(len)?)
    };
    let types = part(word(btf, 8)? as usize, word(btf, 12)? as usize)?;
    let strings = part(word(btf, 16)? as usize, word(btf, 20)? as usize)?;

    let filter = Filter::new(wanted);
    let mut missing = wanted.iter().filter(|wanted| wanted.missing().is_some()).count();
    let (mut rest, mut id) = (types, 0);
    while missing > 0 && !rest.is_empty() {
        id += 1;
        let info = word(rest, 4)?;
        let kind = info >> 24 & 0x1f;
        if TARGET_KINDS.contains(&kind) {
            let name = strings.get(word(rest, 0)? as usize..)?;
            if !filter.may_be_wanted(name) {
                rest = rest.get(12..)?;
                continue;
            }
            let found = |target: &BtfTarget| target.kind == kind && is_named(name, target.name);
            for wanted in wanted.iter_mut().filter(|wanted| wanted.missing().is_some_and(found)) {
                wanted.id = id;
                missing -= 1;
            }
        }
        rest = rest.get(12 + rest_size(kind, (info & 0xffff) as usize)?..)?;
    }
    Some(())
}

/// Tells most names from those that are wanted by their first bytes, however many are: a bit is set for each hash of what
/// a wanted one starts with.
struct Filter([u64; Self::BITS / 64]);

impl Filter {
    const BITS: usize = 1 << 16;

    fn new(wanted: &[Wanted]) -> Self {
        let mut filter = Self([0; Self::BITS / 64]);
        for target in wanted.iter().filter_map(Wanted::missing) {
            let mut start = [0; 8];
            for (to, from) in start.iter_mut().zip(target.name.bytes()) {
                *to = from;
            }
            let bit = Self::bit(u64::from_le_bytes(start));
            filter.0[bit / 64] |= 1 << (bit % 64);
        }
        filter
    }

    /// Whether the string that starts there may be one of them; never wrong about one that is.
    fn may_be_wanted(&self, string: &[u8]) -> bool {
        let Some(Ok(start)) = string.get(..8).map(<[u8; 8]>::try_from) else {
            // The last string of all.
            return true;
        };
        let start = u64::from_le_bytes(start);
        // The lowest of the high bits is that of the first NUL; what lies behind it is another string.
        let nul = start.wrapping_sub(0x0101_0101_0101_0101) & !start & 0x8080_8080_8080_8080;
        let own = if nul == 0 { u64::MAX } else { (1 << nul.trailing_zeros()) - 1 };
        let bit = Self::bit(start & own);
        self.0[bit / 64] >> (bit % 64) & 1 != 0
    }

    fn bit(start: u64) -> usize {
        // Multiplied by 2^64 divided by the golden ratio, the upper bits depend on all of the lower ones.
        (start.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - 16)) as usize % Self::BITS
    }
}

/// Whether the string that starts there is this one.
fn is_named(string: &[u8], name: &str) -> bool {
    string.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
}

/// Bytes behind the fixed part of a type: `btf_kind_meta` sizes of `linux/btf.h`.
fn rest_size(kind: u32, count: usize) -> Option<usize> {
    Some(match kind {
        // INT, VAR, DECL_TAG
        1 | 14 | 17 => 4,
        // ARRAY
        3 => 12,
        // STRUCT, UNION, DATASEC, ENUM64
        4 | 5 | 15 | 19 => count * 12,
        // ENUM, FUNC_PROTO
        6 | 13 => count * 8,
        // PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG
        2 | 7..=12 | 16 | 18 => 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNC: u32 = 12;

    /// A header of `header` bytes, an INT, two FUNCs and their names.
    fn sample(header: u32) -> Vec<u8> {
        let mut types = Vec::new();
        let mut put =
            |words: &[u32]| words.iter().for_each(|word| types.extend_from_slice(&word.to_le_bytes()));
        put(&[1, 1 << 24, 4, 32]);
        put(&[5, FUNC << 24, 1]);
        put(&[9, FUNC << 24, 1]);
        let strings = b"\0int\0foo\0foo_bar\0";
        let mut btf = Vec::from(MAGIC.to_le_bytes());
        btf.extend_from_slice(&[1, 0]);
        for word in [header, 0, types.len() as u32, types.len() as u32, strings.len() as u32] {
            btf.extend_from_slice(&word.to_le_bytes());
        }
        btf.resize(header as usize, 0);
        btf.extend_from_slice(&types);
        btf.extend_from_slice(strings);
        btf
    }

    fn find(btf: &[u8], name: &'static str) -> Option<u32> {
        let target = Box::leak(Box::new(BtfTarget { kind: FUNC, name }));
        let mut wanted = [Wanted { target: Some(target), id: 0 }];
        search(btf, &mut wanted)?;
        Some(wanted[0].id)
    }

    #[test]
    fn a_name_is_found_whole() {
        assert_eq!(find(&sample(24), "foo"), Some(2));
        assert_eq!(find(&sample(24), "foo_bar"), Some(3));
        assert_eq!(find(&sample(24), "foo_"), Some(0));
        assert_eq!(find(&sample(24), "int"), Some(0), "of another kind");
    }

    #[test]
    fn a_longer_header_is_skipped() {
        assert_eq!(find(&sample(40), "foo_bar"), Some(3));
    }

    #[test]
    fn names_are_told_apart_by_what_they_start_with() {
        let names = ["a", "short", "exactly8", "longer_than_eight_bytes"];
        for name in names {
            let target = Box::leak(Box::new(BtfTarget { kind: FUNC, name }));
            let filter = Filter::new(&[Wanted { target: Some(target), id: 0 }]);
            for other in names {
                let string = format!("{other}\0next string");
                assert_eq!(filter.may_be_wanted(string.as_bytes()), name == other, "{name}, {other}");
            }
        }
    }

    #[test]
    fn damaged_bytes_are_no_btf() {
        let whole = sample(24);
        for len in 0..whole.len() {
            assert_eq!(find(&whole[..len], "missing"), None, "cut to {len} bytes");
        }
    }
}
