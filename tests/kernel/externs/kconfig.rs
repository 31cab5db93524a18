//! Values of the kernel's configuration: as the machine has them, as the caller gives them, and what is refused.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, ErrorKind, Step};
use serde_json::Value;

use crate::harness::{Need, Outcome, Test, ensure, equal, read};
use crate::witness::{Bpffs, bpftool, cat, run};

#[bpf_preload("../../bpf/externs/kconfig.bpf.o")]
mod kconfig {}

#[bpf_preload("../../bpf/externs/kconfig_strong.bpf.o")]
mod strong {}

pub(super) const TESTS: &[Test] = &[
    Test {
        name: "externs::kconfig::values_are_those_of_the_machine",
        needs: &[Need::KernelConfig],
        run: of_the_machine,
    },
    Test { name: "externs::kconfig::the_caller_gives_values", needs: &[], run: of_the_caller },
    Test { name: "externs::kconfig::a_file_in_place_of_the_machines", needs: &[], run: of_a_file },
    Test { name: "externs::kconfig::what_is_missing_is_named", needs: &[Need::KernelConfig], run: missing },
    Test { name: "externs::kconfig::what_does_not_fit_is_refused", needs: &[], run: mismatch },
    Test { name: "externs::kconfig::damaged_files_are_refused", needs: &[], run: damaged },
];

/// Values that stand for those of a machine, none of which has them.
const VALUES: &str = "\
# CONFIG_NOT_SET is not set
CONFIG_BPF_SYSCALL=n
CONFIG_CGROUPS=m
CONFIG_HZ=-77
CONFIG_LOG_BUF_SHIFT=65535
CONFIG_RCU_FANOUT_LEAF=-128
CONFIG_PHYSICAL_ALIGN=0xfedcba9876543210
CONFIG_PANIC_TIMEOUT=-1
CONFIG_TCP_CONG_BBR=m
CONFIG_TCP_CONG_CUBIC=y
CONFIG_DEFAULT_TCP_CONG=\"a \\\"quoted\\\" name that is long\"
CONFIG_DEFAULT_HOSTNAME=\"\"
";

const EXPECTED: [(&str, &str); 11] = [
    ("BPF_SYSCALL", "0"),
    ("CGROUPS", "109"),
    ("HZ", "-77"),
    ("LOG_BUF_SHIFT", "65535"),
    ("RCU_FANOUT_LEAF", "-128"),
    ("PHYSICAL_ALIGN", "18364758544493064720"),
    ("PANIC_TIMEOUT", "-1"),
    ("TCP_CONG_BBR", "2"),
    ("TCP_CONG_CUBIC", "1"),
    ("DEFAULT_TCP_CONG", "a \\\"quoted\\\" na"),
    ("DEFAULT_HOSTNAME", ""),
];

/// What the program reads, by name.
fn shown(open: kconfig::OpenSkel) -> Result<BTreeMap<String, String>, Failed> {
    let bpffs = Bpffs::mount()?;
    let mut skel = open.load()?;
    ensure(skel.attach()?.is_empty(), || "something was left to attach".into())?;
    let map = bpftool("map")?.remove(&skel.maps.kconfig.id()?).ok_or("bpftool does not see the map")?;
    equal(map.get("name").and_then(Value::as_str), Some("kconfig.kconfig"), "the kernel's name of the map")?;
    equal(map.get("frozen").and_then(Value::as_u64), Some(1), "whether the map is frozen")?;
    skel.pin_show_config(bpffs.join("show"))?;
    let text = cat(bpffs.join("show"))?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.to_owned()))
    };
    text.lines().map(|line| pair(line).ok_or_else(|| Failed::from(format!("not a value: {line}")))).collect()
}

/// The configuration as another program reads it.
fn machine() -> Result<BTreeMap<String, String>, Failed> {
    let text = if Path::new("/proc/config.gz").exists() {
        String::from_utf8(run(Command::new("zcat").arg("/proc/config.gz"))?.stdout)?
    } else {
        read(format!("/boot/config-{}", rustix::system::uname().release().to_string_lossy()))?
    };
    let option = |line: &str| {
        let (name, value) = line.strip_prefix("CONFIG_")?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Ok(text.lines().filter_map(option).collect())
}

fn of_the_machine() -> Outcome {
    let (mut shown, machine) = (shown(kconfig::Skel::open())?, machine()?);
    let mut take = |name: &str| shown.remove(name).ok_or_else(|| Failed::from(format!("no {name}")));
    let number = |name: &str| -> Result<String, Failed> {
        let text = machine.get(name).map_or("0", String::as_str);
        let number = match text.strip_prefix("0x") {
            Some(digits) => i128::from_str_radix(digits, 16)?,
            None => text.parse()?,
        };
        Ok(number.to_string())
    };
    for name in ["HZ", "LOG_BUF_SHIFT", "RCU_FANOUT_LEAF", "PHYSICAL_ALIGN", "PANIC_TIMEOUT"] {
        equal(take(name)?, number(name)?, name)?;
    }
    for name in ["TCP_CONG_BBR", "TCP_CONG_CUBIC", "BPF_SYSCALL"] {
        let letter = machine.get(name).map(String::as_str);
        equal(take(name)?, letter.map_or("0", |letter| if letter == "y" { "1" } else { "2" }).into(), name)?;
    }
    let letter = machine.get("CGROUPS").and_then(|text| text.bytes().next()).unwrap_or_default();
    equal(take("CGROUPS")?, letter.to_string(), "CGROUPS")?;
    let text =
        |name: &str| machine.get(name).map(|text| text.trim_matches('"').to_owned()).unwrap_or_default();
    equal(take("DEFAULT_TCP_CONG")?, text("DEFAULT_TCP_CONG"), "DEFAULT_TCP_CONG")?;
    // The variable has four bytes, one of which is the NUL.
    let cut: String = text("DEFAULT_HOSTNAME").chars().take(3).collect();
    equal(take("DEFAULT_HOSTNAME")?, cut, "DEFAULT_HOSTNAME")?;
    equal(take("NO_SUCH_OPTION")?, "0".into(), "an option that there is not")?;

    equal(take("KERNEL_VERSION")?, kernel_version()?, "KERNEL_VERSION")?;
    let since = crate::harness::release() >= (5, 15);
    equal(take("HAS_BPF_COOKIE")?, u8::from(since).to_string(), "HAS_BPF_COOKIE")?;
    let wrapped = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
    equal(take("HAS_SYSCALL_WRAPPER")?, u8::from(wrapped).to_string(), "HAS_SYSCALL_WRAPPER")?;
    equal(take("NO_SUCH_VALUE")?, "0".into(), "a value that nobody makes up")
}

/// `KERNEL_VERSION` in hexadecimal: Debian's third number is not in the release.
fn kernel_version() -> Result<String, Failed> {
    let uname = rustix::system::uname();
    let (version, release) = (uname.version().to_string_lossy(), uname.release().to_string_lossy());
    let text = version.split_once("Debian ").map_or(release.as_ref(), |(_, text)| text);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    let mut next = || numbers.next().and_then(Result::ok).ok_or_else(|| Failed::from("no three numbers"));
    Ok(format!("{:x}", next()? << 16 | next()? << 8 | next()?.min(255)))
}

fn check(shown: &BTreeMap<String, String>) -> Outcome {
    for (name, value) in EXPECTED {
        equal(shown.get(name).map(String::as_str), Some(value), name)?;
    }
    Ok(())
}

fn of_the_caller() -> Outcome {
    let mut open = kconfig::Skel::open();
    // With a value for everything, so that the machine, which may have no configuration to read, is not asked.
    open.kconfig.set_text(complete());
    check(&shown(open)?)
}

/// The values, with one for the option that nothing else has.
fn complete() -> &'static str {
    Box::leak(format!("{VALUES}CONFIG_NO_SUCH_OPTION=0\n").into_boxed_str())
}

fn of_a_file() -> Outcome {
    let directory = tempfile::tempdir()?;
    let plain = directory.path().join("config");
    std::fs::write(&plain, VALUES)?;
    let mut open = kconfig::Skel::open();
    open.kconfig.set_file(&plain);
    check(&shown(open)?)?;

    // Long enough for several pieces and for more than what deflate looks back at.
    let padding: String =
        (0..20_000).map(|number| format!("CONFIG_PADDING_{number}={}\n", number * 7919)).collect();
    std::fs::write(&plain, format!("{padding}{VALUES}{padding}"))?;
    run(Command::new("gzip").arg(&plain))?;
    let mut open = kconfig::Skel::open();
    open.kconfig.set_file(directory.path().join("config.gz"));
    check(&shown(open)?)?;

    // The text counts more than the file.
    let mut open = kconfig::Skel::open();
    open.kconfig.set_file(directory.path().join("config.gz")).set_text("CONFIG_HZ=5");
    equal(shown(open)?.get("HZ").map(String::as_str), Some("5"), "the value that is given twice")
}

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it was loaded".into())
}

fn missing() -> Outcome {
    strong::Skel::open().load().map_err(|error| format!("no program needs a value, but: {error}"))?;
    let mut open = strong::Skel::open();
    open.progs.needs_what_is_missing.set_autoload(true);
    let error = refused(open.load())?;
    equal(error.step(), Step::ReadConfig, "the step")?;
    ensure(
        matches!(error.kind(), ErrorKind::MissingConfig(value) if value.name == "CONFIG_NO_SUCH_OPTION"),
        || format!("another error: {error}"),
    )?;
    let text = error.to_string();
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    for part in ["`needs_what_is_missing`", "CONFIG_NO_SUCH_OPTION", &release, "__weak"] {
        ensure(text.contains(part), || format!("`{part}` is not in: {text}"))?;
    }
    Ok(())
}

fn mismatch() -> Outcome {
    let mut open = strong::Skel::open();
    open.progs.takes_a_number_for_a_bool.set_autoload(true);
    open.kconfig.set_text("CONFIG_HZ=250\nCONFIG_NO_SUCH_OPTION=1\n");
    let error = refused(open.load())?;
    let text = error.to_string();
    ensure(text.contains("CONFIG_HZ is 250, which does not fit its variable"), || text.clone())?;

    for (value, fits) in [("65535", true), ("65536", false), ("-1", false), ("y", false), ("\"5\"", false)] {
        let mut open = kconfig::Skel::open();
        let text = format!("CONFIG_LOG_BUF_SHIFT={value}\n{}", complete());
        open.kconfig.set_text(Box::leak(text.into_boxed_str()));
        equal(open.load().is_ok(), fits, value)?;
    }
    Ok(())
}

fn damaged() -> Outcome {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("config");
    std::fs::write(&path, VALUES)?;
    run(Command::new("gzip").arg(&path))?;
    let path = directory.path().join("config.gz");
    let whole = std::fs::read(&path)?;
    for len in [3, 12, whole.len() / 2, whole.len() - 20] {
        std::fs::write(&path, &whole[..len])?;
        let mut open = kconfig::Skel::open();
        open.kconfig.set_file(&path);
        let error = refused(open.load())?;
        ensure(error.kind() == ErrorKind::DamagedConfig, || format!("cut to {len} bytes: {error}"))?;
    }
    let mut open = kconfig::Skel::open();
    open.kconfig.set_file(directory.path().join("none"));
    let error = refused(open.load())?;
    ensure(error.to_string().contains("/none: no such file"), || error.to_string())
}
