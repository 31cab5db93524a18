//! bpf(2) for type information that the kernel holds.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use super::abi;
use super::bpf::{address_mut, bpf};
use super::{Errno, Fd, Memory};

/// The next number behind one, of all type information there is (5.3); `ENOENT` behind the last.
pub(crate) fn next_id(after: u32) -> Result<u32, Errno> {
    let mut attr = abi::BtfGetNextId { start_id: after, ..Default::default() };
    // SAFETY: no field is an address.
    unsafe { bpf(&mut attr) }?;
    Ok(attr.next_id)
}

/// Type information by its number (4.19).
pub(crate) fn by_id(btf_id: u32) -> Result<Fd, Errno> {
    let mut attr = abi::BtfGetFdById { btf_id, ..Default::default() };
    // SAFETY: no field is an address.
    Fd::new(unsafe { bpf(&mut attr) }?)
}

/// What the kernel says of type information.
pub(crate) struct Info {
    size: u32,
    kernel: u32,
    /// The names of modules are shorter.
    name: [u8; 64],
}

impl Info {
    /// Whether it is that of the kernel or of a module (5.11).
    pub(crate) fn is_of_kernel(&self) -> bool {
        self.kernel != 0
    }

    /// `vmlinux`, or the name of the module.
    pub(crate) fn name(&self) -> &[u8] {
        let end = self.name.iter().position(|&byte| byte == 0).unwrap_or(self.name.len());
        self.name.get(..end).unwrap_or_default()
    }
}

/// Whose it is, and how long it is.
pub(crate) fn info(fd: &Fd) -> Result<Info, Errno> {
    let mut name = [0; 64];
    let mut info =
        abi::info::Btf { name: address_mut(&mut name), name_len: name.len() as u32, ..Default::default() };
    get(fd, &mut info)?;
    Ok(Info { size: info.btf_size, kernel: info.kernel_btf, name })
}

/// The same without a name, which kernels before 5.11 are not to be asked for, and programs have none.
pub(crate) fn unnamed(fd: &Fd) -> Result<Info, Errno> {
    let mut info = abi::info::Btf::default();
    get(fd, &mut info)?;
    Ok(Info { size: info.btf_size, kernel: info.kernel_btf, name: [0; 64] })
}

/// The bytes themselves.
pub(crate) fn bytes(fd: &Fd, info: &Info) -> Result<Memory, Errno> {
    let mut memory = Memory::zeroed(info.size as usize)?;
    let mut info =
        abi::info::Btf { btf: address_mut(memory.bytes_mut()), btf_size: info.size, ..Default::default() };
    get(fd, &mut info)?;
    Ok(memory)
}

fn get(fd: &Fd, info: &mut abi::info::Btf) -> Result<(), Errno> {
    let mut attr = abi::ObjGetInfoByFd {
        bpf_fd: fd.raw() as u32,
        info_len: size_of_val(info) as u32,
        info: address_mut(info),
    };
    // SAFETY: the kernel writes no more than `info_len` bytes to `info`; the addresses in it are zero or those of live
    // buffers, with their lengths.
    unsafe { bpf(&mut attr) }.map(drop)
}
