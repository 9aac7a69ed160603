//go:build e2e && linux

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"trolley/e2e/desk"
)

// What windows tell in their logs, and what they leave behind.

// stage is a line of the outcome of a test, as the dialog shows it.
type stage struct {
	name     string
	failed   bool
	sentence string
}

var stageLine = regexp.MustCompile(`msg=stage stage=("[^"]+"|\S+) failed=(\w+) sentence=("(?:[^"\\]|\\.)*"|\S+)`)

// stagesOf reads the stages that were shown in a part of the log.
func stagesOf(log string) []stage {
	var all []stage
	for _, m := range stageLine.FindAllStringSubmatch(log, -1) {
		all = append(all, stage{unquoted(m[1]), m[2] == "true", unquoted(m[3])})
	}
	return all
}

// unquoted is a value of a log as it was before it was written there.
func unquoted(value string) string {
	if text, err := strconv.Unquote(value); err == nil {
		return text
	}
	return value
}

// after waits until the window has told something that it had not told before
// something was done, and returns what it told since.
func after(t *testing.T, w *desk.Window, told string, do func()) string {
	t.Helper()
	before := len(w.Log())
	do()
	check(t, w.Until(told, func() (bool, error) { return strings.Contains(w.Log()[before:], told), nil }))
	return w.Log()[before:]
}

// picture keeps how the window looks in a folder of build/e2e.
func picture(t *testing.T, w *desk.Window, folder, name string) {
	t.Helper()
	path := filepath.Join("..", "build", "e2e", folder)
	check(t, os.MkdirAll(path, 0o755))
	check(t, w.Still())
	check(t, w.Picture(filepath.Join(path, name+".png")))
}

// expectNoTrace fails where the password is in any file below the home of the
// desk, or in what its programs have printed. Files whose names are given may
// have it.
func expectNoTrace(t *testing.T, d *desk.Desk, but []string, windows ...*desk.Window) {
	t.Helper()
	files := 0
	check(t, filepath.WalkDir(d.Home(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files++
		if strings.Contains(string(text), marker) && !slices.Contains(but, e.Name()) {
			t.Errorf("the password is in %s", path)
		}
		return err
	}))
	if files < 3 { // the shop, the log and the connection at least
		t.Errorf("only %d files were looked through", files)
	}
	for _, w := range windows {
		if strings.Contains(w.Log(), marker) {
			t.Error("the program printed the password")
		}
	}
}

var titleLine = regexp.MustCompile(`msg=dialog title=("(?:[^"\\]|\\.)*"|\S+)`)

// titlesOf reads the titles of the dialogs that were shown.
func titlesOf(log string) []string {
	var all []string
	for _, m := range titleLine.FindAllStringSubmatch(log, -1) {
		all = append(all, unquoted(m[1]))
	}
	return all
}

// opens waits until the window has opened a dialog with exactly this title.
func opens(t *testing.T, w *desk.Window, title string) {
	t.Helper()
	check(t, w.Until(title, func() (bool, error) { return slices.Contains(titlesOf(w.Log()), title), nil }))
}
