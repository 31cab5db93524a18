//! Programs that may sleep, and programs that are left out.

use preload_macros::bpf_preload;
use preload_runtime::Errno;

use crate::harness::{Outcome, Test, equal};
use crate::witness::{Bpffs, cat};

#[bpf_preload("../../bpf/programs/sleepable.bpf.o")]
mod sleepable {}

pub(super) const TESTS: &[Test] = &[
    Test { name: "programs::sleepable", needs: SLEEPABLE_ITERATORS, run: sleepable },
    Test { name: "programs::left_out_until_switched_on", needs: SLEEPABLE_ITERATORS, run: left_out },
];

const SLEEPABLE_ITERATORS: &[crate::harness::Need] = &[crate::harness::Need::Kernel(6, 0)];

fn sleepable() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = sleepable::Skel::open().load()?;
    let _ = skel.attach()?;
    skel.pin_may_sleep(bpffs.join("may_sleep"))?;
    equal(cat(bpffs.join("may_sleep"))?.as_str(), "error -14\n", "what the program reads at address 1")
}

fn left_out() -> Outcome {
    let mut open = sleepable::Skel::open();
    equal(open.progs.may_not.autoload(), false, "whether `?` leaves the program out")?;
    open.progs.may_not.set_autoload(true);
    let error = open.load().err().ok_or("the kernel takes a call that sleeps in a program that may not")?;
    equal((error.item(), error.errno()), (Some("may_not"), Some(Errno::EINVAL)), "what is refused")
}
