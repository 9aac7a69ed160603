#!/usr/bin/env bash
# Makes Trolley.app, and out of it build/packages/trolley-VERSION-macos.zip.
#
#   packaging/darwin.sh          all of it, on a Mac: a program for both kinds of processor
#   packaging/darwin.sh EXE      only build/stage/darwin/Trolley.app, out of a program that is there; on any system
#
# In the environment, from the Makefile: VERSION, LDFLAGS and TAGS. To sign and
# to have Apple notarise it:
#   TROLLEY_MAC_IDENTITY                      name of the Developer ID in the keychain; none: signed for this Mac only
#   TROLLEY_NOTARY_KEY, _KEY_ID, _ISSUER      file, id and issuer of an App Store Connect key; none: not notarised
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/tools.sh

# The oldest system that programs of this Go run on (Go 1.25 release notes, "Darwin").
oldest=12.0
stage=build/stage/darwin
app=$stage/Trolley.app

# program builds for both processors and puts them into one file.
program() {
	local arch
	for arch in arm64 amd64; do
		CGO_ENABLED=1 GOARCH=$arch CGO_CFLAGS="-O2 -g -mmacosx-version-min=$oldest" CGO_LDFLAGS="-mmacosx-version-min=$oldest" \
			go build -buildvcs=false -trimpath -tags "$TAGS" -ldflags "$LDFLAGS" -o "$stage/trolley-$arch" .
	done
	lipo -create -output "$stage/trolley" "$stage/trolley-arm64" "$stage/trolley-amd64"
}

# bundle has the toolkit lay out the app, and corrects what it says of itself.
# The tool counts up the build in the FyneApp.toml it reads, so it gets a copy.
bundle() {
	local info=$app/Contents/Info.plist
	tool fyne "$(fyne_module)"
	rm -rf "$app"
	mkdir -p "$stage/fyne"
	cp FyneApp.toml Icon.png "$stage/fyne/"
	install -m755 "$1" "$stage/fyne/trolley"
	(cd "$stage/fyne" && rm -rf Trolley.app && ../../../tools/fyne package -os darwin -executable "$PWD/trolley" && mv Trolley.app ..)
	sed -e "s|<string>public.app-category.</string>|<string>public.app-category.business</string>|" \
		-e "/LSMinimumSystemVersion/,/string/s|<string>.*</string>|<string>$oldest</string>|" \
		-e "s|^</dict>|	<key>NSHumanReadableCopyright</key>\\
	<string>© 2026 The Trolley authors. MIT licence.</string>\\
	<key>CFBundleDevelopmentRegion</key>\\
	<string>en</string>\\
</dict>|" "$info" >"$info.new"
	mv "$info.new" "$info"
	cp LICENSE "$app/Contents/Resources/LICENSE.txt"
	cp ui/licences.txt "$app/Contents/Resources/licences.txt"
}

# sign signs the app, with the right to nothing but what every program may.
sign() {
	local identity=${TROLLEY_MAC_IDENTITY:--}
	if [ "$identity" = - ]; then
		echo "not signed by a developer: TROLLEY_MAC_IDENTITY is not set" >&2
		codesign --force --sign - "$app"
	else
		codesign --force --options runtime --timestamp --sign "$identity" "$app"
	fi
	codesign --verify --strict --verbose=2 "$app"
}

# notarise has Apple look at the app, and keeps the answer inside it.
notarise() {
	if [ -z "${TROLLEY_NOTARY_KEY:-}" ]; then
		echo "not notarised: TROLLEY_NOTARY_KEY is not set" >&2
		return
	fi
	ditto -c -k --keepParent "$app" "$stage/notarise.zip"
	xcrun notarytool submit "$stage/notarise.zip" --wait \
		--key "$TROLLEY_NOTARY_KEY" --key-id "$TROLLEY_NOTARY_KEY_ID" --issuer "$TROLLEY_NOTARY_ISSUER"
	xcrun stapler staple "$app"
}

mkdir -p "$stage" build/packages
if [ $# -gt 0 ]; then
	bundle "$1"
	exit
fi
rm -f build/packages/trolley-*-macos.zip # also of an older version
program
bundle "$stage/trolley"
sign
notarise
ditto -c -k --keepParent "$app" "build/packages/trolley-$VERSION-macos.zip"
