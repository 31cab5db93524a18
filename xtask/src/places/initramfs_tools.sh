# In a mount namespace of its own: MODULES KERNEL PRELOADER WORK PLACES
set -eu
. "$(dirname "$0")/namespace.sh"
cp -a /etc/initramfs-tools "$4/conf"
cp -a "$5/initramfs-tools/." "$4/conf"
printf 'virtio_pci\nvirtio_blk\next4\n' >"$4/conf/modules"
sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' "$4/conf/initramfs.conf"
mount --bind "$2/boot" /boot
mkinitramfs -d "$4/conf" -o "$4/image" "$(basename "$1")"
