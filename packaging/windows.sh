#!/usr/bin/env bash
# Makes the portable zip for Windows, on Linux with mingw-w64. The same commit
# gives the same bytes, unless it is signed. Called by make package-windows.
#
# Usage: VERSION=… COMMIT=… DATE=… TAGS=… SOURCE_DATE_EPOCH=… packaging/windows.sh
#   OUT   folder for the zip; default build/packages
#   TROLLEY_SIGN_…   see packaging/sign-windows.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/tools.sh
: "${VERSION:?}" "${COMMIT:?}" "${DATE:?}" "${TAGS:?}" "${SOURCE_DATE_EPOCH:?}"
umask 022
export TZ=UTC LC_ALL=C

top=$PWD
out=$(realpath -m "${OUT:-build/packages}")
stage=$top/build/stage/windows
zip=$out/trolley-$VERSION-windows-amd64.zip
tools=$top/build/tools

# fyne package leaves files behind and counts up the build in FyneApp.toml, so
# it works on a copy of what is tracked.
copy_source() {
	rm -rf "$stage"
	mkdir -p "$stage/source" "$stage/Trolley"
	git ls-files -z | tar --null -T - -c | tar -x -C "$stage/source"
}

# The tool takes a manifest that is beside the program, and else makes one
# without anything on the resolution of screens.
write_manifest() {
	local build
	build=$(sed -n 's/^Build = \([0-9]*\)$/\1/p' FyneApp.toml)
	sed "s/@VERSION@/$VERSION.$build/" packaging/windows/manifest.xml >"$stage/source/Trolley.exe.manifest"
}

# The tool hands the -ldflags of GOFLAGS on to the first build alone, and the
# second is the one with the resources. It leaves the first out where there is a
# program already. That there is no console it asks for by itself. The icon is
# the largest that Windows shows; it makes the smaller ones.
build() (
	cd "$stage/source"
	GOFLAGS="-trimpath -buildvcs=false -ldflags=-s -ldflags=-w -ldflags=-X=main.version=$VERSION"
	GOFLAGS+=" -ldflags=-X=main.commit=$COMMIT -ldflags=-X=main.date=$DATE"
	export GOFLAGS GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc
	: >Trolley.exe
	"$tools/fyne" package -os windows -name Trolley -executable Trolley.exe -icon packaging/windows/icon.png -tags "$TAGS"
	mv Trolley.exe "$stage/Trolley/"
)

# Older editors of Windows want its ends of lines.
text() { sed 's/$/\r/' "$1" >"$stage/Trolley/$2"; }

# The compiler links its own start and library into the program, under these licences.
compiler_licences() {
	local from=/usr/share/doc/mingw-w64-x86-64-dev/copyright
	[ -r "$from" ] || { echo "the licences of mingw-w64 are not at $from" >&2; return 1; }
	printf '==== mingw-w64\t%s\tZPL-2.1 and others\n' "$(x86_64-w64-mingw32-gcc -dumpfullversion)"
	cat "$from"
}

add_texts() {
	text LICENSE LICENSE.txt
	{ cat ui/licences.txt && compiler_licences; } >"$stage/licences.txt"
	text "$stage/licences.txt" licences.txt
	sed "s/@VERSION@/$VERSION/" packaging/windows/README.txt >"$stage/README.txt"
	text "$stage/README.txt" README.txt
}

# The order, the dates and the rights are always the same. A zip counts in steps
# of two seconds.
pack() (
	cd "$stage"
	chmod 755 Trolley/Trolley.exe
	chmod 644 Trolley/*.txt
	touch -d "@$((SOURCE_DATE_EPOCH / 2 * 2))" Trolley/*
	mkdir -p "$out"
	rm -f "$out"/trolley-*-windows-* # also of an older version
	printf '%s\n' Trolley/* | zip -q -X -9 "$zip" -@
)

tool fyne "$(fyne_module)"
copy_source
write_manifest
build
packaging/sign-windows.sh "$stage/Trolley/Trolley.exe"
add_texts
pack
printf '%s bytes  %s\n' "$(stat -c %s "$stage/Trolley/Trolley.exe")" Trolley.exe "$(stat -c %s "$zip")" "${zip#"$top/"}"
rm -rf "$stage"
