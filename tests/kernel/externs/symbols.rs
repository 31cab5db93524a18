//! Functions and variables of the kernel: found, not there and done without, not there and missed.

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, ErrorKind, OpenSkeleton, Step};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal, read, release as release_numbers};
use crate::witness::{Bpffs, cat, run};

#[bpf_preload("../../bpf/externs/ksyms.bpf.o")]
mod ksyms {}

#[bpf_preload("../../bpf/externs/kfuncs.bpf.o")]
mod kfuncs {}

#[bpf_preload("../../bpf/externs/ksyms_strong.bpf.o")]
mod strong {}

/// Kernel functions that iterators may call, and whose address can be asked for.
const FUNCTIONS: &[Need] = &[Need::Kernel(6, 4)];

/// The kernel lists its variables, and describes them: Debian's 5.10 does not.
const VARIABLES: &[Need] = &[Need::Kernel(5, 15), Need::VariableSymbols];

/// Who may not read the kernel's log gets zeros for addresses.
const HIDDEN: &[Need] = &[Need::HiddenAddresses];

pub(super) const TESTS: &[Test] = &[
    Test { name: "externs::symbols::variables_are_found", needs: VARIABLES, run: variables },
    Test { name: "externs::symbols::addresses_are_found", needs: &[], run: addresses },
    Test { name: "externs::symbols::functions_are_called", needs: FUNCTIONS, run: functions },
    Test { name: "externs::symbols::addresses_that_are_hidden", needs: HIDDEN, run: hidden },
    Test { name: "externs::symbols::what_is_missing_is_named", needs: &[], run: missing },
];

fn variables() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut open = ksyms::Skel::open();
    open.progs.show_variables.set_autoload(true);
    let mut skel = open.load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    skel.pin_show_variables(bpffs.join("show"))?;
    equal(
        cat(bpffs.join("show"))?.as_str(),
        "bpf_prog_active 1\nno_such_variable 0\n",
        "what the program sees",
    )
}

fn addresses() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = ksyms::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    skel.pin_show_addresses(bpffs.join("show"))?;
    let symbols = read("/proc/kallsyms")?;
    let line =
        symbols.lines().find(|line| line.ends_with(" T _stext")).ok_or("no _stext in /proc/kallsyms")?;
    let address = line.split(' ').next().unwrap_or_default();
    let expected = format!("_stext {address}\nno_such_symbol 0\n");
    equal(cat(bpffs.join("show"))?, expected, "what the program sees")
}

fn hidden() -> Outcome {
    run(&mut Role::HiddenAddresses.command(&[], &Bpffs::mount()?)?).map(drop)
}

/// In a process of its own: that the symbol is there without its address is not taken for an address of 0.
pub(crate) fn without_addresses() -> Outcome {
    let mut left = capabilities(None)?;
    left.effective.remove(CapabilitySet::SYSLOG);
    left.permitted.remove(CapabilitySet::SYSLOG);
    set_capabilities(None, left)?;
    ensure(read("/proc/kallsyms")?.contains("0000000000000000 T _stext\n"), || "it is not hidden".into())?;
    let error = refused(ksyms::Skel::open().load())?;
    equal(error.step(), Step::FindSymbols, "the step")?;
    ensure(matches!(error.kind(), ErrorKind::HiddenAddresses(_)), || error.to_string())?;
    let text = error.to_string();
    for part in ["`show_addresses`", "`_stext`", "kernel.kptr_restrict", "run as root"] {
        ensure(text.contains(part), || format!("`{part}` is not in: {text}"))?;
    }
    // Programs without such symbols are not concerned.
    let mut open = ksyms::Skel::open();
    open.progs.show_addresses.set_autoload(false);
    Ok(open.load().map(drop)?)
}

fn functions() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = kfuncs::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    skel.pin_call_functions(bpffs.join("call"))?;
    let expected = "empty 1 before 0 after 1\nthere 1 not there 0\n";
    equal(cat(bpffs.join("call"))?.as_str(), expected, "what the functions do")
}

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it was loaded".into())
}

fn missing() -> Outcome {
    strong::Skel::open().load().map_err(|error| format!("no program needs a symbol, but: {error}"))?;
    let cases = [
        ("calls_what_is_missing", "has no function `bpf_no_such_function`"),
        ("reads_what_is_missing", "has no variable with a type `no_such_variable`"),
        ("takes_a_missing_address", "has no symbol `no_such_symbol`"),
        ("calls_something_else", "is of another type"),
        ("reads_something_else", "is of another type"),
    ];
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    for (program, part) in cases {
        if program == "reads_something_else" && release_numbers() < (5, 15) {
            continue;
        }
        let mut open = strong::Skel::open();
        open.program(program).ok_or("no such program")?.set_autoload(true);
        let error = refused(open.load())?;
        equal(error.step(), Step::FindSymbols, "the step")?;
        let known = matches!(error.kind(), ErrorKind::MissingSymbol(_) | ErrorKind::SymbolMismatch(_));
        ensure(known, || format!("another error: {error}"))?;
        let text = error.to_string();
        for part in [part, &release, &format!("`{program}`")] {
            ensure(text.contains(part), || format!("`{part}` is not in: {text}"))?;
        }
    }
    Ok(())
}
