//! The type information that a program was loaded with.

use super::search::Types;
use crate::error::{Call, Error, Step};
use crate::sys::{Errno, Fd, btf, link};

/// The number of a function in it (4.20); none when it has no function of that name.
///
/// # Errors
///
/// `ENOENT` when the program has no type information; whatever the kernel returns.
pub(crate) fn function_of(program: &Fd, name: &str) -> Result<Option<u32>, Error> {
    let failed = |call, errno| Error::system(Step::Attach, call, errno);
    let info = link::program_info(program).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
    if info.btf == 0 {
        return Err(failed(Call::ObjGetInfoByFd, Errno::ENOENT)
            .with_hint(Some("the program that it extends has no type information: compile that with `-g`")));
    }
    let types = btf::by_id(info.btf).map_err(|errno| failed(Call::BtfGetFdById, errno))?;
    let bytes = btf::unnamed(&types).and_then(|info| btf::bytes(&types, &info));
    let bytes = bytes.map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
    Ok(Types::of(bytes.bytes(), None).and_then(|types| types.function(name)))
}
