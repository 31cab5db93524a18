//! What a test needs of the machine, and what becomes of a test that cannot run.
//!
//! A test may be skipped only because the kernel is older or newer than what it tests, or was built or started without the named
//! feature. Everything else that is missing is a failure.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use rustix::thread::{CapabilitySet, capabilities};

/// What a test body returns; any error fails the test with its message.
pub(crate) type Outcome = Result<(), Failed>;

/// One test.
#[derive(Clone, Copy)]
pub(crate) struct Test {
    pub(crate) name: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) run: fn() -> Outcome,
}

/// A property of the running kernel.
#[derive(Clone, Copy)]
pub(crate) enum Need {
    /// At least this version.
    Kernel(u32, u32),
    /// Older than this version, for what newer ones do better.
    KernelBefore(u32, u32),
    /// Built with probes that are events of this PMU.
    Pmu(&'static str),
    /// Built with what this function of the kernel belongs to.
    Symbol(&'static str),
    /// A file that only some machines have.
    File(&'static str),
    /// Not locked down: a kernel in lockdown refuses programs that attach to its functions.
    NoLockdown,
    /// `CONFIG_BPF_LSM`, and `bpf` in the list of active LSMs.
    BpfLsm,
    /// `CONFIG_IKCONFIG_PROC`, or the file of the configuration in `/boot`.
    KernelConfig,
    /// `CONFIG_KALLSYMS_ALL`, without which the kernel does not find its own variables.
    VariableSymbols,
    /// The kernel does not show its addresses to everyone.
    HiddenAddresses,
    /// This module is loaded, and the kernel has its type information (5.11). The virtual machines load all that is asked for.
    ModuleTypes(&'static str),
    /// The reverse.
    NoModuleTypes(&'static str),
    /// `CONFIG_SCHED_CLASS_EXT` (6.12).
    SchedExt,
}

impl Need {
    /// Why the test cannot run here; nothing when it can.
    fn missing(self) -> Option<String> {
        match self {
            Self::Kernel(major, minor) => {
                (release() < (major, minor)).then(|| format!("the kernel is older than {major}.{minor}"))
            }
            Self::KernelBefore(major, minor) => {
                (release() >= (major, minor)).then(|| format!("the kernel is not older than {major}.{minor}"))
            }
            Self::Pmu(name) => {
                let pmu = Path::new("/sys/bus/event_source/devices").join(name);
                (!pmu.exists()).then(|| format!("the kernel was built without {name} events"))
            }
            Self::Symbol(name) => {
                let known = fs::read_to_string("/proc/kallsyms").unwrap_or_default();
                let is_known = known.lines().any(|line| line.split_whitespace().nth(2) == Some(name));
                (!is_known)
                    .then(|| format!("the kernel was built without `{name}`, or its module is not loaded"))
            }
            Self::File(path) => (!Path::new(path).exists()).then(|| format!("there is no {path}")),
            Self::NoLockdown => security("lockdown")
                .filter(|state| !state.contains("[none]"))
                .map(|state| format!("the kernel is locked down: {}", state.trim())),
            Self::KernelConfig => {
                let boot = format!("/boot/config-{}", rustix::system::uname().release().to_string_lossy());
                let there = Path::new("/proc/config.gz").exists() || Path::new(&boot).exists();
                (!there).then(|| format!("there is neither /proc/config.gz nor {boot}"))
            }
            Self::VariableSymbols => {
                let symbols = fs::read_to_string("/proc/kallsyms").unwrap_or_default();
                (!symbols.contains(" bpf_prog_active\n"))
                    .then(|| "/proc/kallsyms lists no variables".to_owned())
            }
            Self::HiddenAddresses => {
                let setting = |name: &str| -> i32 {
                    let text =
                        fs::read_to_string(Path::new("/proc/sys/kernel").join(name)).unwrap_or_default();
                    text.trim().parse().unwrap_or_default()
                };
                // Who may profile the kernel may see its addresses.
                (setting("kptr_restrict") == 0 && setting("perf_event_paranoid") <= 1)
                    .then(|| "everyone may see the kernel's addresses".to_owned())
            }
            Self::ModuleTypes(name) => {
                let in_machine = std::env::var_os("PRELOAD_VM").is_some() && release() >= (5, 11);
                (!in_machine && !has_module_types(name))
                    .then(|| format!("there are no types of the module {name}"))
            }
            Self::NoModuleTypes(name) => {
                has_module_types(name).then(|| format!("there are types of the module {name}"))
            }
            Self::SchedExt => (!Path::new("/sys/kernel/sched_ext").exists())
                .then(|| "the kernel has no sched_ext".to_owned()),
            Self::BpfLsm => {
                let active = security("lsm").unwrap_or_default();
                (!active.trim().split(',').any(|lsm| lsm == "bpf"))
                    .then(|| format!("bpf is not among the active LSMs: {}", active.trim()))
            }
        }
    }
}

fn has_module_types(name: &str) -> bool {
    Path::new("/sys/kernel/btf").join(name).exists()
}

/// A file of securityfs; nothing where the kernel has no such file.
fn security(name: &str) -> Option<String> {
    let mounted = Path::new("/sys/kernel/security");
    if !mounted.join("lsm").exists() {
        // Nothing else uses it in a test run, and it is where it belongs.
        rustix::mount::mount("securityfs", mounted, "securityfs", rustix::mount::MountFlags::empty(), None)
            .ok()?;
    }
    fs::read_to_string(mounted.join(name)).ok()
}

/// The first two numbers of the running kernel's version.
pub(crate) fn release() -> (u32, u32) {
    let uname = rustix::system::uname();
    let mut numbers = uname.release().to_str().unwrap_or_default().split(['.', '-', '+']).map(str::parse);
    let mut next = || numbers.next().and_then(Result::ok).unwrap_or_default();
    (next(), next())
}

/// Runs what the command line asks for.
pub(crate) fn main(tests: Vec<Test>) -> ExitCode {
    let arguments = Arguments::from_args();
    if let Some(missing) = missing_privilege() {
        // A build machine that cannot run these tests has not tested anything.
        if std::env::var_os("CI").is_some_and(|ci| ci == "true") {
            eprintln!("error: the kernel tests cannot run: {missing}");
            return ExitCode::FAILURE;
        }
        eprintln!(
            "\n    NOT RUN: {} kernel tests, because {missing}. Run `cargo test` as root.\n",
            tests.len()
        );
        let trials = tests.into_iter().map(|test| Trial::test(test.name, || Ok(())).with_ignored_flag(true));
        return libtest_mimic::run(&arguments, trials.collect()).exit_code();
    }

    let trials = tests.into_iter().map(|test| {
        let missing = test.needs.iter().find_map(|need| need.missing());
        if let Some(reason) = &missing {
            println!("skip {}: {reason}", test.name);
        }
        Trial::test(test.name, test.run).with_ignored_flag(missing.is_some())
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn missing_privilege() -> Option<&'static str> {
    let effective = capabilities(None).map(|sets| sets.effective).unwrap_or(CapabilitySet::empty());
    if !effective.contains(CapabilitySet::SYS_ADMIN) {
        return Some("CAP_SYS_ADMIN is missing");
    }
    if !Path::new("/sys/kernel/btf/vmlinux").exists() {
        return Some("there is no /sys/kernel/btf/vmlinux");
    }
    None
}

/// Fails with both values unless they are equal.
pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(left: T, right: T, what: &str) -> Outcome {
    if left == right { Ok(()) } else { Err(format!("{what}: {left:?} is not {right:?}").into()) }
}

/// Fails with the message unless the condition holds.
pub(crate) fn ensure(condition: bool, message: impl FnOnce() -> String) -> Outcome {
    if condition { Ok(()) } else { Err(message().into()) }
}

/// The text of a file, with its path in the error.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<String, Failed> {
    let path = path.as_ref();
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}
