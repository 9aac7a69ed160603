//go:build e2e && linux

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"trolley/e2e/desk"
)

// The program as it is delivered, and built so that the toolkit checks that
// every call comes from its own thread.
var delivered, checked string

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	delivered, checked = filepath.Join(dir, "trolley"), filepath.Join(dir, "checked")
	if err := build(delivered, "-tags", "migrated_fynedo,no_animations"); err != nil {
		return 1, err
	}
	if err := build(checked); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// build builds the program with the flags of the Makefile, so that nothing is
// compiled twice.
func build(path string, flags ...string) error {
	args := append([]string{"build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", path}, flags...)
	cmd := exec.Command("go", append(args, "trolley")...)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// newDesk opens a desk for one test.
func newDesk(t *testing.T, o desk.Options) *desk.Desk {
	t.Helper()
	d, err := desk.Start(o)
	check(t, err)
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// launch starts the program; should the test fail, what it printed is shown,
// and a picture of it kept in build/e2e.
func launch(t *testing.T, d *desk.Desk, name, binary string, env ...string) *desk.Window {
	t.Helper()
	w, err := d.Launch(name, binary, env...)
	check(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s printed:\n%s", name, w.Log())
			keepPicture(t, w, name)
		}
		if strings.Contains(w.Log(), "Error in Fyne call thread") {
			t.Errorf("%s called the toolkit from a wrong thread:\n%s", name, w.Log())
		}
	})
	return w
}

// keepPicture saves how the window looks now.
func keepPicture(t *testing.T, w *desk.Window, name string) {
	t.Helper()
	folder := filepath.Join("..", "build", "e2e")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Log(err)
	}
	path := filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+"-"+name+".png")
	if err := w.Picture(path); err != nil {
		t.Logf("no picture: %v", err)
		return
	}
	t.Logf("picture in %s", path)
}

// check ends the test on an error.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
