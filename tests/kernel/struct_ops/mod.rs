//! Operations that the kernel calls: registered, in use, and gone with their link or their pin.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, ErrorKind, MemberProblem, Step};

use crate::harness::{Need, Outcome, Test, ensure, equal, read};
use crate::witness::{Bpffs, over, variables};

#[bpf_preload("../../bpf/struct_ops/tcp.bpf.o")]
mod tcp {}

#[bpf_preload("../../bpf/struct_ops/tcp_link.bpf.o")]
mod tcp_link {}

#[bpf_preload("../../bpf/struct_ops/tcp_twice.bpf.o", dir = "twice")]
mod twice {}

#[bpf_preload("../../bpf/struct_ops/tcp_missing.bpf.o")]
mod tcp_missing {}

#[bpf_preload("../../bpf/struct_ops/tcp_size.bpf.o")]
mod tcp_size {}

#[bpf_preload("../../bpf/struct_ops/no_such_operations.bpf.o")]
mod no_such_operations {}

#[bpf_preload("../../bpf/struct_ops/sched_ext.bpf.o")]
pub(crate) mod sched_ext {}

/// Operations with a link.
pub(crate) const LINK: &[Need] = &[Need::Kernel(6, 4)];
pub(crate) const SCHED_EXT: &[Need] = &[Need::SchedExt];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "struct_ops::a_congestion_control_without_a_link", needs: &[], run: without_link },
    Test { name: "struct_ops::a_congestion_control_with_a_link", needs: LINK, run: with_link },
    Test { name: "struct_ops::a_failure_takes_operations_out_of_force", needs: &[], run: failure },
    Test { name: "struct_ops::what_does_not_fit_is_named", needs: &[], run: misfits },
    Test { name: "struct_ops::a_scheduler", needs: SCHED_EXT, run: scheduler },
];

pub(crate) fn available(name: &str) -> Result<bool, Failed> {
    let all = read("/proc/sys/net/ipv4/tcp_available_congestion_control")?;
    Ok(all.split_whitespace().any(|available| available == name))
}

pub(crate) fn gone(there: impl FnMut() -> Result<bool, Failed>) -> Outcome {
    over("the operations", there)
}

/// Sends something through a connection with this congestion control.
pub(crate) fn talk(name: &str) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    rustix::net::sockopt::set_tcp_congestion(&client, name)?;
    equal(rustix::net::sockopt::tcp_congestion(&client)?.as_str(), name, "the congestion control in use")?;
    let (mut server, _) = listener.accept()?;
    let mut buffer = [0; 1000];
    for _ in 0..20 {
        client.write_all(&buffer)?;
        server.read_exact(&mut buffer)?;
    }
    Ok(())
}

fn counted(data: u32) -> Result<BTreeMap<String, u64>, Failed> {
    let counts = variables(data)?;
    ensure(counts.get("sockets").is_some_and(|&count| count > 0), || format!("no socket: {counts:?}"))?;
    ensure(counts.get("acknowledged").is_some_and(|&count| count > 0), || format!("no data: {counts:?}"))?;
    Ok(counts)
}

fn without_link() -> Outcome {
    let bpffs = Bpffs::mount()?;
    tcp::preload(bpffs.path())?;
    let data = tcp::SKEL.get().ok_or("the static is empty")?.maps.bss.id()?;
    ensure(available("bpf_count")?, || "it is not available".into())?;
    talk("bpf_count")?;
    counted(data)?;
    equal(bpffs.list("tcp")?, vec!["counting".to_owned()], "the pins")?;
    // Without a link, nothing but taking it out of force ends it.
    tcp::unload();
    ensure(available("bpf_count")?, || "it has gone with its descriptors".into())?;
    tcp::unpin(bpffs.path())?;
    gone(|| available("bpf_count"))
}

fn with_link() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = tcp_link::Skel::open().load()?;
    ensure(!available("bpf_count_link")?, || "it is there before it is attached".into())?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    ensure(available("bpf_count_link")?, || "it is not available".into())?;
    talk("bpf_count_link")?;
    counted(skel.maps.bss.id()?)?;
    skel.pin(bpffs.join("set"))?;
    drop(skel);
    ensure(available("bpf_count_link")?, || "it has gone though it is pinned".into())?;
    fs::remove_file(bpffs.join("set/counting"))?;
    gone(|| available("bpf_count_link"))?;

    // The link alone.
    let mut skel = tcp_link::Skel::open().load()?;
    let _ = skel.attach()?;
    skel.links.counting.take().ok_or("there is no link")?;
    gone(|| available("bpf_count_link"))
}

/// Two objects of one name: the second cannot be registered, and its failure leaves the first in force.
fn failure() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut first = twice::Skel::open().load()?;
    let _ = first.attach()?;
    ensure(available("bpf_twice")?, || "it is not available".into())?;
    let error = refused(twice::preload(bpffs.path()))?;
    equal(error.step(), Step::Attach, "the step")?;
    ensure(error.to_string().contains("registered already"), || error.to_string())?;
    equal(bpffs.list("")?, Vec::new(), "what is left")?;
    ensure(available("bpf_twice")?, || "the first has gone".into())?;

    first.pin(bpffs.join("twice"))?;
    twice::unpin(bpffs.path())?;
    gone(|| available("bpf_twice"))
}

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it was loaded".into())
}

fn misfits() -> Outcome {
    let error = refused(tcp_missing::Skel::open().load())?;
    let ErrorKind::BadMember { member, problem: MemberProblem::Missing } = error.kind() else {
        return Err(format!("another error: {error}").into());
    };
    equal(member.name, "no_such_number", "the member")?;
    ensure(
        error.to_string().contains("fitting operations `counting`: member `no_such_number` is not there"),
        || error.to_string(),
    )?;
    let error = refused(tcp_size::Skel::open().load())?;
    ensure(matches!(error.kind(), ErrorKind::BadMember { problem: MemberProblem::Size, .. }), || {
        error.to_string()
    })?;
    let error = refused(no_such_operations::Skel::open().load())?;
    ensure(error.to_string().contains("has no operations `no_such_operations`"), || error.to_string())
}

fn scheduler() -> Outcome {
    let state = || -> Result<String, Failed> { Ok(read("/sys/kernel/sched_ext/state")?.trim().to_owned()) };
    equal(state()?.as_str(), "disabled", "the state before")?;
    let mut skel = sched_ext::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    equal(state()?.as_str(), "enabled", "the state")?;
    equal(read("/sys/kernel/sched_ext/root/ops")?.trim(), "least", "the scheduler")?;
    let id = skel.maps.bss.id()?;
    let before = variables(id)?;
    // Others run only when this process lets them.
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let after = variables(id)?;
    equal(after.get("started").copied(), Some(1), "whether it was started")?;
    ensure(after.get("queued") > before.get("queued"), || {
        format!("no task was queued: {before:?} {after:?}")
    })?;
    drop(skel);
    gone(|| Ok(state()? != "disabled"))
}
