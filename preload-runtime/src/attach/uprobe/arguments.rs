//! Where the arguments of a USDT probe are: from the assembler's words to what `bpf/usdt.bpf.h` looks up.
//!
//! An argument is written as its size, negative if it is signed, `@`, and an operand of the machine: a constant, a register,
//! or memory at a register and an offset.

use core::str::FromStr;

/// `BPF_USDT_MAX_ARG_CNT`.
const ARGUMENTS: usize = 12;
/// Bytes of `struct __bpf_usdt_arg_spec`.
const ARGUMENT: usize = 16;
/// Bytes of `struct __bpf_usdt_spec`: the arguments, a cookie, their number.
pub(super) const SIZE: usize = ARGUMENTS * ARGUMENT + 16;

/// Where an argument is: `enum __bpf_usdt_arg_type` with what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operand {
    Constant(i64),
    /// A register, by its offset in `struct pt_regs`.
    Register(u16),
    /// Memory at a register and an offset.
    Memory(u16, i64),
}

/// What a program gets to know of one place; nothing when an argument is somewhere that it could not look.
pub(super) fn specification(arguments: &[u8], cookie: u64) -> Option<[u8; SIZE]> {
    let text = core::str::from_utf8(arguments).ok()?;
    let mut bytes = [0; SIZE];
    let mut count: u16 = 0;
    for (argument, slot) in split(text).zip(bytes.chunks_exact_mut(ARGUMENT).take(ARGUMENTS)) {
        let (size, operand) = argument.split_once('@')?;
        let size = i64::from_str(size).ok()?;
        let shift: u8 = match size.unsigned_abs() {
            1 => 56,
            2 => 48,
            4 => 32,
            8 => 0,
            _ => return None,
        };
        let (kind, register, value) = match self::operand(operand.trim())? {
            Operand::Constant(value) => (0_u32, 0, value),
            Operand::Register(register) => (1, register, 0),
            Operand::Memory(register, offset) => (2, register, offset),
        };
        slot[..8].copy_from_slice(&value.to_le_bytes());
        slot[8..12].copy_from_slice(&kind.to_le_bytes());
        slot[12..14].copy_from_slice(&register.to_le_bytes());
        slot[14] = u8::from(size < 0);
        slot[15] = shift;
        count += 1;
    }
    if split(text).count() > usize::from(count) {
        return None;
    }
    let end = ARGUMENTS * ARGUMENT;
    bytes[end..end + 8].copy_from_slice(&cookie.to_le_bytes());
    bytes[end + 8..end + 10].copy_from_slice(&count.to_le_bytes());
    Some(bytes)
}

/// The arguments one by one: a blank inside brackets is part of one.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.split(move |c: char| {
        inside = match c {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        c == ' ' && !inside
    })
    .filter(|argument| !argument.is_empty())
}

#[cfg(target_arch = "x86_64")]
fn operand(text: &str) -> Option<Operand> {
    if let Some(constant) = text.strip_prefix('$') {
        return Some(Operand::Constant(number(constant)?));
    }
    if let Some(name) = text.strip_prefix('%') {
        return Some(Operand::Register(register(name)?));
    }
    let (offset, name) = text.strip_suffix(')')?.split_once("(%")?;
    let offset = if offset.is_empty() { 0 } else { number(offset)? };
    Some(Operand::Memory(register(name)?, offset))
}

#[cfg(target_arch = "aarch64")]
fn operand(text: &str) -> Option<Operand> {
    if let Some(inside) = text.strip_prefix('[') {
        let inside = inside.strip_suffix(']')?;
        let (name, offset) = inside.split_once(',').unwrap_or((inside, "0"));
        return Some(Operand::Memory(register(name.trim())?, number(offset.trim())?));
    }
    number(text).map(Operand::Constant).or_else(|| Some(Operand::Register(register(text)?)))
}

#[cfg(target_arch = "riscv64")]
fn operand(text: &str) -> Option<Operand> {
    if let Some((offset, name)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        return Some(Operand::Memory(register(name)?, number(offset)?));
    }
    number(text).map(Operand::Constant).or_else(|| Some(Operand::Register(register(text)?)))
}

fn number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()? as i64,
        None => i64::from_str(digits).ok()?,
    };
    Some(if negative { value.wrapping_neg() } else { value })
}

/// The offset of a register in `struct pt_regs`, whatever part of it the name means.
#[cfg(target_arch = "x86_64")]
fn register(name: &str) -> Option<u16> {
    const NAMES: [&[&str]; 17] = [
        &["r15", "r15d", "r15w", "r15b"],
        &["r14", "r14d", "r14w", "r14b"],
        &["r13", "r13d", "r13w", "r13b"],
        &["r12", "r12d", "r12w", "r12b"],
        &["rbp", "ebp", "bp", "bpl"],
        &["rbx", "ebx", "bx", "bl"],
        &["r11", "r11d", "r11w", "r11b"],
        &["r10", "r10d", "r10w", "r10b"],
        &["r9", "r9d", "r9w", "r9b"],
        &["r8", "r8d", "r8w", "r8b"],
        &["rax", "eax", "ax", "al"],
        &["rcx", "ecx", "cx", "cl"],
        &["rdx", "edx", "dx", "dl"],
        &["rsi", "esi", "si", "sil"],
        &["rdi", "edi", "di", "dil"],
        &[],
        &["rip", "eip", "ip"],
    ];
    if matches!(name, "rsp" | "esp" | "sp" | "spl") {
        return Some(19 * 8);
    }
    NAMES.iter().position(|names| names.contains(&name)).map(|index| index as u16 * 8)
}

#[cfg(target_arch = "aarch64")]
fn register(name: &str) -> Option<u16> {
    if name == "sp" {
        return Some(31 * 8);
    }
    let number = name.strip_prefix(['x', 'w']).and_then(|digits| u16::from_str(digits).ok());
    number.filter(|&number| number < 31).map(|number| number * 8)
}

#[cfg(target_arch = "riscv64")]
fn register(name: &str) -> Option<u16> {
    const NAMES: [&str; 32] = [
        "pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
        "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];
    NAMES.iter().position(|other| *other == name).map(|index| index as u16 * 8)
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn operands_are_told_apart() {
        for (text, expected) in [
            ("$-9", Some(Operand::Constant(-9))),
            ("%rax", Some(Operand::Register(80))),
            ("%dil", Some(Operand::Register(112))),
            ("-1204(%rbp)", Some(Operand::Memory(32, -1204))),
            ("(%rsp)", Some(Operand::Memory(152, 0))),
            ("0x10(%r8)", Some(Operand::Memory(72, 16))),
            ("nr_events(%rip)", None),
            ("%xmm0", None),
            ("8(%rax,%rbx,4)", None),
        ] {
            assert_eq!(operand(text), expected, "{text}");
        }
    }

    #[test]
    fn a_specification_is_laid_out_as_in_c() {
        let bytes = specification(b"-4@%edi 8@16(%rsp) 2@$7", 0x55).unwrap();
        assert_eq!(bytes[8..16], [1, 0, 0, 0, 112, 0, 1, 32]);
        assert_eq!(bytes[16..32], [16, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 152, 0, 0, 0]);
        assert_eq!((bytes[32], bytes[47]), (7, 48));
        assert_eq!(bytes[192..202], [0x55, 0, 0, 0, 0, 0, 0, 0, 3, 0]);
        assert!(specification(b"", 0).is_some());
        for wrong in ["8@%xmm0", "3@%eax", "%eax", "8@"] {
            assert_eq!(specification(wrong.as_bytes(), 0), None, "{wrong}");
        }
        assert!(specification("1@$1 ".repeat(13).as_bytes(), 0).is_none());
    }
}
