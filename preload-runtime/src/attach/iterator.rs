//! Iterators: the link is a file that is read, and goes through all there is, or through what it is told.

use super::file::Opened;
use super::place::too_old;
use super::{Attached, Loaded};
use crate::error::{Call, Error, Step};
use crate::handles::Map;
use crate::sys::link::{self, Iterate, Target};
use crate::sys::{Errno, bpf};
use crate::target::{CgroupOrder, File, Tasks};

/// Through all there is.
pub(crate) fn all(program: &Loaded<'_>) -> Attached {
    bpf::link_create(program.fd, program.plan.attach_type).map_err(|errno| {
        let hint = match errno {
            // What the kernel says of those that need a map, and of those that need an order of cgroups.
            Errno::EBADF | Errno::EINVAL => Some("this iterator must be told what it goes through"),
            _ => None,
        };
        Error::system(Step::Attach, Call::LinkCreate, errno).with_hint(hint)
    })
}

/// Through the elements of a map (5.9).
pub(crate) fn map(program: &Loaded<'_>, map: &Map) -> Attached {
    link::create_iterator(program.fd, program.plan.attach_type, &Iterate::Map(map.fd())).map_err(|errno| {
        let hint = match errno {
            Errno::EINVAL => Some("this iterator does not go through maps of this type"),
            Errno::EACCES => Some("the program reads more than a key or a value of this map has"),
            _ => None,
        };
        Error::system(Step::Attach, Call::LinkCreate, errno)
            .with_target(format_args!("map {}", map.name()))
            .with_hint(hint)
    })
}

/// Through cgroups, of either version (6.1).
pub(crate) fn cgroup(program: &Loaded<'_>, cgroup: Option<File<'_>>, order: CgroupOrder) -> Attached {
    let file = cgroup.map(Opened::new).transpose()?;
    let iterate = Iterate::Cgroup(file.as_ref().and_then(Opened::fd), order as u32);
    link::create_iterator(program.fd, program.plan.attach_type, &iterate).map_err(|errno| match &file {
        Some(file) => {
            let hint = if errno == Errno::EBADF { file.no_cgroup() } else { None };
            file.failed(Call::LinkCreate, errno, hint)
        }
        None => Error::system(Step::Attach, Call::LinkCreate, errno),
    })
}

const TASKS: &str =
    "iterators of one thread or process need Linux 6.1 or newer; older ones go through all tasks";

/// Through threads (6.1).
pub(crate) fn tasks(program: &Loaded<'_>, tasks: Tasks<'_>) -> Attached {
    let iterate = match tasks {
        Tasks::Thread(id) => Iterate::Thread(id),
        Tasks::Process(id) => Iterate::Process(id),
        Tasks::ProcessFd(process) => Iterate::ProcessFd(process),
    };
    let failed = |errno| {
        let error = Error::system(Step::Attach, Call::LinkCreate, errno);
        match tasks {
            Tasks::Thread(id) => error.with_target(format_args!("thread {id}")),
            Tasks::Process(id) => error.with_target(format_args!("process {id}")),
            Tasks::ProcessFd(process) => error.with_target(format_args!("pidfd {}", process.raw())),
        }
    };
    // The kernel would take it for "all tasks".
    if matches!(tasks, Tasks::Thread(0) | Tasks::Process(0)) {
        return Err(failed(Errno::EINVAL).with_hint(Some("threads and processes are numbered from 1 on")));
    }
    let link = link::create_iterator(program.fd, program.plan.attach_type, &iterate).map_err(|errno| {
        let hint = match errno {
            Errno::EBADF => Some("this is not a pidfd"),
            _ => too_old(errno, (6, 1), TASKS),
        };
        failed(errno).with_hint(hint)
    })?;
    // Kernels before 6.1 look at the first number alone, as if it were a map: they take a thread and go through all of them.
    if let Iterate::Thread(_) = iterate {
        let told = link::head(&link).and_then(|head| link::target(&link, head.link_type));
        match told {
            Ok(Target::Iterator { tid: 0, .. }) => return Err(failed(Errno::E2BIG).with_hint(Some(TASKS))),
            Ok(_) => {}
            Err(errno) => {
                return Err(Error::system(Step::Attach, Call::ObjGetInfoByFd, errno));
            }
        }
    }
    Ok(link)
}
