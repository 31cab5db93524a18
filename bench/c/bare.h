/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * System calls and an entry point without libc: what is measured with it has a
 * start-up cost of nothing, and so is as close to the kernel as a process gets.
 */
#ifndef BARE_H
#define BARE_H

#if !defined(__x86_64__)
#error "system calls are written down for x86_64"
#endif

#include <asm/unistd.h>

#define AT_FDCWD (-100L)

static inline long syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#define syscall5(n, a, b, c, d, e) \
	syscall6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define syscall3(n, a, b, c) syscall5(n, a, b, c, 0, 0)

static _Noreturn void leave(int status)
{
	for (;;)
		syscall3(__NR_exit_group, status, 0, 0);
}

int run(int argc, char **argv, char **envp);

__attribute__((used)) static void begin(long *stack)
{
	int argc = stack[0];
	char **argv = (char **)(stack + 1);

	leave(run(argc, argv, argv + argc + 1));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call begin\n");

#endif
