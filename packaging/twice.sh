#!/usr/bin/env bash
# Makes the packages twice, from two clones of the last commit in two folders
# with different names, and compares them byte by byte. The second is compiled
# from nothing, which takes many minutes.
#
# Usage: packaging/twice.sh [SYSTEM ...]     linux and windows, if none is given
set -euo pipefail
cd "$(dirname "$0")/.."

systems=("$@")
[ $# -gt 0 ] || systems=(linux windows)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for clone in one another-one; do
	git clone -q . "$work/$clone"
	mkdir -p "$work/$clone/build"
	[ ! -e build/tools ] || cp -r build/tools "$work/$clone/build/tools"
	# The second with a cache of its own, or nothing would be compiled twice.
	[ "$clone" = one ] || export GOCACHE=$work/cache
	make -C "$work/$clone" "${systems[@]/#/pack-}"
done
diff -r "$work/one/build/packages" "$work/another-one/build/packages"
(cd "$work/one/build/packages" && sha256sum -- *)
echo "the same bytes, twice"
