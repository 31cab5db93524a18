//! The type information of the object.

use super::log::with_log;
use crate::error::{Call, Error, Step};
use crate::plan::Plan;
use crate::privilege::Privilege;
use crate::sys::{Errno, Fd, bpf};

/// What a kernel refuses of the type information is left out of a second form of it; a kernel that takes neither form
/// gives its reasons for the first.
pub(super) fn load(plan: &'static Plan, privilege: &mut Privilege<'_>) -> Result<Fd, Error> {
    let errno = match privilege.call(|token| bpf::btf_load(plan.btf, None, token)) {
        Ok(fd) => return Ok(fd),
        Err(errno) => errno,
    };
    if errno == Errno::EINVAL && !plan.btf_for_old_kernels.is_empty() {
        if let Ok(fd) = privilege.call(|token| bpf::btf_load(plan.btf_for_old_kernels, None, token)) {
            return Ok(fd);
        }
    }
    with_log(Error::system(Step::LoadBtf, Call::BtfLoad, errno), |log| {
        privilege.call(|token| bpf::btf_load(plan.btf, Some(&mut *log), token))
    })
}
