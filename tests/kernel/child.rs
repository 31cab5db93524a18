//! Parts of tests that need a process of their own: the test binary starts itself with a role.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use libtest_mimic::Failed;
use preload_runtime::{Errno, Error, Existing, Preload, Removal};
use rustix::thread::{CapabilitySet, CapabilitySets, remove_capability_from_bounding_set, set_capabilities};

use crate::objects::{Object, ringbuf};
use crate::{descriptors, faults, token, witness};

const ROLE: &str = "PRELOAD_TEST_ROLE";
const BPFFS: &str = "PRELOAD_TEST_BPFFS";

/// What a child process does.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    /// Preloads the object that its argument names, prints its memory map and limits, and exits.
    Preload,
    /// Removes the pins of the object that its argument names.
    Unpin,
    /// Preloads, replaces, unloads and unpins an object many times, against others that do the same.
    Race,
    /// Preloads the object that its first argument names at each line that it reads; stops at the system call of the second.
    Suffer,
    /// Preloads the object that its first argument names with no descriptor open, and writes down those that are then, in the
    /// file of the second.
    NothingOpen,
    /// Preloads with a token, in a user namespace.
    TokenClient,
    /// Gives up all capabilities for good, then becomes the program that its arguments name.
    BecomeUnprivileged,
    /// Joins the cgroup that its argument names, and does what programs on it can see.
    InCgroup,
    /// Loads an object with a symbol whose address the kernel does not tell it.
    HiddenAddresses,
    /// Loads, attaches, pins, unpins and drops many times, then prints its open descriptors before and after.
    ManyRounds,
    /// Loads many times from inside the kernel, with the standard streams closed.
    InKernel,
}

const ROLES: &[(Role, &str)] = &[
    (Role::Preload, "preload"),
    (Role::Unpin, "unpin"),
    (Role::Race, "race"),
    (Role::Suffer, "suffer"),
    (Role::NothingOpen, "nothing-open"),
    (Role::TokenClient, "token-client"),
    (Role::BecomeUnprivileged, "become-unprivileged"),
    (Role::InCgroup, "in-cgroup"),
    (Role::HiddenAddresses, "hidden-addresses"),
    (Role::ManyRounds, "many-rounds"),
    (Role::InKernel, "in-kernel"),
];

/// The rounds that must not leak a descriptor; an emulated machine takes minutes for so many.
fn rounds() -> usize {
    if env::var_os("PRELOAD_VM").is_some() { 50 } else { 1_000 }
}

impl Role {
    /// The command that plays this role, behind `wrapper` (`strace` and its options, say).
    pub(crate) fn command(self, wrapper: &[&str], bpffs: &witness::Bpffs) -> Result<Command, Failed> {
        self.command_at(wrapper, bpffs.path())
    }

    /// The same for a place that may be no bpffs.
    pub(crate) fn command_at(self, wrapper: &[&str], place: &Path) -> Result<Command, Failed> {
        let this = env::current_exe()?;
        let mut command = match wrapper {
            [program, options @ ..] => {
                let mut command = Command::new(program);
                command.args(options).arg(this);
                command
            }
            [] => Command::new(this),
        };
        let name = ROLES.iter().find(|(role, _)| *role as u8 == self as u8).map_or("", |(_, name)| *name);
        command.env(ROLE, name).env(BPFFS, place);
        Ok(command)
    }
}

/// Plays the role that the environment asks for, if it asks for one.
pub(crate) fn main() -> Option<ExitCode> {
    let name = env::var(ROLE).ok()?;
    let bpffs = env::var(BPFFS).ok()?;
    let (role, _) = ROLES.iter().find(|(_, role)| *role == name)?;
    let result = match role {
        Role::Preload => preload(&bpffs),
        Role::Unpin => object().and_then(|object| Ok((object.unpin)(Removal::at(bpffs.as_str()))?)),
        Role::Race => race(&bpffs),
        Role::Suffer => object().and_then(|object| faults::suffer(&bpffs, object)),
        Role::NothingOpen => object().and_then(|object| descriptors::nothing_open(&bpffs, object)),
        Role::TokenClient => token::client(&bpffs),
        Role::BecomeUnprivileged => become_unprivileged(),
        Role::InCgroup => crate::attach::placed::events::client(),
        Role::HiddenAddresses => crate::externs::hidden_addresses(),
        Role::ManyRounds => many_rounds(&bpffs),
        Role::InKernel => crate::in_kernel::rounds(),
    };
    Some(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.message().unwrap_or("failed"));
            ExitCode::FAILURE
        }
    })
}

fn object() -> Result<&'static Object, Failed> {
    Object::named(&env::args().nth(1).ok_or("no object named")?)
}

fn preload(bpffs: &str) -> Result<(), Failed> {
    let _ = (object()?.preload)(Preload::at(bpffs))?;
    print!("{}{}", fs::read_to_string("/proc/self/maps")?, fs::read_to_string("/proc/self/limits")?);
    Ok(())
}

/// Rounds of each process of a race: `PRELOAD_ROUNDS`, or a sample.
pub(crate) fn race_rounds() -> usize {
    env::var("PRELOAD_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(50)
}

fn race(bpffs: &str) -> Result<(), Failed> {
    let object = object()?;
    let absent = |error: &Error| error.errno() == Some(Errno::ENOENT);
    for round in 0..race_rounds() {
        let _ = (object.preload)(Preload::at(bpffs).existing(Existing::Replace).wait(true))?;
        (object.unload)();
        if (round + std::process::id() as usize) % 3 == 0 {
            // Someone else may have been faster.
            (object.unpin)(Removal::at(bpffs).wait(true))
                .or_else(|error| if absent(&error) { Ok(()) } else { Err(error) })?;
        }
    }
    Ok(())
}

fn become_unprivileged() -> Result<(), Failed> {
    for capability in CapabilitySet::all().iter() {
        // Those that this kernel does not know cannot be given up.
        let _ = remove_capability_from_bounding_set(capability);
    }
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    let mut arguments = env::args_os().skip(1);
    let program = arguments.next().ok_or("no program to become")?;
    // Only returns if it did not work.
    Err(Command::new(program).args(arguments).env_remove(ROLE).exec().into())
}

fn many_rounds(bpffs: &str) -> Result<(), Failed> {
    let directory = format!("{bpffs}/rounds");
    let round = || -> Result<(), Error> {
        let mut skel = ringbuf::Skel::open().load()?;
        let _ = skel.attach()?;
        skel.pin(directory.as_str())?;
        skel.unpin(directory.as_str())?;
        ringbuf::preload(bpffs)?;
        ringbuf::unpin(bpffs)?;
        ringbuf::unload();
        Ok(())
    };
    // The first round may leave something of the standard library's behind.
    round()?;
    let before = descriptors()?;
    for _ in 0..rounds() {
        round()?;
    }
    let mut report = String::new();
    writeln!(report, "{before}\n{}", descriptors()?)?;
    print!("{report}");
    Ok(())
}

fn descriptors() -> Result<usize, Failed> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}
