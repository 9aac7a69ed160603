# Everything there is to do with Trolley. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# The toolkit's own tag: all calls keep to its thread, which lets it skip a check.
# Nothing is animated: the blinking cursor of the search box, which always has the
# focus, would draw the whole window anew many times a second.
# Screen readers of Windows and macOS are told what is on screen; the toolkit
# does not do so elsewhere.
comma := ,
SPOKEN := $(filter Windows_NT Darwin,$(or $(OS),$(shell uname -s)))
SILENT_TAGS := migrated_fynedo,no_animations
TAGS := $(SILENT_TAGS)$(if $(SPOKEN),$(comma)accessibility)
# No window is opened: neither a C compiler nor a display is needed.
TEST_TAGS := ci,$(TAGS)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

BINARY := build/trolley$(if $(filter Windows_NT,$(OS)),.exe)
# The one place where the version stands; commit and date are those of the source.
VERSION := $(shell sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
COMMIT := $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
DATE := $(shell git log -1 --format=%cI 2>/dev/null)
LDFLAGS := -s -w -X=main.version=$(VERSION) -X=main.commit=$(COMMIT) -X=main.date=$(DATE)

# The date of every file in the packages, so that a commit always gives the same.
export SOURCE_DATE_EPOCH := $(or $(shell git log -1 --format=%ct 2>/dev/null),$(shell stat -c %Y FyneApp.toml))
package-linux pack-linux package-windows pack-windows pack-darwin: export VERSION := $(VERSION)
pack-darwin: export LDFLAGS := $(LDFLAGS)
pack-linux pack-darwin: export TAGS := $(TAGS)
package-windows pack-windows: export TAGS := $(SILENT_TAGS),accessibility
pack-windows: export COMMIT := $(COMMIT)
pack-windows: export DATE := $(DATE)

# A display is there, or this is a system that has no other way.
DISPLAY_THERE := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter-out Linux,$(or $(OS),$(shell uname -s)))

say = @printf '\n== %s\n' "$(1)"

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: ## build and open the window; without a display, take the tour instead
ifneq ($(DISPLAY_THERE),)
	@packaging/setup.sh build window
	@$(MAKE) compile
	@exec $(BINARY)
else
	@echo "There is no display here: Trolley is shown on a virtual one, in pictures."
	@$(MAKE) tour
endif

.PHONY: build
build: ## build the program into build/
	@packaging/setup.sh build
	@$(MAKE) compile

.PHONY: compile
compile:
	$(call say,build (the first time takes minutes))
	@go build -buildvcs=false -tags $(TAGS) -trimpath -ldflags '$(LDFLAGS)' -o $(BINARY) .

.PHONY: tour
tour: ## walk through the program on a virtual screen; pictures in build/tour/
	@packaging/setup.sh build window screen
	@$(MAKE) compile
	$(call say,tour)
	@CGO_ENABLED=0 go run ./e2e/tour $(BINARY) build/tour

.PHONY: test
test: ## everything: format, vet, lint, unit, race, end to end in real windows
	@packaging/setup.sh build window screen test
	@$(MAKE) check unit race e2e

.PHONY: check
check: fmt vet lint ## format, vet and lint only

.PHONY: fmt
fmt:
	$(call say,format)
	@files=$$(gofmt -l .); [ -z "$$files" ] || { printf 'not formatted, run gofmt -w:\n%s\n' "$$files"; exit 1; }

# What has code of its own for another system. All else is vetted here as it is
# there, and building that for Windows only to be vetted would take minutes; for
# macOS the toolkit is built on macOS only.
ELSEWHERE := ./ui/native ./ui/sound ./data/...

.PHONY: vet
vet:
	$(call say,vet)
	@CGO_ENABLED=0 go vet -tags $(TEST_TAGS),e2e,packages,wine ./...
	@GOOS=windows CGO_ENABLED=0 go vet $(ELSEWHERE)
	@GOOS=darwin CGO_ENABLED=0 go vet -tags packages $(ELSEWHERE) ./packaging

.PHONY: lint
lint:
	$(call say,staticcheck)
	@CGO_ENABLED=0 go run $(STATICCHECK) -tags $(TEST_TAGS),e2e,packages,wine ./...

# The toolkit complains about a language it does not know, such as C.
unit race bench pictures: export LANG := en_US.UTF-8

# The window's tests take longest and use one core, so they come first: the
# others run beside them.
.PHONY: unit
unit: ## tests of every package, on real redis-servers and files
	@packaging/setup.sh test
	$(call say,unit)
	@CGO_ENABLED=0 go test -timeout 10m -tags $(TEST_TAGS) ./ui ./...

# What one goroutine does alone, such as drawing pictures and reading the
# source, takes most of the time and has nothing to race with; what compares
# times would measure the detector.
ALONE := Picture|AnswerAlike|InEverySize|TextSize|Phrase|WordsAreFound|WordsFit|OldLanguage|HaveLabels|CanBeRead|Pace

# SQLite is C, translated to Go: it takes half of the time under the detector, and
# guards its memory itself, by means that the detector does not know.
UNWATCHED := -gcflags='modernc.org/...=-race=false -d=checkptr=0'

.PHONY: race
race: ## with the race detector, but for what one goroutine does alone
	@packaging/setup.sh build test
	$(call say,race)
	@CGO_ENABLED=1 go test -timeout 20m -race $(UNWATCHED) -skip '$(ALONE)' -tags $(TEST_TAGS) ./ui ./data/... ./ui/...

# How long each of the tests runs that look for rare failures.
soak: export TROLLEY_SOAK ?= 60s

.PHONY: soak
soak: ## the tests that look for rare failures, 60 s each; TROLLEY_SOAK=10m for longer
	@packaging/setup.sh build window screen test
	$(call say,soak ($(TROLLEY_SOAK) each))
	@CGO_ENABLED=0 go test -count=1 -timeout 60m -tags $(TEST_TAGS) -run 'Linear|Soak|Failover|Faults' ./data/...
	@go test -count=1 -timeout 60m -tags e2e -run 'AtRandom|EveryScan' ./e2e

# Always run: what happens on a screen is nothing that Go's test cache can see.
.PHONY: e2e
e2e: ## the program in real windows on a virtual screen
	@packaging/setup.sh build window screen test
	$(call say,end to end)
	@go test -count=1 -timeout 15m -tags e2e ./e2e

.PHONY: bench
bench: ## benchmarks of every package
	@packaging/setup.sh test
	@CGO_ENABLED=0 go test -tags $(TEST_TAGS) -run '^$$' -bench . -benchmem ./...

.PHONY: pictures
pictures: ## draw the README's pictures anew, in docs/pictures/
	@CGO_ENABLED=0 go test -count=1 -tags $(TEST_TAGS) -run '^TestPicturesOfTheReadme$$' ./ui -pictures

.PHONY: icon
icon: ## draw the icons anew from packaging/icon.svg (needs rsvg-convert)
	@rsvg-convert -w 1024 -h 1024 packaging/icon.svg -o Icon.png
	@rsvg-convert -w 256 -h 256 packaging/icon.svg -o packaging/windows/icon.png

.PHONY: licences
licences: ## write ui/licences.txt anew: the licences of all that is in the program
	@mkdir -p build
	@go run ./packaging/licences > build/licences.txt
	@mv build/licences.txt ui/licences.txt

.PHONY: version
version: ## print the version
	@echo $(VERSION)

# Each package is made by its pack-… and looked at by its package-….
.PHONY: package pack-linux package-linux pack-windows package-windows pack-darwin package-darwin
package: package-$(if $(filter Darwin,$(shell uname -s)),darwin,linux package-windows) ## all packages that can be made here, with checksums
	@cd build/packages && $(if $(filter Darwin,$(shell uname -s)),shasum -a 256,sha256sum) -- trolley* > SHA256SUMS && cat SHA256SUMS

pack-linux:
	@packaging/setup.sh build linux
	@$(MAKE) compile
	$(call say,package for Linux)
	@packaging/linux.sh
	@packaging/sbom.sh linux

package-linux: pack-linux ## the .deb and the tarball for Linux, in build/packages/
	@go test -count=1 -tags packages -run 'Linux|Darwin|Release' ./packaging

pack-darwin:
	@packaging/setup.sh build
	$(call say,package for macOS)
	@packaging/darwin.sh
	@packaging/sbom.sh darwin

package-darwin: pack-darwin ## the app for macOS, on a Mac
	@go test -count=1 -tags packages -run Darwin ./packaging

pack-windows:
	@packaging/setup.sh build windows
	$(call say,package for Windows (the first time takes many minutes))
	@packaging/windows.sh
	@packaging/sbom.sh windows

package-windows: pack-windows ## the portable zip for Windows, cross-built
	@CGO_ENABLED=0 go test -count=1 -tags packages -run Windows ./packaging

.PHONY: try-linux
try-linux: ## the packages for Linux on a plain Debian 12: install, use, remove (as root)
	@packaging/setup.sh tryout
	@packaging/try-linux.sh deb tarball

# Not part of any other target: Wine is large, and no Windows.
.PHONY: try-windows
try-windows: ## use that package under Wine; pictures in build/packages/pictures/
	@packaging/setup.sh screen windows wine
	$(call say,the package for Windows under Wine)
	@CGO_ENABLED=0 go test -count=1 -v -timeout 20m -tags wine -run Wine ./packaging

.PHONY: twice
twice: ## make the packages twice from two clones: the bytes must be the same
	@packaging/twice.sh

.PHONY: clean
clean: ## remove build/
	@rm -rf build
