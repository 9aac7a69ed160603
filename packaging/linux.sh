#!/usr/bin/env bash
# Makes the packages for Linux out of build/trolley, in build/packages:
#   trolley_VERSION_ARCH.deb               to be installed by the system
#   trolley-VERSION-linux-ARCH.tar.xz      with a Makefile that installs it, also without root
#
# The Makefile calls it, with VERSION and SOURCE_DATE_EPOCH (seconds; the date
# of every file in the packages) in the environment. TROLLEY_MAINTAINER is who
# stands in the .deb.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/tools.sh

id=org.trolley.counter
stage=build/stage/linux
arch=$(go env GOARCH)
date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)
sizes=(16 22 24 32 48 64 128 256 512)

# fill puts the version and the date into a text.
fill() { sed -e "s/@VERSION@/$VERSION/g" -e "s/@DATE@/$date/g" "$1"; }

copyright() {
	printf '%s\n' "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/" \
		"Upstream-Name: Trolley" \
		"Comment: The licences of all that is built into the program are in licences.txt.gz." "" \
		"Files: *" "Copyright: 2026 The Trolley authors" "License: Expat"
	sed -e '1,/^Copyright/d' -e '/^$/d' -e 's/^/ /' LICENSE
}

# changelog is the one that Debian wants; CHANGELOG.md is the one for people.
changelog() {
	printf 'trolley (%s) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- %s  %s\n' \
		"$VERSION" "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

# lay_out makes the files as they lie on the system.
lay_out() {
	local share=$stage/root/usr/share size
	install -Dm755 build/trolley "$stage/root/usr/bin/trolley"
	install -Dm644 packaging/linux/$id.desktop "$share/applications/$id.desktop"
	install -dm755 "$share/metainfo" "$share/man/man1" "$share/doc/trolley" "$stage/icons"
	fill packaging/linux/$id.metainfo.xml >"$share/metainfo/$id.metainfo.xml"
	fill packaging/linux/trolley.1 | gzip -9n >"$share/man/man1/trolley.1.gz"
	copyright >"$share/doc/trolley/copyright"
	changelog | gzip -9n >"$share/doc/trolley/changelog.gz"
	gzip -9n <CHANGELOG.md >"$share/doc/trolley/CHANGELOG.md.gz"
	gzip -9n <ui/licences.txt >"$share/doc/trolley/licences.txt.gz"
	install -m644 .env.example "$share/doc/trolley/env.example"
	CGO_ENABLED=0 go run ./packaging/icons Icon.png "$stage/icons" "${sizes[@]}"
	for size in "${sizes[@]}"; do
		install -Dm644 "$stage/icons/${size}x$size.png" "$share/icons/hicolor/${size}x$size/apps/$id.png"
	done
	install -Dm644 packaging/icon.svg "$share/icons/hicolor/scalable/apps/$id.svg"
	chmod -R u=rwX,go=rX "$stage/root"
}

deb() {
	tool nfpm "$NFPM"
	ARCH=$arch MAINTAINER=$maintainer \
		build/tools/nfpm package -f packaging/linux/nfpm.yaml -p deb -t "build/packages/trolley_${VERSION}_$arch.deb"
}

# tarball is that of `fyne package`, with our desktop entry, the licences and
# the same date everywhere. The tool counts up the build in the FyneApp.toml it
# reads, so it gets a copy.
tarball() {
	local name="trolley-$VERSION-linux-$arch"
	local at=$stage/tarball/$name
	tool fyne "$(fyne_module)"
	mkdir -p "$stage/fyne" "$at"
	cp FyneApp.toml Icon.png build/trolley "$stage/fyne/"
	(cd "$stage/fyne" && ../../../tools/fyne package -os linux -executable "$PWD/trolley")
	tar -xJf "$stage/fyne/Trolley.tar.xz" -C "$at" --strip-components 1
	sed "s/^Icon=.*/Icon=Trolley/" packaging/linux/$id.desktop >"$stage/Trolley.desktop"
	find "$at" -name Trolley.desktop -exec cp "$stage/Trolley.desktop" {} \;
	cp LICENSE CHANGELOG.md ui/licences.txt packaging/linux/README "$at/"
	chmod -R u=rwX,go=rX "$at"
	tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$stage/tarball" -cf - "$name" |
		xz -6 -T1 >"build/packages/$name.tar.xz"
}

maintainer=${TROLLEY_MAINTAINER:-The Trolley authors <maintainers@trolley.example>}
rm -rf "$stage" build/packages/trolley_* build/packages/trolley-*-linux-* # also of an older version
mkdir -p "$stage" build/packages
lay_out
deb
tarball
