#!/usr/bin/env bash
# Installs what building, showing or testing Trolley needs and this machine
# lacks, and says what that is. When nothing is lacking it takes no time.
#
# Usage: packaging/setup.sh build|window|screen|test|linux|tryout|windows|wine ...
#   build   the C compiler and headers for the window
#   window  what the program itself needs to open one
#   screen  a virtual screen and the tools that drive windows on it
#   test    a Redis server, the clipboard tool and a keychain
#   linux   what checks the packages for Linux (on Debian)
#   tryout  what makes a plain system to try them on (on Debian)
#   windows what makes, signs and examines the package for Windows
#   wine    what starts that
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Go comes from the person: distributions are often too old for go.mod.
check_go() {
	local want got
	want=$(awk '$1 == "go" { print $2 }' go.mod)
	have go || fail "Go is missing; install Go $want or newer from https://go.dev/dl/"
	got=$(go env GOVERSION) || fail "Go $want or newer is needed; get it from https://go.dev/dl/"
	got=${got#go}
	[ "$(printf '%s\n' "$want" "${got%% *}" | sort -V | head -n 1)" = "$want" ] ||
		fail "Go $want or newer is needed and this is Go $got; get it from https://go.dev/dl/"
}

debian_packages() {
	case $1 in
	build) echo gcc libc6-dev pkg-config libgl-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev \
		libxinerama-dev libxi-dev libxxf86vm-dev libwayland-dev libxkbcommon-dev ;;
	window) echo libgl1 libgl1-mesa-dri ;;
	screen) echo xvfb openbox xdotool x11-utils imagemagick fonts-dejavu-core ;;
	test) echo redis-server redis-tools redis-sentinel xclip dbus gnome-keyring libsecret-tools ;;
	linux) echo xz-utils lintian dpkg-dev desktop-file-utils appstream ;;
	tryout) echo debootstrap ;;
	windows) echo gcc-mingw-w64-x86-64 osslsigncode openssl zip icoutils ;;
	wine) echo wine wine64 ;;
	esac
}

fedora_packages() {
	case $1 in
	build) echo gcc pkgconf-pkg-config mesa-libGL-devel mesa-libEGL-devel libX11-devel libXcursor-devel libXrandr-devel \
		libXinerama-devel libXi-devel libXxf86vm-devel wayland-devel libxkbcommon-devel ;;
	window) echo mesa-dri-drivers ;;
	screen) echo xorg-x11-server-Xvfb openbox xdotool xprop xdpyinfo ImageMagick dejavu-sans-fonts ;;
	test) echo redis xclip dbus-daemon dbus-tools gnome-keyring libsecret ;;
	esac
}

arch_packages() {
	case $1 in
	build) echo gcc pkgconf libglvnd libx11 libxcursor libxrandr libxinerama libxi libxxf86vm wayland libxkbcommon ;;
	window) echo mesa ;;
	screen) echo xorg-server-xvfb openbox xdotool xorg-xprop xorg-xdpyinfo imagemagick ttf-dejavu ;;
	test) echo redis xclip dbus gnome-keyring libsecret ;;
	esac
}

# missing NAME... prints those of the packages that are not installed.
missing_debian() {
	local installed package
	installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
	for package in "$@"; do
		case $installed in *" installed:$package "*) ;; *) echo "$package" ;; esac
	done
}

missing_fedora() {
	local package
	for package in "$@"; do
		rpm -q --quiet --whatprovides "$package" || echo "$package"
	done
}

missing_arch() { pacman -T "$@" || true; }

# as_root runs a command as root, or fails where that cannot be.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
		sudo "$@"
	else
		return 1
	fi
}

# Packages with a server start it when they are installed, and at every boot.
# Trolley's tests start their own, so neither is wanted here.
policy=/usr/sbin/policy-rc.d
keep_stopped() {
	[ ! -e "$policy" ] || return 0
	as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
	trap 'as_root rm -f "$policy"' EXIT
}
switch_off() {
	local service
	for service in redis-server redis-sentinel; do
		case " $* " in *" $service "*) as_root update-rc.d "$service" disable >/dev/null 2>&1 || true ;; esac
	done
}

install_debian() {
	local line="apt-get install -y --no-install-recommends $*"
	as_root true || fail "missing packages; as root run:  apt-get update && $line"
	say "installing, once: $*"
	keep_stopped
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 || say "the list of packages could not be renewed"
	# shellcheck disable=SC2086 # the words of the line are the arguments
	as_root env DEBIAN_FRONTEND=noninteractive $line -q -o DPkg::Lock::Timeout=300 >&2 ||
		fail "could not install; try by hand:  $line"
	switch_off "$@"
}

# packages FAMILY SET... prints the packages of all the sets.
packages() {
	local family=$1 set
	shift
	for set in "$@"; do "${family}_packages" "$set"; done
}

setup_linux() {
	local family=$1 wanted lacking
	shift
	read -r -d '' -a wanted < <(packages "$family" "$@") || true
	read -r -d '' -a lacking < <("missing_$family" "${wanted[@]}") || true
	[ ${#lacking[@]} -gt 0 ] || return 0
	case $family in
	debian) install_debian "${lacking[@]}" ;;
	fedora) fail "missing packages; run:  sudo dnf install ${lacking[*]}" ;;
	arch) fail "missing packages; run:  sudo pacman -S --needed ${lacking[*]}" ;;
	esac
}

# setup_other names the commands that are missing on any other system.
setup_other() {
	local set
	for set in "$@"; do
		case $set in
		build)
			if [ "$(uname -s)" = Darwin ]; then
				xcode-select -p >/dev/null 2>&1 || fail "the C compiler is missing; run:  xcode-select --install"
			else
				have cc || have gcc || have clang || fail "a C compiler is missing, such as gcc"
			fi
			;;
		test) have redis-server || fail "redis-server is missing; on macOS run:  brew install redis" ;;
		esac
	done
}

sets="build window screen test linux tryout windows wine"
[ $# -gt 0 ] || fail "usage: packaging/setup.sh ${sets// /|} ..."
for set in "$@"; do
	case " $sets " in *" $set "*) ;; *) fail "unknown set $set" ;; esac
done
check_go
if have dpkg-query && have apt-get; then
	setup_linux debian "$@"
elif [[ " $* " = *" linux "* || " $* " = *" tryout "* || " $* " = *" windows "* ]]; then
	fail "these packages are made on Debian or Ubuntu"
elif have rpm && have dnf; then
	setup_linux fedora "$@"
elif have pacman; then
	setup_linux arch "$@"
else
	setup_other "$@"
fi
