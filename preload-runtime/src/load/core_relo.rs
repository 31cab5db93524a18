//! CO-RE relocations that the kernel could not carry out, by what the verifier says of them.

use crate::plan::{CoreRelo, ProgramPlan};

/// The helper that the kernel puts into an instruction which it cannot relocate: there is none of that number, so that the
/// program is refused if the instruction is ever reached.
const POISON: &[u8] = b"#195896080";
/// What stands in front of the number of a relocation that the kernel gives up on at once.
const NUMBERED: &[u8] = b"relo #";

/// The relocation that a program was refused for; none when it was refused for something else.
pub(super) fn unresolved(plan: &'static ProgramPlan, log: &[u8]) -> Option<&'static CoreRelo> {
    // The reason is at the end.
    let mut lines = log.split(|&byte| byte == b'\n').rev();
    lines.find_map(|line| of_poison(plan, line).or_else(|| of_number(plan, line)))
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
    core::str::from_utf8(text.get(..end)?).ok()?.parse().ok()
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
        for other in [&b"12: (85) call unknown#77\ninvalid func unknown#77\n"[..], b"relo #9: x", b""] {
            assert_eq!(unresolved(&PLAN, other), None);
        }
    }
}
