#!/bin/sh
# Run by systemd in a machine: the units, from start to stop. What goes wrong is said and ends it.
exec >/dev/ttyS1 2>&1

fail() {
	echo "FAILED: $*"
	journalctl --no-pager -n 60
	ls -lR /sys/fs/bpf
	systemctl poweroff --force --force
	exit 1
}
pinned() { bpftool --json link show pinned /sys/fs/bpf/iterators/dump_bpf_map | tr ',' '\n' | grep '"id"' | head -n 1; }
links() { bpftool --json link list | grep -o '"iter"' | wc -l; }
# Watches until told to stop, and leaves a mark if there is a moment without.
watch() {
	rm -f /run/stop /run/gone
	while [ ! -e /run/stop ]; do
		eval "$1" || touch /run/gone
	done
	touch /run/watched
}
watched() {
	touch /run/stop
	while [ ! -e /run/watched ]; do sleep 0.1; done
	rm -f /run/watched
	[ ! -e /run/gone ] || fail "$1: there was a moment without the links"
}
upgrade() {
	cp /usr/sbin/preloader /run/old
	cp /usr/sbin/preloader.new /run/new
	mv /run/new /usr/sbin/preloader
	mv /run/old /usr/sbin/preloader.new
}

systemctl start preloader || fail "start"
first=$(pinned)
[ -n "$first" ] || fail "nothing is pinned"
watch 'cat /sys/fs/bpf/iterators/dump_bpf_map >/run/read' &
systemctl restart preloader || fail "restart"
[ "$(pinned)" = "$first" ] || fail "the same binary has replaced what was there"
upgrade
systemctl restart preloader || fail "restart after the upgrade"
second=$(pinned)
[ -n "$second" ] && [ "$second" != "$first" ] || fail "the new binary has not replaced what was there"
systemctl reload preloader || fail "reload"
systemctl stop preloader || fail "stop"
[ "$(pinned)" = "$second" ] || fail "stopping takes pins away"
watched "preloader"
/usr/sbin/preloader unpin || fail "unpin"
[ "$(links)" = 0 ] || fail "links are left"
echo "preloader.service: good"

systemctl start preloader-hold || fail "start to hold"
[ "$(links)" -ge 2 ] || fail "nothing is held"
[ ! -e /sys/fs/bpf/iterators ] || fail "there is a path"
watch '[ "$(links)" -ge 2 ]' &
systemctl kill --signal KILL preloader-hold
sleep 1
systemctl is-active preloader-hold || fail "not started again after it was killed"
systemctl restart preloader-hold || fail "restart"
upgrade
systemctl restart preloader-hold || fail "restart after the upgrade"
watched "preloader-hold"
systemctl stop preloader-hold || fail "stop"
sleep 1
[ "$(links)" = 0 ] || fail "links are left"
echo "preloader-hold.service: good"
systemctl poweroff --force --force
