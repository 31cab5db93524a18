// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// A policy: from when it is attached, programs are loaded with a signature or not at all. Once it is armed, it
// stays until the machine is restarted.
//
// It needs Linux 6.18, the first that verifies signatures. The kernel verifies, before the policy is asked (6.18) or
// right after (7.3), and ends the load if it fails; the policy decides whose keys count.
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <stdbool.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

// The kernel's own keyrings are 0 to 3: built-in, secondary, platform, and that of BPF. All others are serial numbers,
// from 1 << 8 on; names of a process's own keyrings are below 0.
#define LAST_OF_KERNEL 3

// What user space says once, after which it makes the map unchangeable.
struct state {
	// The directory of the pins: the device of its filesystem as the kernel numbers it, and its inode.
	__u64 device;
	__u64 directory;
	// One more keyring whose keys count; 0 for none.
	__s32 keyring;
	// Whether the pins, their mount and the links of the machine stay.
	__u32 armed;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct state);
} state SEC(".maps");

// The last members of the block of BPF_PROG_LOAD, which headers of older systems do not have.
union bpf_attr___signed {
	struct {
		__u64 signature;
		__s32 keyring_id;
	};
} KERNEL_TYPE;

struct super_block {
	__u32 s_dev;
} KERNEL_TYPE;

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
} KERNEL_TYPE;

struct dentry {
	struct inode *d_inode;
} KERNEL_TYPE;

struct vfsmount {
	struct super_block *mnt_sb;
} KERNEL_TYPE;

static struct state *get_state(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&state, &zero);
}

static bool armed(void)
{
	struct state *state = get_state();

	return state && state->armed;
}

static bool is_directory(struct inode *inode)
{
	struct state *state = get_state();

	return state && state->armed && inode && inode->i_ino == state->directory &&
	       inode->i_sb->s_dev == state->device;
}

// What a signed loader loads comes from inside the kernel (`kernel`): its instructions have been rewritten, and its
// signature is that of the loader.
SEC("lsm/bpf_prog_load")
int BPF_PROG(only_signed, void *prog, union bpf_attr *attr, void *token, bool kernel, int ret)
{
	union bpf_attr___signed *signed_attr = (void *)attr;
	struct state *state = get_state();
	__s32 keyring;

	if (ret || kernel)
		return ret;
	if (!BPF_CORE_READ(signed_attr, signature))
		return -EPERM;
	keyring = BPF_CORE_READ(signed_attr, keyring_id);
	if (keyring >= 0 && keyring <= LAST_OF_KERNEL)
		return 0;
	// A process's own keyring holds what the process puts there.
	return keyring > 0 && state && keyring == state->keyring ? 0 : -EPERM;
}

// Links of this policy cannot be detached in any case; this is for those of the objects that are preloaded behind it.
SEC("lsm/bpf")
int BPF_PROG(keep_links, int cmd, union bpf_attr *attr, unsigned int size, bool kernel, int ret)
{
	bool changes = cmd == BPF_LINK_DETACH || cmd == BPF_LINK_UPDATE;

	return !ret && changes && armed() ? -EPERM : ret;
}

SEC("lsm/inode_unlink")
int BPF_PROG(keep_pins, struct inode *dir, struct dentry *dentry, int ret)
{
	return !ret && is_directory(dir) ? -EPERM : ret;
}

SEC("lsm/inode_rmdir")
int BPF_PROG(keep_directory, struct inode *dir, struct dentry *dentry, int ret)
{
	return !ret && is_directory(dentry->d_inode) ? -EPERM : ret;
}

// Neither is a pin moved away or replaced, nor the directory as a whole.
SEC("lsm/inode_rename")
int BPF_PROG(keep_names, struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
	     struct dentry *new_dentry, int ret)
{
	if (ret)
		return ret;
	if (is_directory(old_dir) || is_directory(new_dir) || is_directory(old_dentry->d_inode) ||
	    is_directory(new_dentry->d_inode))
		return -EPERM;
	return 0;
}

SEC("lsm/sb_umount")
int BPF_PROG(keep_mount, struct vfsmount *mnt, int flags, int ret)
{
	struct state *state = get_state();

	if (ret)
		return ret;
	return state && state->armed && mnt->mnt_sb->s_dev == state->device ? -EPERM : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
