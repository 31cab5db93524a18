//! Descriptors: never where standard input, output and error belong, and never left to a program that is executed.

use std::fmt::Write as _;
use std::fs;

use libtest_mimic::Failed;

use crate::child::Role;
use crate::harness::{Need, Outcome, Test, ensure, equal, read, release};
use crate::objects::Object;
use crate::witness::{Bpffs, run};

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "descriptors::of_links_programs_and_maps", needs: &[], run: || held("many", 12) },
    Test { name: "descriptors::of_programs_with_co_re", needs: CO_RE, run: || held("iterators", 5) },
    Test { name: "descriptors::on_the_way", needs: &[], run: on_the_way },
];

/// A process that starts with nothing open preloads an object, and keeps so many descriptors.
fn held(object: &str, at_least: usize) -> Outcome {
    let bpffs = Bpffs::mount()?;
    let report = tempfile::NamedTempFile::new()?;
    run(Role::NothingOpen.command(&[], &bpffs)?.arg(object).arg(report.path()))?;
    let report = read(report.path())?;
    let mut seen = 0;
    for line in report.lines() {
        let [number, flags, target] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("no descriptor: {line}").into());
        };
        if target.starts_with("anon_inode:") {
            seen += 1;
            ensure(number.parse::<u32>()? > 2, || format!("it is where standard streams belong: {line}"))?;
            ensure(u32::from_str_radix(flags, 8)? & 0o2_000_000 != 0, || {
                format!("not close-on-exec: {line}")
            })?;
        }
    }
    ensure(seen >= at_least, || format!("only {seen} descriptors of BPF objects:\n{report}"))
}

/// All calls that make descriptors, those that are closed again too.
fn on_the_way() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let report = tempfile::NamedTempFile::new()?;
    let log = tempfile::NamedTempFile::new()?;
    let path = log.path().to_str().ok_or("a path that is not UTF-8")?;
    let strace = ["strace", "-f", "-qq", "-s", "4096", "-o", path];
    let object = if release() < (5, 17) { "many" } else { "iterators" };
    run(Role::NothingOpen.command(&strace, &bpffs)?.arg(object).arg(report.path()))?;
    let log = read(path)?;
    // From where the standard streams are closed, to where the process looks at what it has.
    let (_, log) = log.split_once(" close(0)").ok_or("nothing was closed")?;
    let (log, _) = log.split_once("/proc/self/fd").ok_or("no report")?;
    let result =
        |line: &str| line.rsplit_once("= ").and_then(|(_, result)| result.trim().parse::<i32>().ok());
    let (mut made, mut low) = (0, Vec::new());
    for line in log.lines() {
        let opens = ["openat(", "socket(", "perf_event_open("].iter().any(|call| line.contains(call));
        let loads = ["BTF_LOAD", "MAP_CREATE", "PROG_LOAD", "LINK_CREATE", "RAW_TRACEPOINT_OPEN", "OBJ_GET,"]
            .iter()
            .any(|command| line.contains(&format!("bpf(BPF_{command}")));
        let Some(fd) = result(line).filter(|fd| *fd >= 0 && (opens || loads)) else { continue };
        made += 1;
        ensure(loads || line.contains("CLOEXEC"), || format!("not close-on-exec: {line}"))?;
        if fd < 3 {
            low.push(fd);
        }
    }
    ensure(made > 5 && !low.is_empty(), || format!("{made} descriptors, {low:?} of them low:\n{log}"))?;
    // Each of the low ones was moved at once, and closed.
    for fd in low {
        let moved = format!("fcntl({fd}, F_DUPFD_CLOEXEC, 3)");
        ensure(log.contains(&moved) && log.contains(&format!("close({fd})")), || {
            format!("no {moved}:\n{log}")
        })?;
    }
    Ok(())
}

/// The process's part: closes everything, preloads, and writes down what is open then.
pub(crate) fn nothing_open(bpffs: &str, object: &Object) -> Result<(), Failed> {
    let report = std::env::args().nth(2).ok_or("no place for the report")?;
    for standard in 0..3 {
        nix::unistd::close(standard)?;
    }
    let _ = (object.preload)(preload_runtime::Preload::at(bpffs))?;
    let mut lines = String::new();
    for entry in fs::read_dir("/proc/self/fd")? {
        let entry = entry?;
        let number = entry.file_name().to_string_lossy().into_owned();
        let Ok(target) = fs::read_link(entry.path()) else { continue };
        let info = read(format!("/proc/self/fdinfo/{number}"))?;
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap_or_default().trim();
        writeln!(lines, "{number} {flags} {}", target.display().to_string().replace(' ', "_"))?;
    }
    fs::write(report, &lines)?;
    equal((object.unload)(), true, "the instance")
}
