//! The entry point, with the first argument.

use core::arch::global_asm;
use core::ffi::{CStr, c_char};

use preload_runtime::bare;

global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "mov rdi, rsp",
    "and rsp, -16",
    "call {begin}",
    "ud2",
    begin = sym begin,
);

/// # Safety
///
/// `stack` is what the kernel leaves at the top of the stack: the number of arguments, then their addresses.
unsafe extern "C" fn begin(stack: *const usize) -> ! {
    // SAFETY: as above; arguments end with a NUL and live as long as the process.
    let argument = unsafe {
        let count = *stack;
        (count > 1).then(|| CStr::from_ptr(*stack.add(2) as *const c_char))
    };
    bare::exit(crate::main(argument))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    bare::exit(101)
}
