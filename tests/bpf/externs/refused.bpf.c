// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// What cannot be left to the loader.
// build-as: extern_undeclared.bpf.o -DUNDECLARED
// build-as: extern_bad_config.bpf.o -DCONFIG
// build-as: extern_bad_name.bpf.o -DNAME
// build-as: extern_license.bpf.o -DLICENCE
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef UNDECLARED
extern int somewhere_else(void);
#define VALUE somewhere_else()
#endif
#ifdef CONFIG
extern struct { int value; } CONFIG_HZ __kconfig;
#define VALUE CONFIG_HZ.value
#endif
#ifdef NAME
extern int HZ __kconfig;
#define VALUE HZ
#endif
#ifdef LICENCE
extern void bpf_rcu_read_lock(void) __ksym;
#define VALUE (bpf_rcu_read_lock(), 0)
#define LICENSE_TEXT "MIT"
#else
#define LICENSE_TEXT "Dual MIT/GPL"
#endif

SEC("iter/bpf_map")
int dump(void *ctx)
{
	return VALUE;
}

char LICENSE[] SEC("license") = LICENSE_TEXT;
