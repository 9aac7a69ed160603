#!/usr/bin/env bash
# Tries the packages for Linux on a plain Debian 12 that has nothing but what
# they ask for: installs them, starts Trolley from its menu entry on a virtual
# screen, adds a product, and removes them again without a trace but the
# person's data. Pictures are left in build/packages/pictures.
#
# It needs root, debootstrap and the packages in build/packages, and takes some
# minutes the first time, for a system of 1 GB in build/debian12.
#
# Usage: packaging/try-linux.sh deb|tarball ...
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD/build/debian12
pictures=build/packages/pictures
display=:77 # the network of the plain system is ours, and so are its screens
say() { printf '== %s\n' "$*"; }
fail() { printf 'try-linux: %s\n' "$*" >&2; exit 1; }

# inside runs a command in the plain system, with nothing of this one.
inside() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# as_person runs a shell command as somebody without rights, with a screen.
as_person() { inside su -s /bin/bash - anna -c "export DISPLAY=$display LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/anna TROLLEY_LOG=debug; $1"; }

make_system() {
	rm -f "$root/run/xvfb.pid" # of a run that was cut short
	if [ ! -e "$root/made" ]; then
		say "a plain Debian 12"
		rm -rf "$root"
		debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || fail "debootstrap failed, see $root.log"
		[ ! -e /etc/apt/apt.conf.d ] || cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
		printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 755 "$root/usr/sbin/policy-rc.d"
		inside apt-get -q update >/dev/null
		# The screen, what drives it, and what opens menu entries. None of it is Trolley's.
		inside apt-get -q install -y --no-install-recommends xvfb openbox xdotool imagemagick x11-utils libglib2.0-bin procps make >/dev/null
		inside useradd -m -s /bin/bash anna
		touch "$root/made"
	fi
	mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
	mountpoint -q "$root/dev/pts" || mount --bind /dev/pts "$root/dev/pts"
	install -d -o "$(inside id -u anna)" -m 700 "$root/run/anna"
}

# files lists all of the system but what runs and what packages leave in
# caches and logs.
files() {
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./run -o -path ./tmp -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/dpkg \
		-o -path ./var/lib/apt -o -path ./dev \) -prune -o -print | sort)
}

# forget removes all that the person has from an earlier try.
forget() { as_person 'rm -rf ~/.local ~/.config ~/.cache /tmp/unpacked'; }

screen() {
	inside sh -c "Xvfb $display -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 & echo \$! >/run/xvfb.pid"
	await "test -e /proc/$(cat "$root/run/xvfb.pid") && xdpyinfo"
	as_person 'openbox >/dev/null 2>&1 &'
}

no_screen() {
	[ ! -e "$root/run/xvfb.pid" ] || kill "$(cat "$root/run/xvfb.pid")" 2>/dev/null || true
	rm -f "$root/run/xvfb.pid"
}

# clean_up leaves nothing of this system reachable in the other.
clean_up() {
	local at
	no_screen
	for at in "$root/dev/pts" "$root/proc"; do
		! mountpoint -q "$at" || umount -l "$at"
	done
}

# await tries a shell command of the person until it works, for half a minute.
await() {
	for _ in $(seq 60); do
		! as_person "$1" >/dev/null 2>&1 || return 0
		sleep 0.5
	done
	fail "not seen: $1"
}

# What the window logs that it shows, and where.
logs='/home/anna/.local/state/trolley/*.log'
shows="grep -q 'shown.*live:"

# add types a product and waits until the cart has so many lines.
add() {
	as_person "xdotool type --delay 60 $1; xdotool key Return"
	await "$shows $2 lines' $logs"
}

# use starts the entry in the menu, adds two products by keyboard and closes
# the window.
use() {
	local entry=$1 picture=$2
	as_person "gio launch $entry >/tmp/trolley.log 2>&1 &"
	await 'xdotool search --onlyvisible --class Trolley'
	await "$shows 0 lines' $logs"
	add espresso 1
	add baguette 2
	as_person "import -window root /tmp/$picture.png"
	mkdir -p $pictures && cp "$root/tmp/$picture.png" $pictures/
	as_person 'xdotool key ctrl+q'
	await '! pgrep -x trolley'
	as_person 'test -s ~/.local/share/trolley/shop-main.db' || fail "nothing was kept"
}

# expect_no_trace compares the files of the system with those of before, but
# for what the person made.
expect_no_trace() {
	files >"$root.after"
	local left
	left=$(comm -13 "$root.before" "$root.after" | grep -v -e '^\./home/anna/\.\(local/share\|local/state\|config\|cache\)\(/\|$\)' -e '^\./home/anna/\.local\(/bin\)\?$' || true)
	[ -z "$left" ] || fail "left behind:
$left"
	as_person 'test -s ~/.local/share/trolley/shop-main.db' || fail "the person's data are gone"
}

try_deb() {
	local deb
	deb=$(basename build/packages/trolley_*.deb)
	cp "build/packages/$deb" "$root/tmp/"
	say "install $deb and what it needs"
	inside apt-get -q install -y "/tmp/$deb" | tail -n 3
	use /usr/share/applications/org.trolley.counter.desktop deb
	# What it needs may stay, as others may need it; so that is there before.
	inside apt-get -q purge -y trolley >/dev/null
	forget
	files >"$root.before"
	say "install it again, use and remove it"
	inside apt-get -q install -y "/tmp/$deb" >/dev/null
	use /usr/share/applications/org.trolley.counter.desktop deb
	inside apt-get -q purge -y trolley | tail -n 1
	expect_no_trace
}

try_tarball() {
	local name
	name=$(basename build/packages/trolley-*-linux-*.tar.xz)
	# What a desktop has: here nothing asks for it.
	say "install $name for one person"
	inside apt-get -q install -y --no-install-recommends libgl1 libgl1-mesa-dri libegl1 libwayland-client0 libxcursor1 libxi6 libxinerama1 libxrandr2 \
		xz-utils >/dev/null
	files >"$root.before"
	cp "build/packages/$name" "$root/tmp/"
	as_person "rm -rf /tmp/unpacked && mkdir /tmp/unpacked && tar -xJf /tmp/$name -C /tmp/unpacked && make -C /tmp/unpacked/* user-install >/dev/null"
	use /home/anna/.local/share/applications/Trolley.desktop tarball
	say "remove it"
	as_person "make -C /tmp/unpacked/* user-uninstall >/dev/null"
	left=$(as_person 'find ~ -name "*rolley*" -not -path "*/.local/share/trolley*" -not -path "*/.local/state/trolley*" -not -path "*/.config/*" -not -path "*/.cache/*"')
	[ -z "$left" ] || fail "left behind: $left"
	expect_no_trace
}

[ $# -gt 0 ] || fail "usage: packaging/try-linux.sh deb|tarball ..."
[ "$(id -u)" = 0 ] || fail "this needs root"
trap clean_up EXIT
make_system
screen
for package in "$@"; do
	forget
	"try_$package"
	say "$package: installed, used, removed"
done
