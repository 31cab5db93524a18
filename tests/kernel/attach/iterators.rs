//! Iterators that are told what to go through: a map, cgroups, tasks; read through their pins.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::path::Path;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::maps::Update;
use preload_runtime::target::{CgroupOrder, Tasks};
use preload_runtime::{Attachment, Errno, Fd, Link};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::objects::{elements, iterated_cgroups, iterated_tasks};
use super::placed::cgroup::{Cgroup, root};
use super::refused::said;
use crate::features::preloaded;
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{Bpffs, cat, over};

/// It loads on kernels that have no such parameters.
#[bpf_preload("../../bpf/attach/iterators/all_tasks.bpf.o", program(show_all, manual))]
mod all_tasks {}

/// They can write into values, which a kernel in lockdown may refuse.
const MAPS: &[Need] = &[Need::NoLockdown];
const TOLD: &[Need] = &[Need::Kernel(6, 1)];
const CHILDREN: &[Need] = &[Need::Kernel(7, 3)];
const NOT_TOLD: &[Need] = &[Need::KernelBefore(6, 1)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::preloaded_iterators_of_maps", needs: MAPS, run: preloaded_map },
    Test { name: "attach::preloaded_iterators_of_a_process", needs: TOLD, run: preloaded_process },
    Test { name: "attach::preloaded_iterators_of_cgroups", needs: TOLD, run: preloaded_cgroups },
    Test { name: "attach::iterators_of_maps", needs: MAPS, run: maps },
    Test { name: "attach::iterators_of_tasks", needs: TOLD, run: tasks },
    Test { name: "attach::iterators_of_cgroups", needs: TOLD, run: cgroups },
    Test { name: "attach::iterators_of_children", needs: CHILDREN, run: children },
    Test { name: "failures::attaching_an_iterator_of_another_map", needs: MAPS, run: other_maps },
    Test { name: "failures::attaching_an_iterator_of_no_task", needs: TOLD, run: no_task },
    Test { name: "failures::attaching_an_iterator_of_no_cgroup", needs: TOLD, run: no_cgroup },
    Test { name: "failures::attaching_an_iterator_that_is_not_told", needs: NOT_TOLD, run: not_told },
];

/// What is read from the pin of a link, when nothing else of it is left.
fn read(link: Link) -> Result<String, Failed> {
    let bpffs = Bpffs::mount()?;
    let pin = bpffs.join("iterator");
    link.pin(&pin)?;
    drop(link);
    cat(&pin)
}

fn preloaded_map() -> Outcome {
    preloaded("elements", &["show_elements", "show_sockets", "show_storage"], |pins| {
        equal(cat(pins.join("show_elements"))?.as_str(), "0: 0\n1: 0\n2: 0\n", "the numbers")?;
        equal(cat(pins.join("show_sockets"))?.as_str(), "0: empty\n1: empty\n2: empty\n", "the sockets")
    })
}

fn preloaded_process() -> Outcome {
    preloaded("iterated_tasks", &["show_second"], |pins| {
        equal(cat(pins.join("show_second"))?, fs::read_to_string("/proc/2/comm")?, "the second process")
    })
}

fn preloaded_cgroups() -> Outcome {
    let cgroup = Cgroup::new("below")?;
    preloaded("iterated_cgroups", &["show_all"], |pins| {
        let all = cat(pins.join("show_all"))?;
        let own = number(cgroup.path())?;
        ensure(all.lines().any(|line| line == own), || format!("{own} is not in:\n{all}"))
    })
}

fn maps() -> Outcome {
    let skel = elements::Skel::open().load()?;
    let (maps, progs) = (&skel.maps, &skel.progs);
    for (index, number) in [(0, 10), (1, 11), (2, 12)] {
        maps.numbers.set(index, &number)?;
    }
    let link = progs.show_elements.attach_map_iterator(&maps.numbers)?;
    let id = maps.numbers.id()?;
    let info = link.info()?;
    ensure(matches!(info.attachment, Attachment::Iterator { map_id, .. } if map_id == id), || {
        format!("not of map {id}: {info:?}")
    })?;
    ensure(info.to_string().ends_with(&format!("iterator bpf_map_elem of map {id}")), || info.to_string())?;
    equal(read(link)?.as_str(), "0: 10\n1: 11\n2: 12\n", "the numbers")?;

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let socket = TcpStream::connect(listener.local_addr()?)?;
    let number = socket.as_raw_fd();
    maps.sockets.insert_bytes(&1_u32.to_ne_bytes(), &u64::try_from(number)?.to_ne_bytes(), Update::ANY)?;
    let link = progs.show_sockets.attach_map_iterator(&maps.sockets)?;
    equal(read(link)?.as_str(), "0: empty\n1: socket\n2: empty\n", "the sockets")?;

    maps.storage.insert_bytes(&number.to_ne_bytes(), &77_u64.to_ne_bytes(), Update::ANY)?;
    let link = progs.show_storage.attach_map_iterator(&maps.storage)?;
    equal(read(link)?.as_str(), "77\n", "what is kept with the socket")
}

fn tasks() -> Outcome {
    let skel = iterated_tasks::Skel::open().load()?;
    let program = &skel.progs.show_some;
    // The thread that runs the test has a name of its own.
    let thread = rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs();
    let name = fs::read_to_string("/proc/thread-self/comm")?;
    let link = program.attach_task_iterator(Tasks::Thread(thread))?;
    let info = link.info()?;
    ensure(matches!(info.attachment, Attachment::Iterator { tid, pid: 0, .. } if tid == thread), || {
        format!("not of thread {thread}: {info:?}")
    })?;
    equal(read(link)?.as_str(), name.as_str(), "the thread")?;

    let mut sleeper = std::process::Command::new("sleep").arg("1000").spawn()?;
    let process = sleeper.id();
    // It goes by the name of this process until it has become `sleep`, which `spawn` need not wait for.
    let old_name = || Ok(fs::read_to_string(format!("/proc/{process}/comm"))? != "sleep\n");
    let renamed = over("its old name", old_name);
    let read_both = || -> Result<(String, String), Failed> {
        let pid = Pid::from_raw(i32::try_from(process)?).ok_or("no process")?;
        let pidfd = Fd::try_from(pidfd_open(pid, PidfdFlags::empty())?)?;
        let by_number = read(program.attach_task_iterator(Tasks::Process(process))?)?;
        Ok((by_number, read(program.attach_task_iterator(Tasks::ProcessFd(&pidfd))?)?))
    };
    let both = renamed.and_then(|()| read_both());
    sleeper.kill()?;
    sleeper.wait()?;
    let (by_number, by_fd) = both?;
    equal((by_number.as_str(), by_fd.as_str()), ("sleep\n", "sleep\n"), "the process")
}

/// The number of a cgroup's directory, as the program shows it.
fn number(cgroup: &Path) -> Result<String, Failed> {
    Ok(std::os::linux::fs::MetadataExt::st_ino(&fs::metadata(cgroup)?).to_string())
}

/// A cgroup with another one below it.
fn with_child(name: &str, test: impl FnOnce(&Path, &Path) -> Outcome) -> Outcome {
    let cgroup = Cgroup::new(name)?;
    let child = cgroup.path().join("child");
    fs::create_dir(&child)?;
    let result = test(cgroup.path(), &child);
    fs::remove_dir(&child)?;
    result
}

fn cgroups() -> Outcome {
    with_child("iterated", cgroups_of)
}

fn children() -> Outcome {
    with_child("parent", |parent, child| {
        let skel = iterated_cgroups::Skel::open().load()?;
        let link = skel.progs.show_some.attach_cgroup_iterator(parent, CgroupOrder::Children)?;
        equal(read(link)?, format!("{}\n", number(child)?), "the cgroups below")
    })
}

fn cgroups_of(parent: &Path, child: &Path) -> Outcome {
    let skel = iterated_cgroups::Skel::open().load()?;
    let numbers = [number(parent)?, number(child)?];
    let read = |path: &Path, order| -> Result<Vec<String>, Failed> {
        let link = skel.progs.show_some.attach_cgroup_iterator(path, order)?;
        Ok(read(link)?.lines().map(str::to_owned).collect())
    };
    let [above, below] = numbers.clone();
    equal(read(parent, CgroupOrder::SelfOnly)?, vec![above.clone()], "itself")?;
    equal(read(parent, CgroupOrder::DescendantsPre)?, numbers.to_vec(), "from above")?;
    equal(read(parent, CgroupOrder::DescendantsPost)?, vec![below.clone(), above.clone()], "from below")?;
    equal(read(child, CgroupOrder::AncestorsUp)?, vec![below, above, number(root())?], "upwards")?;
    let link = skel.progs.show_some.attach_cgroup_iterator(parent, CgroupOrder::SelfOnly)?;
    let message = link.info()?.to_string();
    ensure(message.ends_with(&format!("iterator cgroup of cgroup {}", numbers[0])), || message)
}

fn other_maps() -> Outcome {
    let skel = elements::Skel::open().load()?;
    let attach = |map| skel.progs.show_elements.attach_map_iterator(map);
    let refused = |result: Result<Link, _>, errno, parts: &[&str]| {
        said(&result.err().ok_or("it was attached")?, errno, parts)
    };
    let parts = ["program `show_elements`", "to map sockets", "does not go through maps of this type"];
    refused(attach(&skel.maps.sockets), Errno::EINVAL, &parts)?;
    refused(attach(&skel.maps.short_numbers), Errno::EACCES, &["to map short_numbers", "reads more than"])?;
    refused(skel.progs.show_elements.attach_iterator(), Errno::EBADF, &["must be told what it goes through"])
}

fn no_task() -> Outcome {
    let skel = iterated_tasks::Skel::open().load()?;
    let attach = |tasks| skel.progs.show_some.attach_task_iterator(tasks).err().ok_or("it was attached");
    let file = fs::File::open("/dev/null")?;
    let file = Fd::try_from(file.as_fd().try_clone_to_owned()?)?;
    said(&attach(Tasks::ProcessFd(&file))?, Errno::EBADF, &["to pidfd ", "this is not a pidfd"])?;
    said(&attach(Tasks::Thread(0))?, Errno::EINVAL, &["to thread 0", "numbered from 1 on"])?;
    said(&attach(Tasks::Process(0))?, Errno::EINVAL, &["to process 0", "numbered from 1 on"])
}

fn no_cgroup() -> Outcome {
    let skel = iterated_cgroups::Skel::open().load()?;
    let attach = |path: &str| {
        let link = skel.progs.show_some.attach_cgroup_iterator(path, CgroupOrder::SelfOnly);
        link.err().ok_or("it was attached")
    };
    said(&attach("/nowhere/at/all")?, Errno::ENOENT, &["to /nowhere/at/all"])?;
    said(&attach("/proc")?, Errno::EBADF, &["to /proc", "this is not a cgroup"])
}

/// They would go through all tasks without a word.
fn not_told() -> Outcome {
    let skel = all_tasks::Skel::open().load()?;
    let attach = |tasks| skel.progs.show_all.attach_task_iterator(tasks).err().ok_or("it was attached");
    let parts = ["need Linux 6.1 or newer", "older ones go through all tasks"];
    said(&attach(Tasks::Thread(1))?, Errno::E2BIG, &parts)?;
    said(&attach(Tasks::Process(1))?, Errno::E2BIG, &parts)
}
