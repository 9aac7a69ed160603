//go:build e2e && linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trolley/e2e/desk"
)

func TestCrashIsOfferedAtTheNextStart(t *testing.T) {
	server := newSharedShop(t)
	d := newDesk(t, desk.Options{})
	env := []string{"TROLLEY_LOG=debug", "TROLLEY_REDIS_URL=" + linkTo("redis", "", server.Addr), "TROLLEY_REDIS_PASSWORD=" + marker}
	const told = "Trolley ended unexpectedly last time"

	first := launch(t, d, "crashes", delivered, env...)
	liveOn(t, first, server)
	check(t, first.Abort())
	if first.ExitCode() == 0 {
		t.Fatal("the program ended well")
	}

	second := launch(t, d, "tells", delivered, env...)
	opens(t, second, told)
	picture(t, second, "crash", "offered")
	expectReport(t, d)
	check(t, second.Key("Left", "Left", "Return")) // Show report…, left of Copy report and Close
	opens(t, second, "Report of the unexpected end")
	picture(t, second, "crash", "report")
	check(t, second.Key("Escape"))
	check(t, desk.Until("the crash has been told", func() (bool, error) { return len(reports(t, d, "-new.txt")) == 0, nil }))
	check(t, second.Quit())

	third := launch(t, d, "does-not-tell-again", delivered, env...)
	liveOn(t, third, server)
	check(t, third.Key("F1"))
	opens(t, third, "Keyboard shortcuts") // behind whatever else there is to tell
	if strings.Contains(third.Log(), told) {
		t.Error("the crash was told twice")
	}
	check(t, third.Quit())
	expectNoTrace(t, d, nil, first, second, third)
}

// reports are the reports of crashes whose names have an end.
func reports(t *testing.T, d *desk.Desk, end string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(d.Home(), ".local", "state", "trolley", "crash-*"+end))
	check(t, err)
	return found
}

// expectReport fails unless there is one report of a crash, which says what has
// to be known of it.
func expectReport(t *testing.T, d *desk.Desk) {
	t.Helper()
	all := reports(t, d, ".txt")
	if len(all) != 1 {
		t.Fatalf("there are the reports %v, want one", all)
	}
	text, err := os.ReadFile(all[0])
	check(t, err)
	for _, part := range []string{"Version: development", "goroutine ", "main.main", "msg=starting"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the report lacks %q", part)
		}
	}
	if strings.Contains(string(text), marker) {
		t.Error("the password is in the report")
	}
}
