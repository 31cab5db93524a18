//! Copying, filling and comparing memory: the compiler calls these functions by name, and finds them in libc
//! where there is one.
//!
//! They are written in assembly, because the compiler would make a call of itself of a loop that copies.
//!
//! # Safety
//!
//! As C has it: pointers are valid for so many bytes, `memcpy` is for areas that do not overlap.

use core::arch::asm;

#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: reads and writes `len` bytes upwards, the direction flag being clear between functions.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") len => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags),
        );
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    if (to as usize).wrapping_sub(from as usize) >= len {
        // SAFETY: upwards no byte is overwritten before it was read: `to` lies in front of `from`, or behind its end.
        return unsafe { memcpy(to, from, len) };
    }
    // SAFETY: reads and writes `len` bytes downwards from the last one, and clears the direction flag again.
    unsafe {
        asm!(
            "std",
            "rep movsb",
            "cld",
            inout("rcx") len => _,
            inout("rdi") to.wrapping_add(len).wrapping_sub(1) => _,
            inout("rsi") from.wrapping_add(len).wrapping_sub(1) => _,
            options(nostack),
        );
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, len: usize) -> *mut u8 {
    // SAFETY: writes `len` bytes upwards.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") len => _, inout("rdi") to => _, in("al") byte as u8,
            options(nostack, preserves_flags),
        );
    }
    to
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    let difference: i32;
    // SAFETY: reads at most `len` bytes of both. The first comparison, of a register with itself, is what counts when there
    // is nothing to compare.
    unsafe {
        asm!(
            "cmp eax, eax",
            "repe cmpsb",
            "seta al",
            "setb cl",
            "movzx eax, al",
            "movzx ecx, cl",
            "sub eax, ecx",
            inout("rcx") len => _, inout("rsi") left => _, inout("rdi") right => _, out("eax") difference,
            options(nostack, readonly),
        );
    }
    difference
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    // SAFETY: the caller's promise is the same.
    unsafe { memcmp(left, right, len) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let left: usize;
    // SAFETY: reads up to the first NUL, which is there.
    unsafe {
        asm!(
            "repne scasb",
            inout("rcx") usize::MAX => left, inout("rdi") text => _, in("al") 0_u8,
            options(nostack, readonly),
        );
    }
    // The count went down by one for each byte, the NUL included.
    !left - 1
}
