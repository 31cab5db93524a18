# What both tools expect of the machine that an image is made for, seen in this mount namespace only.
# Nothing of it is propagated to, or left on, the machine that makes it.
mount -t tmpfs tmpfs /mnt
mkdir /mnt/sbin /mnt/upper /mnt/work
cp "$3" /mnt/upper/preloader
mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/mnt/upper,workdir=/mnt/work /usr/sbin
mkdir -p /lib/modules
mount -t tmpfs tmpfs /lib/modules
mkdir "/lib/modules/$(basename "$1")"
mount --bind "$1" "/lib/modules/$(basename "$1")"
