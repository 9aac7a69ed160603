package logbook

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// open begins a log in a folder and ends it with the test.
func open(t *testing.T, c Config) *Logbook {
	t.Helper()
	b, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, b) })
	return b
}

func end(t *testing.T, b *Logbook) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files are the names of what is in a folder, without the locks.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	for _, path := range named(dir, "", "") {
		if filepath.Ext(path) != ".lock" {
			names = append(names, filepath.Base(path))
		}
	}
	return names
}

func TestEachPlaceHasItsLevel(t *testing.T) {
	for _, c := range []struct {
		level          slog.Level
		terminal, file string
	}{
		{slog.LevelDebug, "debug info warn", "debug info warn"},
		{slog.LevelInfo, "info warn", "info warn"},
		{slog.LevelWarn, "warn", "info warn"},
	} {
		dir, terminal := filepath.Join(t.TempDir(), "new", "logs"), &bytes.Buffer{}
		b := open(t, Config{Dir: dir, Level: c.level, Also: terminal})
		b.Logger().Debug("debug")
		b.Logger().Info("info")
		b.Logger().Warn("warn")
		file := read(t, filepath.Join(dir, "trolley.log"))
		for place, got := range map[string][2]string{"terminal": {terminal.String(), c.terminal}, "file": {file, c.file},
			"memory": {strings.Join(b.Events(), "\n") + "\n", c.file}} {
			var said []string
			for line := range strings.Lines(got[0]) {
				_, message, _ := strings.Cut(strings.TrimSpace(line), "msg=")
				said = append(said, message)
			}
			if s := strings.Join(said, " "); s != got[1] {
				t.Errorf("level %s: %s says %q, want %q", c.level, place, s, got[1])
			}
		}
	}
}

func TestOthersCannotReadTheLog(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the folder is in the account's own there, and files have no modes")
	}
	dir := filepath.Join(t.TempDir(), "logs")
	b := open(t, Config{Dir: dir})
	b.Logger().Info("something")
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, failed error) error {
		if failed != nil {
			return failed
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheLastLinesAreKept(t *testing.T) {
	b := open(t, Config{Dir: t.TempDir()})
	for i := range kept + 7 {
		b.Logger().Info(fmt.Sprint("line ", i))
	}
	b.Logger().Info(strings.Repeat("ä", longestLine))
	all := b.Events()
	if len(all) != kept || !strings.HasSuffix(all[0], `"line 8"`) || len(all[kept-1]) > longestLine+3 || strings.ContainsRune(all[kept-1], '\uFFFD') {
		t.Errorf("%d lines, from %s to %d bytes", len(all), all[0], len(all[kept-1]))
	}
}

func TestFullFilesAreRotated(t *testing.T) {
	dir := t.TempDir()
	b := open(t, Config{Dir: dir})
	for range 5 * 70 { // of 16 KiB: more than five files
		b.Logger().Info(strings.Repeat("x", longestLine))
	}
	// The oldest go in a goroutine of the library's own.
	deadline := time.Now().Add(20 * time.Second)
	for len(files(t, dir)) > 5 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	sum := int64(0)
	for _, name := range files(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			sum += info.Size()
		}
	}
	if n := len(files(t, dir)); n > 5 || n < 4 || sum > 4<<20+1024 { // one being written, three full, one for a crash
		t.Errorf("%d bytes in %v", sum, files(t, dir))
	}
}

func TestAFolderThatCannotBeUsedIsToldOnce(t *testing.T) {
	inTheWay := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var terminal bytes.Buffer
	b := open(t, Config{Dir: filepath.Join(inTheWay, "logs"), Also: &terminal})
	b.Logger().Info("goes on")
	b.Logger().Info("and on")
	all := strings.Join(b.Events(), "\n")
	if strings.Count(terminal.String(), "WARN") != 1 || !strings.Contains(terminal.String(), "file") || !strings.Contains(all, "and on") {
		t.Errorf("terminal %s, memory %s", terminal.String(), all)
	}
	if report, crashed := b.Crash(); crashed {
		t.Error(report)
	}
}

// full is a disk that takes nothing any more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAFullDiskIsToldOnce(t *testing.T) {
	b := open(t, Config{Dir: t.TempDir()})
	b.lines.file = full{}
	b.Logger().Info("first")
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(strings.Join(b.Events(), "\n"), "no space left") {
		if time.Now().After(deadline) {
			t.Fatal(b.Events())
		}
		time.Sleep(time.Millisecond)
	}
	b.Logger().Info("second")
	if all := b.Events(); len(all) != 3 || !strings.Contains(all[2], "second") {
		t.Errorf("%q", all)
	}
}

func TestProgramsDoNotWriteToOneFile(t *testing.T) {
	dir := t.TempDir()
	other := startChild(t, dir, "wait")
	b := open(t, Config{Dir: dir})
	b.Logger().Info("mine")
	if report, crashed := b.Crash(); crashed {
		t.Errorf("a program that runs counts as crashed: %s", report)
	}
	if text := read(t, filepath.Join(dir, "trolley-2.log")); !strings.Contains(text, "mine") || strings.Contains(text, "child") {
		t.Error(text)
	}
	other.kill(t)
	c := open(t, Config{Dir: dir})
	c.Logger().Info("next")
	if text := read(t, filepath.Join(dir, "trolley.log")); !strings.Contains(text, "child") || !strings.Contains(text, "next") {
		t.Errorf("the place of the one that has ended was not taken: %s", text)
	}
	if report, crashed := c.Crash(); crashed {
		t.Errorf("a program that was killed counts as crashed: %s", report)
	}
}

func TestLogsOfLongAgoGo(t *testing.T) {
	dir := t.TempDir()
	then := time.Now().Add(-old - time.Hour)
	names := []string{"trolley.log", "trolley-2.log", "trolley-2.lock", "trolley-2-2026-01-02T10-00-00.000.log", "trolley-3.log", "trolley-3.lock", "notes.txt"}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if name == "trolley-3.log" {
			continue
		}
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	open(t, Config{Dir: dir})
	if got := files(t, dir); !slices.Equal(got, []string{"notes.txt", "trolley-3.log", "trolley.crash", "trolley.log"}) {
		t.Error(got)
	}
}
