#!/usr/bin/env bash
# Writes what the program for a system is made of, as CycloneDX, to
# build/packages/trolley-VERSION-SYSTEM.cdx.json. VERSION and TAGS come from
# the Makefile.
#
# Usage: packaging/sbom.sh linux|windows|darwin
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/tools.sh

tool cyclonedx-gomod "$CYCLONEDX"
mkdir -p build/packages
rm -f build/packages/trolley-*-"$1".cdx.json # of an older version
out="build/packages/trolley-$VERSION-$1.cdx.json"
# Neither time nor serial number, so that a commit always gives the same.
GOOS=$1 CGO_ENABLED=1 GOFLAGS="-tags=$TAGS" build/tools/cyclonedx-gomod app \
	-json -std -licenses -assert-licenses -noserial -notimestamp -output "$out" .
