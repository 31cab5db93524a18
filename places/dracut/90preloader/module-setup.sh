#!/bin/bash
# Puts the preloader into the initramfs, and has it run before devices are looked for.

# Only where it is asked for: `--add preloader`, or `add_dracutmodules+=" preloader "`.
check() {
	require_binaries /usr/sbin/preloader || return 1
	return 255
}

depends() {
	return 0
}

install() {
	inst_simple /usr/sbin/preloader
	inst_hook pre-udev 10 "$moddir/preload.sh"
}
