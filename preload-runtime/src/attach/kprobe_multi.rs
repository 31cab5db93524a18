//! Many functions of the kernel with one link.

use core::ffi::CStr;

use super::{pattern, traceable};
use crate::error::{Call, Error, Step};
use crate::plan::{Probe, ProgramPlan};
use crate::sys::names::Names;
use crate::sys::words::Words;
use crate::sys::{Errno, Fd, multi};

pub(super) fn attach(
    plan: &'static ProgramPlan,
    program: &Fd,
    functions: &CStr,
    probe: Probe,
    cookie: u64,
) -> Result<Fd, Error> {
    let failed = |errno| Error::system(Step::Attach, Call::LinkCreate, errno);
    let create = |functions: &multi::Functions<'_>| {
        let cookies = Words::cookies(cookie, functions.len()).map_err(failed)?;
        let cookies = cookies.as_ref().map(Words::as_slice);
        multi::link_create_kprobe_multi(program, plan.attach_type, probe == Probe::Return, functions, cookies)
            .map_err(|errno| failed(errno).with_hint(hint(errno)))
    };
    let text = functions.to_bytes();
    if !pattern::is_pattern(text) {
        let mut names = Names::with_capacity(1, text.len() + 1).map_err(failed)?;
        names.push(text).map_err(failed)?;
        return create(&multi::Functions::Names(&names));
    }
    match traceable::addresses(text) {
        Ok(addresses) => traceable::some(addresses.as_slice())
            .and_then(|found| create(&multi::Functions::Addresses(found))),
        Err(Errno::ENOENT) => {
            let names =
                traceable::names(text).map_err(|errno| Error::system(Step::Attach, Call::Open, errno))?;
            traceable::some(names.addresses())?;
            create(&multi::Functions::Names(&names))
        }
        Err(errno) => Err(Error::system(Step::Attach, Call::Open, errno)),
    }
}

fn hint(errno: Errno) -> Option<&'static str> {
    match errno {
        Errno::ESRCH | Errno::ENOENT => Some("this kernel has no function of that name"),
        Errno::EOPNOTSUPP => Some("this kernel was built without CONFIG_FPROBE"),
        Errno::EINVAL => Some(
            "this kernel cannot trace that function, or has no links of many functions: they are there since Linux 5.18, those \
             of sessions since 6.10",
        ),
        _ => None,
    }
}
