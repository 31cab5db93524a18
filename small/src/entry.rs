//! Where the kernel starts the program, which in other programs is a matter of libc.

use core::arch::global_asm;
use core::panic::PanicInfo;

use preload_runtime::bare;

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!("the way into the program, and copying memory, are written down for x86_64 Linux only");

global_asm!(
    ".globl _start",
    "_start:",
    // No frame is behind this one.
    "xor ebp, ebp",
    // As the calling convention has it before a call; the kernel's word on this is not part of its contract.
    "and rsp, -16",
    "call {main}",
    // It does not return.
    "ud2",
    main = sym start,
);

extern "C" fn start() -> ! {
    bare::exit(crate::main())
}

/// Nothing in the program panics. If it does nevertheless, this is what `main` would return in one with std.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    bare::exit(101)
}
