// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Values of the kernel's configuration, of every type that a variable of them can have.
#include <stdbool.h>
#include "iter.h"

extern bool CONFIG_BPF_SYSCALL __kconfig;
extern char CONFIG_CGROUPS __kconfig;
extern int CONFIG_HZ __kconfig;
extern unsigned short CONFIG_LOG_BUF_SHIFT __kconfig;
extern signed char CONFIG_RCU_FANOUT_LEAF __kconfig __weak;
extern unsigned long CONFIG_PHYSICAL_ALIGN __kconfig __weak;
extern long CONFIG_PANIC_TIMEOUT __kconfig __weak;
extern enum libbpf_tristate CONFIG_TCP_CONG_BBR __kconfig __weak;
extern enum libbpf_tristate CONFIG_TCP_CONG_CUBIC __kconfig __weak;
extern char CONFIG_DEFAULT_TCP_CONG[16] __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[4] __kconfig __weak;
extern int CONFIG_NO_SUCH_OPTION __kconfig __weak;

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern int LINUX_NO_SUCH_VALUE __kconfig __weak;

SEC("iter/bpf_map")
int show_config(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;

	if (!is_first(ctx))
		return 0;
	/* The map is frozen: the verifier knows that this is never reached. */
	if (CONFIG_NO_SUCH_OPTION)
		return *(volatile int *)8;

	BPF_SEQ_PRINTF(seq, "BPF_SYSCALL %d\nCGROUPS %d\nHZ %d\n", CONFIG_BPF_SYSCALL, CONFIG_CGROUPS,
		       CONFIG_HZ);
	BPF_SEQ_PRINTF(seq, "LOG_BUF_SHIFT %d\nRCU_FANOUT_LEAF %d\nPHYSICAL_ALIGN %lu\n",
		       CONFIG_LOG_BUF_SHIFT, CONFIG_RCU_FANOUT_LEAF, CONFIG_PHYSICAL_ALIGN);
	BPF_SEQ_PRINTF(seq, "PANIC_TIMEOUT %ld\nTCP_CONG_BBR %d\nTCP_CONG_CUBIC %d\n",
		       CONFIG_PANIC_TIMEOUT, CONFIG_TCP_CONG_BBR, CONFIG_TCP_CONG_CUBIC);
	BPF_SEQ_PRINTF(seq, "DEFAULT_TCP_CONG %s\nDEFAULT_HOSTNAME %s\nNO_SUCH_OPTION %d\n",
		       CONFIG_DEFAULT_TCP_CONG, CONFIG_DEFAULT_HOSTNAME, CONFIG_NO_SUCH_OPTION);
	BPF_SEQ_PRINTF(seq, "KERNEL_VERSION %x\nHAS_BPF_COOKIE %d\nHAS_SYSCALL_WRAPPER %d\n",
		       LINUX_KERNEL_VERSION, LINUX_HAS_BPF_COOKIE, LINUX_HAS_SYSCALL_WRAPPER);
	BPF_SEQ_PRINTF(seq, "NO_SUCH_VALUE %d\n", LINUX_NO_SUCH_VALUE);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
