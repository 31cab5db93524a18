// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Symbols that the object uses and leaves to the loader.
// build-as: extern_function.bpf.o -DFUNCTION
// build-as: extern_variable.bpf.o -DVARIABLE
// build-as: extern_config.bpf.o -DCONFIG
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FUNCTION
extern void bpf_rcu_read_lock(void) __ksym;
#endif
#ifdef VARIABLE
extern const int jiffies __ksym;
#endif
#ifdef CONFIG
extern int LINUX_KERNEL_VERSION __kconfig;
#endif

SEC("iter/bpf_map")
int dump(void *ctx)
{
#ifdef FUNCTION
	bpf_rcu_read_lock();
#endif
#ifdef VARIABLE
	return jiffies;
#endif
#ifdef CONFIG
	return LINUX_KERNEL_VERSION;
#endif
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
