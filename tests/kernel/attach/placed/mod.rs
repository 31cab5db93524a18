//! Programs whose target the caller gives: each is attached, does its work, lives by its pin, and is gone with it.

mod actions;
pub(super) mod cgroup;
mod entries;
pub(crate) mod events;
mod network;
pub(crate) mod objects;
mod refused;
mod routes;
mod settings;
pub(crate) mod sockets;
mod verdicts;

use std::process::Command;
use std::thread;

use libtest_mimic::Failed;
use preload_runtime::{Link, Map};
use rustix::thread::{UnshareFlags, unshare_unsafe};

pub(crate) use network::NETFILTER;
pub(crate) use objects::OBJECTS;
pub(super) use settings::pinned_counts;

use crate::harness::{Outcome, Test, ensure};
use crate::witness::{Bpffs, gone, run, variables};

pub(super) fn tests() -> Vec<Test> {
    [
        network::TESTS,
        cgroup::TESTS,
        sockets::TESTS,
        verdicts::TESTS,
        entries::TESTS,
        routes::TESTS,
        actions::TESTS,
        settings::TESTS,
        refused::TESTS,
    ]
    .concat()
}

/// Runs a test in a network namespace of its own, with its loopback interface up. Processes that it starts are in there too.
pub(crate) fn in_network(test: impl FnOnce() -> Outcome + Send) -> Outcome {
    thread::scope(|scope| {
        let inside = scope.spawn(|| {
            enter_network()?;
            test()
        });
        inside.join().unwrap_or_else(|_| Err("the test panicked".into()))
    })
}

#[expect(
    unsafe_code,
    reason = "a thread leaves the network of the others, which share nothing with it that hangs on it"
)]
fn enter_network() -> Outcome {
    // SAFETY: descriptors stay shared; the thread alone gets another network namespace.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }?;
    ip("link set lo up")
}

fn ip(arguments: &str) -> Outcome {
    run(Command::new("ip").args(arguments.split(' '))).map(drop)
}

/// A variable of an object's `.bss`.
pub(in crate::attach) fn counter(bss: &Map, name: &str) -> Result<u64, Failed> {
    variables(bss.id()?)?.get(name).copied().ok_or_else(|| format!("no variable {name}").into())
}

/// The counter goes up with the event.
pub(crate) fn counts(bss: &Map, name: &str, event: &dyn Fn() -> Outcome) -> Outcome {
    let before = counter(bss, name)?;
    event()?;
    let after = counter(bss, name)?;
    ensure(after > before, || format!("{name} stays at {before}"))
}

/// A link does its work, also when only its pin is left, and no more when that is gone.
pub(in crate::attach) fn lives_by_its_pin(
    link: Link,
    bss: &Map,
    name: &str,
    event: &dyn Fn() -> Outcome,
) -> Outcome {
    let bpffs = Bpffs::mount()?;
    let (id, pin) = (link.id()?, bpffs.join("link"));
    counts(bss, name, event)?;
    link.pin(&pin)?;
    drop(link);
    counts(bss, name, event)?;
    std::fs::remove_file(&pin)?;
    gone("link", id)?;
    // A link loses its id a little before it lets go of its program.
    for _ in 0..100 {
        let before = counter(bss, name)?;
        event()?;
        if counter(bss, name)? == before {
            return Ok(());
        }
    }
    Err(format!("{name} goes up without a link").into())
}
