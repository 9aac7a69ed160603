//go:build packages

// Package packaging looks at the packages in build/packages as somebody who
// got them does. `make package-linux` and its like make them, and run this.
package packaging

import (
	"bufio"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// id names the program to every system.
const id = "org.trolley.counter"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a command and returns what it printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// top is the file or folder of the repository.
func top(path string) string { return filepath.Join("..", path) }

// version is what FyneApp.toml says, where it comes from everywhere.
func version(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(top("FyneApp.toml"))
	check(t, err)
	found := regexp.MustCompile(`(?m)^Version = "(\d+\.\d+\.\d+)"$`).FindSubmatch(text)
	if found == nil {
		t.Fatal("FyneApp.toml has no version of three numbers")
	}
	return string(found[1])
}

// packagePath is where a package is; it fails when there is none.
func packagePath(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(top(filepath.Join("build", "packages", name)))
	check(t, err)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("there is no such package: %v", err)
	}
	return path
}

// sourceDate is the date of all files in the packages, in seconds since 1970.
func sourceDate(t *testing.T) int64 {
	t.Helper()
	n, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		t.Fatalf("SOURCE_DATE_EPOCH, which the Makefile sets: %v", err)
	}
	return n
}

func expectText(t *testing.T, path, want string) {
	t.Helper()
	text, err := os.ReadFile(path)
	check(t, err)
	if !strings.Contains(string(text), want) {
		t.Errorf("%s does not have %q:\n%s", filepath.Base(path), want, text)
	}
}

// expectVersion fails unless a program tells the version of FyneApp.toml, and
// the commit.
func expectVersion(t *testing.T, binary string) {
	t.Helper()
	cmd := exec.Command(binary, "-version")
	cmd.Env = append(os.Environ(), "LANG=en_US.UTF-8")
	out, err := cmd.CombinedOutput()
	check(t, err)
	if want := regexp.MustCompile(`^trolley ` + regexp.QuoteMeta(version(t)) + ` [0-9a-f]{7,}(-dirty)? \d{4}-\d\d-\d\dT\S+\n$`); !want.Match(out) {
		t.Errorf("%s says %q", binary, out)
	}
}

// expectLicences fails unless each module in a program has its licence in the
// text.
func expectLicences(t *testing.T, binary, text string) {
	t.Helper()
	info, err := buildinfo.ReadFile(binary)
	check(t, err)
	for _, module := range info.Deps {
		if !strings.Contains(text, fmt.Sprintf("==== %s\t%s\t", module.Path, module.Version)) {
			t.Errorf("the licence of %s %s is missing; run `make licences`", module.Path, module.Version)
		}
	}
}

// growth is by how much a program may be larger than recorded.
const growth = 1.10

// expectSize fails when a program has grown by more than a tenth since its size
// was recorded in sizes.txt. A larger one is recorded there, with the reason.
func expectSize(t *testing.T, name, path string) {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	want := recordedSize(t, name)
	if want == 0 { // a kind of processor that no package was made for yet
		t.Logf("%s has %d bytes; record that in packaging/sizes.txt", name, info.Size())
		return
	}
	t.Logf("%s has %.1f MB, recorded are %.1f MB", name, float64(info.Size())/1e6, float64(want)/1e6)
	if float64(info.Size()) > growth*float64(want) {
		t.Errorf("%s has %d bytes, %.0f %% more than recorded in packaging/sizes.txt; find out why, or record it with the reason",
			name, info.Size(), 100*(float64(info.Size())/float64(want)-1))
	}
}

// recordedSize returns the last size of a program in sizes.txt, in bytes; 0 if
// there is none.
func recordedSize(t *testing.T, name string) int64 {
	t.Helper()
	f, err := os.Open("sizes.txt")
	check(t, err)
	defer f.Close()
	var last int64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] != name {
			continue
		}
		if len(fields) < 4 {
			t.Fatalf("sizes.txt: %q has no reason", lines.Text())
		}
		last, err = strconv.ParseInt(fields[1], 10, 64)
		check(t, err)
	}
	return last
}
