// SPDX-License-Identifier: MIT OR Apache-2.0 OR GPL-2.0-only
//
// Keeps the pins in one bpffs: once armed, nothing in it can be unlinked, removed or
// renamed, and it cannot be unmounted, by nobody. It is attached before everything
// that it keeps, and armed when all of that is pinned; it stays as long as its own
// pins, which are in the same bpffs.
//
// Armed is it by writing the device of the bpffs into `device`. From then on nobody
// gets a descriptor that could write there: that of the preloader is the last one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

#define EPERM 1
#define FMODE_WRITE 2

struct super_block {
	__u32 s_dev;
} KERNEL_TYPE;

struct inode {
	struct super_block *i_sb;
} KERNEL_TYPE;

struct vfsmount {
	struct super_block *mnt_sb;
} KERNEL_TYPE;

struct bpf_map {
	__u32 id;
} KERNEL_TYPE;

/* The kernel's number of the device, MAJOR << 20 | MINOR; 0 while it is not armed. */
__u32 device;
/* The map that these variables are in. */
__u32 own_map;
/* What was refused. */
__u64 refused;

static int answer(struct super_block *block, int before)
{
	if (!device || block->s_dev != device)
		return before;
	__sync_fetch_and_add(&refused, 1);
	return -EPERM;
}

SEC("lsm/inode_unlink")
int BPF_PROG(keep_pin, struct inode *directory, void *entry, int ret)
{
	return answer(directory->i_sb, ret);
}

SEC("lsm/inode_rmdir")
int BPF_PROG(keep_directory, struct inode *directory, void *entry, int ret)
{
	return answer(directory->i_sb, ret);
}

SEC("lsm/inode_rename")
int BPF_PROG(keep_name, struct inode *directory, void *entry, void *to_directory, void *to_entry, int ret)
{
	return answer(directory->i_sb, ret);
}

SEC("lsm/sb_umount")
int BPF_PROG(keep_mount, struct vfsmount *mount, int flags, int ret)
{
	return answer(mount->mnt_sb, ret);
}

SEC("lsm/bpf_map")
int BPF_PROG(keep_armed, struct bpf_map *map, __u32 mode, int ret)
{
	if (device && map->id == own_map && mode & FMODE_WRITE)
		return -EPERM;
	return ret;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
