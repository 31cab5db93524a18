//! Functions and variables of modules, by the type information of each.
//!
//! The virtual machines load the modules before the tests.

use std::fs;
use std::path::Path;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Attachment, ErrorKind, Map, Step};

use crate::harness::{Need, Outcome, Test, ensure, equal, read};
use crate::struct_ops::{available, gone, talk};
use crate::witness::{Bpffs, bpftool, cat, variables};

#[bpf_preload("../../bpf/modules/called.bpf.o")]
mod called {}

#[bpf_preload("../../bpf/modules/probed.bpf.o")]
mod probed {}

#[bpf_preload("../../bpf/modules/variables.bpf.o")]
mod module_variables {}

#[bpf_preload("../../bpf/module_target.bpf.o")]
mod absent {}

const PROBES: &[Need] =
    &[Need::ModuleTypes("tcp_bbr"), Need::NoLockdown, Need::Pmu("kprobe"), Need::Kernel(5, 15)];
/// Its functions are marked as such that programs may call. The verifier of 6.1 takes no address of a function, by which
/// the object asks whether it is there.
const FUNCTIONS: &[Need] = &[Need::ModuleTypes("tcp_bbr"), Need::Kernel(6, 12)];
/// The verifier of 6.1 refuses what the object does with the address.
const VARIABLES: &[Need] = &[Need::ModuleTypes("x_tables"), Need::VariableSymbols, Need::Kernel(6, 12)];
/// No module is loaded that has types.
const NO_MODULES: &[Need] = &[Need::NoModuleTypes("tcp_bbr")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "externs::modules::functions_are_probed", needs: PROBES, run: probes },
    Test { name: "externs::modules::functions_are_called", needs: FUNCTIONS, run: functions },
    Test { name: "externs::modules::variables_are_found", needs: VARIABLES, run: module_variable },
    Test { name: "externs::modules::a_module_that_is_not_there", needs: &[], run: no_module },
    Test { name: "externs::modules::what_is_in_no_module", needs: NO_MODULES, run: without_modules },
];

fn counter(bss: &Map, name: &str) -> Result<u64, Failed> {
    variables(bss.id()?)?.get(name).copied().ok_or_else(|| format!("no variable {name}").into())
}

/// Sockets that take the module's congestion control call its function.
fn probes() -> Outcome {
    let mut skel = probed::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    talk("bbr")?;
    for name in ["entries", "exits", "probes"] {
        ensure(counter(&skel.maps.bss, name)? > 0, || format!("{name} is 0"))?;
    }
    // The kernel names the type information that the program was loaded against.
    let link = skel.links.count_entries.as_ref().ok_or("there is no link")?;
    let Attachment::Tracing { target_object_id, .. } = link.info()?.attachment else {
        return Err("the link is of another kind".into());
    };
    let known = bpftool("btf")?;
    let name = known.get(&target_object_id).and_then(|btf| btf.get("name")?.as_str());
    equal(name, Some("tcp_bbr"), "what the link is attached to")
}

/// The verifier of 6.18 takes the `struct sock` of the module for another one than that of the operations.
fn takes_no_sock() -> Result<bool, Failed> {
    Ok(read("/proc/sys/kernel/osrelease")?.starts_with("6.18."))
}

/// Whether a name is in this part of the type information.
fn has_name(part: &str, name: &str) -> Result<bool, Failed> {
    let strings = fs::read(Path::new("/sys/kernel/btf").join(part))?;
    Ok(strings.split(|&byte| byte == 0).any(|string| string == name.as_bytes()))
}

/// What the module's function has done is what a program that is attached to it has seen.
fn functions() -> Outcome {
    let mut control = match called::Skel::open().load() {
        Ok(control) => control,
        // It was found, and handed over; what the kernel then makes of its argument is the kernel's.
        Err(error) if takes_no_sock()? => {
            let log = error.verifier_log().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            return ensure(
                log.contains("kernel function bbr_init args#0 expected pointer to STRUCT sock"),
                || log,
            );
        }
        Err(error) => return Err(error.into()),
    };
    ensure(control.attach()?.is_empty(), || "something was left to attach".into())?;
    let mut probed = probed::Skel::open();
    probed.progs.count_exits.set_autoload(false);
    probed.progs.count_probes.set_autoload(false);
    let mut probed = probed.load()?;
    let _ = probed.attach()?;
    talk("bpf_borrowed")?;
    ensure(counter(&control.maps.bss, "begun")? > 0, || "no socket has taken the operations".into())?;
    ensure(counter(&probed.maps.bss, "entries")? > 0, || "the module's function was not called".into())?;
    // Without a link, they stay in force until they are taken out.
    let bpffs = Bpffs::mount()?;
    control.pin(bpffs.join("called"))?;
    drop(control);
    called::unpin(bpffs.path())?;
    gone(|| available("bpf_borrowed"))
}

fn module_variable() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let mut skel = module_variables::Skel::open().load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    skel.pin_show(bpffs.join("show"))?;
    let expected = "xt_recseq there 1 even 1\nxt_no_such_variable there 0\n";
    equal(cat(bpffs.join("show"))?.as_str(), expected, "what the program sees")
}

/// The module is part of no machine that the tests run on.
fn no_module() -> Outcome {
    let error = absent::Skel::open().load().err().ok_or("it was loaded")?;
    equal(error.step(), Step::FindTarget, "the step")?;
    ensure(matches!(error.kind(), ErrorKind::NoTarget(_)), || error.to_string())?;
    let text = error.to_string();
    for part in
        ["`nothing`", "`ext4_sync_fs` is not in the type information of ext4", "load the module first"]
    {
        ensure(text.contains(part), || format!("`{part}` is not in: {text}"))?;
    }
    Ok(())
}

/// What is strong and in a module that is not loaded is missed; what is weak is done without.
fn without_modules() -> Outcome {
    match (called::Skel::open().load(), has_name("vmlinux", "bbr_init")?) {
        (Ok(_), true) => {}
        (Ok(_), false) => return Err("it was loaded".into()),
        (Err(error), _) => {
            equal(error.step(), Step::FindSymbols, "the step")?;
            ensure(error.to_string().contains("has no function `bbr_init`"), || error.to_string())?;
        }
    }
    if has_name("vmlinux", "xt_recseq")? {
        return Ok(());
    }
    let bpffs = Bpffs::mount()?;
    let mut skel = module_variables::Skel::open().load()?;
    let _ = skel.attach()?;
    skel.pin_show(bpffs.join("show"))?;
    equal(cat(bpffs.join("show"))?.as_str(), "no xt_recseq\n", "what the program sees")
}
