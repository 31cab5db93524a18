//! The one place that enters the kernel.
//!
//! # Safety
//!
//! [`syscall`] hands its arguments to the kernel as they are. The caller vouches that pointers among them are
//! valid for what that call reads and writes, and that the call itself does not take memory or descriptors
//! away that are still in use.
//!
//! Numbers are those of `asm/unistd_64.h` (x86_64) and `asm-generic/unistd.h` (aarch64, riscv64).

#![allow(unsafe_code, reason = "system calls are made with inline assembly")]

use core::arch::asm;

use super::Errno;

macro_rules! numbers {
    ($($(#[$condition:meta])? $name:ident = $x86_64:literal, $generic:literal;)*) => {
        #[derive(Clone, Copy)]
        #[repr(usize)]
        pub(crate) enum Call {
            $(
                $(#[$condition])?
                #[cfg(target_arch = "x86_64")]
                $name = $x86_64,
                $(#[$condition])?
                #[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
                $name = $generic,
            )*
        }
    };
}

numbers! {
    Read = 0, 63;
    Write = 1, 64;
    Close = 3, 57;
    Lseek = 8, 62;
    Mmap = 9, 222;
    Munmap = 11, 215;
    Ioctl = 16, 29;
    #[cfg(feature = "uprobes")]
    Pread64 = 17, 67;
    Socket = 41, 198;
    Sendto = 44, 206;
    Recvfrom = 45, 207;
    Setsockopt = 54, 208;
    Uname = 63, 160;
    Msync = 26, 227;
    Geteuid = 107, 175;
    Fcntl = 72, 25;
    Flock = 73, 32;
    Capget = 125, 90;
    Fstatfs = 138, 44;
    Mount = 165, 40;
    Getdents64 = 217, 61;
    ExitGroup = 231, 94;
    Openat = 257, 56;
    Mkdirat = 258, 34;
    Fchownat = 260, 54;
    Unlinkat = 263, 35;
    Symlinkat = 266, 36;
    Readlinkat = 267, 78;
    Fchmodat = 268, 53;
    PerfEventOpen = 298, 241;
    Prlimit64 = 302, 261;
    Renameat2 = 316, 276;
    Bpf = 321, 280;
    Statx = 332, 291;
    Fsopen = 430, 430;
    Fsconfig = 431, 431;
    Fsmount = 432, 432;
}

/// Makes a system call; unused arguments are 0.
///
/// # Safety
///
/// As the module says.
pub(crate) unsafe fn syscall(call: Call, args: [usize; 5]) -> Result<usize, Errno> {
    let [a, b, c, d, e] = args;
    let result: isize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the registers are those of the x86_64 call convention, with what it clobbers declared; the
    // arguments are the caller's responsibility.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") call as usize => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") 0_usize,
            lateout("rcx") _, lateout("r11") _,
            options(nostack, preserves_flags),
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above, for aarch64.
    unsafe {
        asm!(
            "svc 0",
            in("x8") call as usize,
            inlateout("x0") a => result,
            in("x1") b, in("x2") c, in("x3") d, in("x4") e, in("x5") 0_usize,
            options(nostack, preserves_flags),
        );
    }
    #[cfg(target_arch = "riscv64")]
    // SAFETY: as above, for riscv64.
    unsafe {
        asm!(
            "ecall",
            in("a7") call as usize,
            inlateout("a0") a => result,
            in("a1") b, in("a2") c, in("a3") d, in("a4") e, in("a5") 0_usize,
            // The kernel does not keep vector registers across a system call.
            lateout("v0") _, lateout("v1") _, lateout("v2") _, lateout("v3") _,
            lateout("v4") _, lateout("v5") _, lateout("v6") _, lateout("v7") _,
            lateout("v8") _, lateout("v9") _, lateout("v10") _, lateout("v11") _,
            lateout("v12") _, lateout("v13") _, lateout("v14") _, lateout("v15") _,
            lateout("v16") _, lateout("v17") _, lateout("v18") _, lateout("v19") _,
            lateout("v20") _, lateout("v21") _, lateout("v22") _, lateout("v23") _,
            lateout("v24") _, lateout("v25") _, lateout("v26") _, lateout("v27") _,
            lateout("v28") _, lateout("v29") _, lateout("v30") _, lateout("v31") _,
            options(nostack),
        );
    }
    // The kernel returns errors as -4095..=-1.
    if (-4095..0).contains(&result) { Err(Errno::new(-result as i32)) } else { Ok(result as usize) }
}
