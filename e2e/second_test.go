//go:build e2e && linux

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trolley/e2e/desk"
)

// Whoever starts the program twice has two windows at one shop. Each has its own
// files of what must not be shared, and goes on when the other ends, well or not.
func TestSecondStartIsASecondWindowOfTheShop(t *testing.T) {
	server := newServer(t)
	for name, env := range map[string][]string{
		"on this computer": {"TROLLEY_LOG=debug"},
		"on a server":      {"TROLLEY_LOG=debug", "TROLLEY_REDIS_URL=" + server.URL()},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, desk.Options{})
			first := startAgain(t, d, "first", env, "live: 0 lines")
			second := startAgain(t, d, "second", env, "live: 0 lines")
			enter(t, first, "2*espresso")
			shows(t, second, "live: 1 lines, 2 items, total 4.80")
			enter(t, second, "espresso")
			shows(t, first, "live: 1 lines, 3 items, total 7.20")
			expectFiles(t, d, ".local/state/trolley/trolley*.log", "trolley-2.log", "trolley.log")
			expectFiles(t, d, ".local/state/trolley/trolley*.crash", "trolley-2.crash", "trolley.crash")

			if name == "on this computer" {
				expectFiles(t, d, "data/trolley/*.db", "shop-main.db")
			}

			check(t, first.Quit())
			if code := first.ExitCode(); code != 0 {
				t.Errorf("the first ended with %d", code)
			}
			enter(t, second, "espresso")
			shows(t, second, "live: 1 lines, 4 items, total 9.60, 0 waiting")

			third := startAgain(t, d, "third", env, "live: 1 lines, 4 items")
			check(t, second.Kill())
			enter(t, third, "espresso")
			shows(t, third, "live: 1 lines, 5 items, total 12.00, 0 waiting")
			if found := reports(t, d, ".txt"); len(found) > 0 {
				t.Errorf("a window that runs, or was killed, left %v", found)
			}
			check(t, third.Quit())
		})
	}
}

// startAgain starts the program as the one before, and waits for its cart.
func startAgain(t *testing.T, d *desk.Desk, name string, env []string, cart string) *desk.Window {
	t.Helper()
	w := launch(t, d, name, delivered, env...)
	shows(t, w, cart)
	return w
}

// expectFiles fails unless these files of the home, by their names, are all that
// fit a pattern, and none is empty.
func expectFiles(t *testing.T, d *desk.Desk, pattern string, want ...string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(d.Home(), filepath.FromSlash(pattern)))
	check(t, err)
	var names []string
	for _, path := range found {
		info, err := os.Stat(path)
		check(t, err)
		if info.Size() == 0 {
			t.Errorf("%s is empty", path)
		}
		names = append(names, filepath.Base(path))
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s are %v, want %v", pattern, names, want)
	}
}

// What waits for the server belongs to the window in which it was done: no other
// one sends it while that runs, and the next start does when it has died.
func TestChangesThatWaitBelongToTheirWindow(t *testing.T) {
	server := newServer(t, "--appendonly", "yes", "--appendfsync", "always")
	d := newDesk(t, desk.Options{})
	env := []string{"TROLLEY_LOG=debug", "TROLLEY_REDIS_URL=" + server.URL(), "TROLLEY_CART=" + cart}
	first := startAgain(t, d, "first", env, "live: 0 lines")
	second := startAgain(t, d, "second", env, "live: 0 lines")
	enter(t, first, "espresso")
	shows(t, second, "live: 1 lines, 1 items")
	server.Kill()
	for _, w := range []*desk.Window{first, second} {
		says(t, w, `cart="offline: 1 lines`)
		enter(t, w, "espresso")
		asks(t, w, "The shop cannot be reached")
		check(t, w.Key("Escape"))
		shows(t, w, "offline: 1 lines, 2 items, total 4.80, 1 waiting")
	}
	if waiting, err := filepath.Glob(filepath.Join(d.Home(), "data", "trolley", "waiting-*.db")); err != nil || len(waiting) != 2 {
		t.Errorf("two windows have the files %v (%v)", waiting, err)
	}
	check(t, first.Kill())
	server.Restart()
	shows(t, second, "live: 1 lines, 2 items, total 4.80, 0 waiting")
	awaitScore(t, server, "espresso", "2")

	third := startAgain(t, d, "third", env, "live: 1 lines, 3 items, total 7.20, 0 waiting")
	awaitScore(t, server, "espresso", "3")
	shows(t, second, "live: 1 lines, 3 items, total 7.20, 0 waiting")
	for _, w := range []*desk.Window{second, third} {
		check(t, w.Quit())
		if strings.Contains(w.Log(), "ended unexpectedly") {
			t.Error("a window that was killed is told of as a crash")
		}
	}
	if ops := server.Do(t, "KEYS", "{main}:op:"+cart+":*").([]any); len(ops) != 3 {
		t.Errorf("%d changes were made, want 3", len(ops))
	}
}
