package data_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"trolley/data"
)

// password is the desk's, and must not be seen anywhere.
const password = "hunter2-marker"

// gossip collects all that a counter says: what it shows and what it logs.
type gossip struct {
	mu   sync.Mutex
	text strings.Builder
}

func (g *gossip) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(b)
}

func (g *gossip) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(g, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// hear takes a state, and the errors in it with all that they wrap.
func (g *gossip) hear(s data.State) {
	fmt.Fprintf(g, "%+v\n", s)
	for _, r := range s.Refused {
		g.hearError(r.Err)
	}
	for _, f := range s.Checks {
		g.hearError(f.Err)
	}
}

func (g *gossip) hearError(err error) {
	for ; err != nil; err = errors.Unwrap(err) {
		fmt.Fprintf(g, "%v\n%+v\n%#v\n", err, err, err)
	}
}

// keepsTheSecret fails the test when the password was said, or is in a file in
// the folder.
func (g *gossip) keepsTheSecret(t *testing.T, folder string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	text := g.text.String()
	if !strings.Contains(text, "level=") || !strings.Contains(text, "Catalogue:") {
		t.Error("nothing was logged or shown: this shows nothing")
	}
	if i := strings.Index(text, password); i >= 0 {
		t.Errorf("the password shows: ...%.200s", text[max(0, i-100):])
	}
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), password) {
			t.Errorf("the password is in %s", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Errorf("look through the files: %v", err)
	}
}

// goroutines returns what all of them are at.
func goroutines() string {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			return string(buf[:n])
		}
		buf = make([]byte, 2*len(buf))
	}
}
