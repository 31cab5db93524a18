//! Attaching without the capability that it takes: the error names it.

use preload_runtime::target::PerfEvent;
use preload_runtime::{Errno, Error, Step};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};

use super::placed::cgroup::Cgroup;
use super::placed::in_network;
use super::placed::objects::{cgroup, perf};
use crate::harness::{Outcome, Test, ensure, equal};

pub(super) const TESTS: &[Test] = &[
    Test { name: "failures::attaching_to_a_cgroup_without_a_capability", needs: &[], run: to_cgroup },
    Test { name: "failures::attaching_to_an_event_without_a_capability", needs: &[], run: to_event },
];

/// Takes capabilities away from this thread.
fn without(capability: CapabilitySet) -> Outcome {
    let mut sets = capabilities(None)?;
    // That stands for all others.
    sets.effective -= capability | CapabilitySet::SYS_ADMIN;
    Ok(set_capabilities(None, sets)?)
}

fn refused(error: Option<Error>, errnos: &[Errno], parts: &[&str]) -> Outcome {
    let error = error.ok_or("it was attached")?;
    let message = error.to_string();
    equal(error.step(), Step::Attach, &message)?;
    ensure(error.errno().is_some_and(|errno| errnos.contains(&errno)), || message.clone())?;
    for part in parts {
        ensure(message.contains(part), || format!("`{part}` is not in: {message}"))?;
    }
    Ok(())
}

fn to_cgroup() -> Outcome {
    let cgroup = Cgroup::new("privilege")?;
    // In a thread of its own.
    in_network(|| {
        let skel = cgroup::Skel::open().load()?;
        without(CapabilitySet::NET_ADMIN)?;
        let error = skel.progs.skb_ingress.attach_cgroup(cgroup.path()).err();
        refused(error, &[Errno::EPERM], &["program `skb_ingress`", "CAP_NET_ADMIN"])
    })
}

fn to_event() -> Outcome {
    in_network(|| {
        let skel = perf::Skel::open().load()?;
        without(CapabilitySet::PERFMON)?;
        let error = skel.progs.count_samples.attach_perf_event(PerfEvent::cpu_clock(0, 1000)).err();
        refused(error, &[Errno::EPERM, Errno::EACCES], &["program `count_samples`", "CAP_PERFMON"])
    })
}
