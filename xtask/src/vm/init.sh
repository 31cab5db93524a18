#!/bin/busybox sh
# The first process of the virtual machine. The console (first serial line) is the
# kernel's; what /run writes goes to the second, so that no kernel message falls into it.
/bin/busybox --install -s /bin
export PATH=/bin:/usr/sbin:/sbin HOME=/tmp

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t bpf bpf /sys/fs/bpf
mount -t tracefs tracefs /sys/kernel/tracing
mount -t securityfs securityfs /sys/kernel/security
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# As on installed systems: who may not read the kernel's log does not see its addresses.
echo 1 >/proc/sys/kernel/kptr_restrict
ip link set lo up
for module in /modules/*.ko; do insmod "$module"; done

stty -F /dev/ttyS1 raw -echo
sh /run </dev/null >/dev/ttyS1 2>&1
poweroff -f
