# shellcheck shell=bash disable=SC2034
# What the scripts that package share: the tools, each of one version. To be
# sourced in the top folder of the repository.

NFPM=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
CYCLONEDX=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

# The toolkit's own tool, of the toolkit's version.
fyne_module() { go list -m -f 'fyne.io/fyne/v2/cmd/fyne@{{.Version}}' fyne.io/fyne/v2; }

# tool NAME MODULE@VERSION builds a tool into build/tools, for this machine
# whatever is being packaged, unless it is there in that version.
tool() {
	local have
	have=$(go version -m "build/tools/$1" 2>/dev/null | awk '$1 == "path" { p = $2 } $1 == "mod" { print p "@" $3; exit }') || true # it is not there
	[ "$have" != "$2" ] || return 0
	env -u GOOS -u GOARCH -u GOFLAGS CGO_ENABLED=0 GOBIN="$PWD/build/tools" go install -trimpath -tags ci "$2"
}
