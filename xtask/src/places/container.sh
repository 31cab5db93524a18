# Runs the preloader as the entry point of a container that holds nothing else, with the capabilities that places/ names and no
# more, on the kernel that runs; then without one of them, which has to fail. $1: preloader, $2: an empty folder.
set -eu
mkdir -p "$2/rootfs/sys" "$2/rootfs/proc" "$2/rootfs/dev" "$2/bpf"
cp "$1" "$2/rootfs/preloader"
mount -t bpf bpf "$2/bpf"
# crun looks there, and takes one kind of it only.
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cd "$2"
work=$PWD

# What `docker run --cap-drop ALL --cap-add ... --security-opt no-new-privileges -v BPFFS:/sys/fs/bpf` comes to.
container() {
    name=$1 capabilities=$2
    shift 2
    arguments=$(printf ', "%s"' "$@")
    cat > config.json <<CONFIG
{
    "ociVersion": "1.0.0",
    "process": {
        "cwd": "/",
        "args": ["/preloader"$arguments],
        "user": {"uid": 0, "gid": 0},
        "noNewPrivileges": true,
        "capabilities": {"bounding": [$capabilities], "effective": [$capabilities], "permitted": [$capabilities]}
    },
    "root": {"path": "rootfs", "readonly": true},
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
        {"destination": "/sys/fs/bpf", "type": "bind", "source": "$work/bpf", "options": ["bind", "rw"]}
    ],
    "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}]}
}
CONFIG
    crun --cgroup-manager=disabled --root "$work/state" run "preloader-$name" 2>&1
}

echo "with BPF and PERFMON:"
container both '"CAP_BPF", "CAP_PERFMON"' preload --list iterators --existing update && echo "exit 0" || echo "exit $?"
sed -n 1p bpf/iterators/dump_bpf_map
echo "again:"
container again '"CAP_BPF", "CAP_PERFMON"' preload --list iterators --existing update && echo "exit 0" || echo "exit $?"
rm -r bpf/iterators
echo "without PERFMON:"
container one '"CAP_BPF"' preload --list iterators --existing update && echo "exit 0" || echo "exit $?"
ls bpf | grep -v debug || true
echo end
