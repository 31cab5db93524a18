//! The file with the kernel's type information.

use crate::error::{Call, Error, Step};
use crate::sys::{Errno, Fd, KernelBtf, Memory, file};

const PATH: &core::ffi::CStr = c"/sys/kernel/btf/vmlinux";

/// Shows the whole file to `look`: mapped where the kernel can (6.16), else copied.
pub(crate) fn read<T>(look: impl FnOnce(&[u8]) -> T) -> Result<T, Error> {
    let failed = |call, errno| {
        let hint = (errno == Errno::ENOENT).then_some(
            "this kernel has no type information: build it with CONFIG_DEBUG_INFO_BTF, or mount sysfs",
        );
        Error::system(Step::FindTarget, call, errno).with_hint(hint)
    };
    let fd = file::open(PATH).map_err(|errno| failed(Call::Open, errno))?;
    let size = file::size(&fd).map_err(|errno| failed(Call::Lseek, errno))?;
    match KernelBtf::map(&fd, size) {
        Ok(btf) => Ok(look(btf.bytes())),
        Err(_) => {
            let copy = copy(&fd, size).map_err(|errno| failed(Call::Read, errno))?;
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
