// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// What can be wrong with a licence, and a program for each reason to need one.
// build-as: license_missing.bpf.o
// build-as: license_unended.bpf.o -DUNENDED
// build-as: license_helper.bpf.o -DPROPRIETARY -DHELPER
// build-as: license_constant.bpf.o -DPROPRIETARY -DCONSTANT
// build-as: license_lsm.bpf.o -DPROPRIETARY -DLSM
// build-as: license_free.bpf.o -DPROPRIETARY
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef CONSTANT
const volatile int enabled = 0;
#endif

#if defined(LSM)
SEC("lsm/bpf")
#else
SEC("iter/bpf_map")
#endif
int dump(void *ctx)
{
#if defined(CONSTANT)
	return enabled ? !bpf_get_current_task() : 0;
#elif defined(HELPER)
	return !bpf_get_current_task();
#else
	return 0;
#endif
}

#ifdef UNENDED
char LICENSE[3] SEC("license") = { 'G', 'P', 'L' };
#endif
#ifdef PROPRIETARY
char LICENSE[] SEC("license") = "Proprietary";
#endif
