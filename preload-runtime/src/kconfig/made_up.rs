//! Values that no configuration has, and libbpf makes up.

use super::values::Values;
use crate::error::{Error, Step};
use crate::kernel_btf::{self, Wanted};
use crate::plan::{BtfTarget, ProgramPlan};
use crate::privilege::Privilege;
use crate::sys::bpf::{self, ProgramContext};
use crate::sys::file;
use crate::sys::process::Names;

const KNOWN: [&str; 3] = ["LINUX_KERNEL_VERSION", "LINUX_HAS_BPF_COOKIE", "LINUX_HAS_SYSCALL_WRAPPER"];

/// Sets those that are to be set; what is not known here stays zero.
pub(super) fn fill(values: &mut Values, privilege: &mut Privilege<'_>) -> Result<(), Error> {
    loop {
        let next = values.wanted().find(|(_, value)| KNOWN.contains(&value.name));
        let Some((index, value)) = next else { return Ok(()) };
        let number = match value.name {
            "LINUX_KERNEL_VERSION" => u64::from(kernel_version()),
            "LINUX_HAS_BPF_COOKIE" => u64::from(has_cookie(privilege)),
            _ => u64::from(has_syscall_wrapper()?),
        };
        values.number(index, number)?;
    }
}

/// `KERNEL_VERSION(major, minor, patch)` of the running kernel.
///
/// What a distribution calls its kernel may be another number than that of the release it is made from: Ubuntu tells
/// the true one in a file, Debian in the text of its version.
fn kernel_version() -> u32 {
    let mut buffer = [0; 256];
    let signature = file::open(c"/proc/version_signature").and_then(|fd| file::read(&fd, &mut buffer));
    let signature = signature.ok().and_then(|len| core::str::from_utf8(buffer.get(..len)?).ok());
    let names = Names::of_kernel();
    version(signature, names.version(), names.release())
}

fn version(signature: Option<&str>, version: &str, release: &str) -> u32 {
    // "Ubuntu 5.4.0-12.15-generic 5.4.8"
    let ubuntu = || three_numbers(signature?.split_ascii_whitespace().nth(2)?);
    // "#1 SMP Debian 4.9.303-1 (2022-03-07)"
    let debian = || three_numbers(version.split_once("Debian ")?.1);
    let [major, minor, patch] =
        ubuntu().or_else(debian).or_else(|| three_numbers(release)).unwrap_or_default();
    (major << 16) + (minor << 8) + patch.min(255)
}

/// The numbers that a text starts with, dots between them.
fn three_numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.splitn(3, '.');
    let (major, minor, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Some([major.parse().ok()?, minor.parse().ok()?, rest.get(..end)?.parse().ok()?])
}

/// Whether programs can ask for the number that their attachment was given (`bpf_get_attach_cookie`, 5.15).
///
/// The kernel lists its helpers nowhere: as with libbpf, a program that calls this one is loaded, or is not.
fn has_cookie(privilege: &mut Privilege<'_>) -> bool {
    static PROGRAM: ProgramPlan = ProgramPlan {
        name: "cookie",
        program_type: 5, // BPF_PROG_TYPE_TRACEPOINT
        #[rustfmt::skip]
        insns: &[
            0x85, 0, 0, 0, 174, 0, 0, 0, // call bpf_get_attach_cookie
            0x95, 0, 0, 0, 0, 0, 0, 0,   // exit
        ],
        ..ProgramPlan::EMPTY
    };
    let context = ProgramContext {
        license: c"GPL",
        btf: None,
        fd_array: &[],
        attach_btf_id: 0,
        attach_btf: None,
        member: None,
    };
    privilege.call(|token| bpf::prog_load(&PROGRAM, PROGRAM.insns, &context, None, token)).is_ok()
}

/// Whether system calls get their arguments in one `struct pt_regs` (x86 4.17, arm64 4.19, riscv 6.6): the name of the
/// kernel's functions for them says so.
fn has_syscall_wrapper() -> Result<bool, Error> {
    #[cfg(target_arch = "x86_64")]
    static FUNCTION: BtfTarget = BtfTarget { module: None, kind: 12, name: "__x64_sys_bpf" };
    #[cfg(target_arch = "aarch64")]
    static FUNCTION: BtfTarget = BtfTarget { module: None, kind: 12, name: "__arm64_sys_bpf" };
    #[cfg(target_arch = "riscv64")]
    static FUNCTION: BtfTarget = BtfTarget { module: None, kind: 12, name: "__riscv_sys_bpf" };
    let mut wanted = [Wanted { target: Some(&FUNCTION), ..Wanted::NOTHING }];
    kernel_btf::find(&mut wanted).map_err(|error| error.at_step(Step::ReadConfig))?;
    Ok(wanted[0].missing().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(signature: Option<&str>, text: &str, release: &str) -> (u32, u32, u32) {
        let number = version(signature, text, release);
        (number >> 16, number >> 8 & 0xff, number & 0xff)
    }

    #[test]
    fn distributions_have_numbers_of_their_own() {
        let ubuntu = Some("Ubuntu 5.4.0-12.15-generic 5.4.8\n");
        assert_eq!(numbers(ubuntu, "#15-Ubuntu SMP", "5.4.0-12-generic"), (5, 4, 8));
        let debian = "#1 SMP Debian 4.9.303-1 (2022-03-07)";
        assert_eq!(numbers(None, debian, "4.9.0-18-amd64"), (4, 9, 255));
        assert_eq!(numbers(None, "#1 SMP PREEMPT_DYNAMIC", "6.18.44-fc"), (6, 18, 44));
        assert_eq!(numbers(None, "#1 SMP Debian", "6.1.0"), (6, 1, 0));
        assert_eq!(numbers(None, "", "6.1.300"), (6, 1, 255));
        assert_eq!(numbers(Some("strange"), "", "6.1.5rc1"), (6, 1, 5));
        assert_eq!(numbers(None, "", "6.1"), (0, 0, 0));
    }
}
