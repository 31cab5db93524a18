//! CO-RE relocations that the kernel could not carry out, by what the verifier says of them.

use crate::digits;
use crate::plan::{CoreRelo, ProgramPlan};

/// The helper that the kernel puts into an instruction which it cannot relocate: there is none of that number, so that the
/// program is refused if the instruction is ever reached.
const POISON: &[u8] = b"#195896080";
/// What lines behind the reason begin with.
const STATISTICS: [&[u8]; 3] = [b"processed ", b"verification time ", b"stack depth "];
/// What stands in front of the number of a relocation that the kernel gives up on at once.
const NUMBERED: &[u8] = b"relo #";

/// The relocation that a program was refused for; none when it was refused for something else.
pub(super) fn unresolved(plan: &'static ProgramPlan, log: &[u8]) -> Option<&'static CoreRelo> {
    // The reason is at the end, with numbers of what was done behind it. In front of it there may be words on relocations
    // that were carried out.
    let is_reason = |line: &&[u8]| !line.is_empty() && !STATISTICS.iter().any(|word| line.starts_with(word));
    let mut lines = log.split(|&byte| byte == b'\n').rev().skip_while(|line| !is_reason(line));
    let reason = lines.next()?;
    match find(reason, POISON) {
        Some(_) => lines.find_map(|line| of_poison(plan, line)),
        None => of_number(plan, reason),
    }
}

/// `12: (85) call unknown#195896080`.
fn of_poison(plan: &'static ProgramPlan, line: &[u8]) -> Option<&'static CoreRelo> {
    find(line, POISON)?;
    let insn = number(line)?;
    plan.core.iter().find(|relo| relo.insn == insn)
}

/// `relo #3: ...`, with something in front.
fn of_number(plan: &'static ProgramPlan, line: &[u8]) -> Option<&'static CoreRelo> {
    let at = find(line, NUMBERED)? + NUMBERED.len();
    plan.core.get(number(line.get(at..)?)? as usize)
}

fn find(line: &[u8], part: &[u8]) -> Option<usize> {
    line.windows(part.len()).position(|window| window == part)
}

/// The number that a text starts with, a colon behind it.
fn number(text: &[u8]) -> Option<u32> {
    let end = text.iter().position(|&byte| byte == b':')?;
    digits::decimal(text.get(..end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    static PLAN: ProgramPlan = ProgramPlan {
        core: &[
            CoreRelo { insn: 3, what: "struct a.b", place: "a.c:1" },
            CoreRelo { insn: 12, what: "struct c.d", place: "a.c:2" },
        ],
        ..ProgramPlan::EMPTY
    };

    #[test]
    fn the_relocation_is_the_one_of_the_last_instruction() {
        let log = b"0: R1=ctx() R10=fp0\n; return x;\n12: (85) call unknown#195896080\ninvalid func unknown#195896080\nprocessed 4 insns\n";
        assert_eq!(unresolved(&PLAN, log).map(|relo| relo.what), Some("struct c.d"));
        let log = b"libbpf: prog '': relo #0: no matching targets found\n";
        assert_eq!(unresolved(&PLAN, log).map(|relo| relo.what), Some("struct a.b"));
        let log = b"prog '': relo #0: patched insn #3 (LDX/ST/STX) off 0 -> 8\n0: (bf) r6 = r1\n5: (61) r1 = *(u32 *)(r2 +0)\naccess beyond the end\nprocessed 1 insns\n";
        assert_eq!(unresolved(&PLAN, log), None);
        for other in [&b"12: (85) call unknown#77\ninvalid func unknown#77\n"[..], b"relo #9: x", b""] {
            assert_eq!(unresolved(&PLAN, other), None);
        }
    }
}
