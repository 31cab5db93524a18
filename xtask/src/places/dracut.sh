# In a mount namespace of its own: MODULES KERNEL PRELOADER WORK PLACES [ARGUMENTS OF DRACUT..]
set -eu
. "$(dirname "$0")/namespace.sh"
cp -a /usr/lib/dracut/modules.d "$4/modules.d"
cp -a "$5/dracut/." "$4/modules.d"
mount --bind "$4/modules.d" /usr/lib/dracut/modules.d
image=$4/image
version=$(basename "$1")
shift 5
dracut --no-hostonly --no-hostonly-cmdline --kver "$version" --add "systemd preloader" \
	--drivers "virtio_pci virtio_blk ext4" "$@" --force "$image"
