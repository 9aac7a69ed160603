package ui

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// maskedLog is a log whose only secret is a word.
type maskedLog struct{ *shownLog }

func (maskedLog) Mask(text string) string { return strings.ReplaceAll(text, "wine gum", "***") }

func TestDiagnosticsTellTheAnswerTime(t *testing.T) {
	d := openShop(t)
	d.opt.Logbook = busyLog()
	g := d.diagnostics()
	at := slices.IndexFunc(g.facts, func(f fact) bool { return f.name == textAnswerTime.say() })
	if shown := g.values[at].Text; shown != "Measuring…" {
		t.Errorf("at first it is %q", shown)
	}
	d.until("the answer time is there", func() bool { return strings.HasSuffix(g.values[at].Text, " ms") })
	if !strings.Contains(g.text(), g.values[at].Text) {
		t.Errorf("not in what is copied: %s", g.text())
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestDiagnosticsAreCopiedWithoutSecrets(t *testing.T) {
	d := openShop(t)
	log := busyLog()
	log.events = append(log.events, `level=WARN msg="wine gum is wrong"`)
	d.opt.Logbook, d.opt.System = maskedLog{log}, ThisSystem("7.8.9", "/data/of/anna")
	d.diagnostics()
	d.press("Copy")
	text := d.app.Clipboard().Content()
	for _, part := range []string{"7.8.9", "/data/of/anna", "/home/anna/.local/state/trolley", "On this computer", "Counter 1", "*** is wrong"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
	if strings.Contains(text, "wine gum") {
		t.Error(text)
	}
	d.press("Copied")
	d.dialog("Diagnostics")
}

func TestDiagnosticsWithoutALog(t *testing.T) {
	d := openShop(t)
	d.diagnostics()
	for _, p := range d.alerts.current.pushes {
		if p.Text == textOpenFolder.say() {
			t.Error("a folder is offered that is not there")
		}
	}
}

// closedApp opens no URL.
type closedApp struct{ fyne.App }

func (closedApp) OpenURL(*url.URL) error { return errors.New("no program for it") }

func TestAFolderThatCannotBeShownIsTold(t *testing.T) {
	d := openShop(t)
	d.opt.Logbook, d.app = busyLog(), closedApp{d.app}
	d.diagnostics()
	d.press("Open log folder")
	d.until("it is told", func() bool {
		return strings.Contains(d.alerts.current.problem.Text, "/home/anna/.local/state/trolley")
	})
}

func TestFoldersAsURLs(t *testing.T) {
	for _, c := range []struct{ goos, path, want string }{
		{"linux", "/home/anna/.local/state/trolley", "file:///home/anna/.local/state/trolley"},
		{"darwin", "/Users/anna/Library/Logs/org.trolley counter", "file:///Users/anna/Library/Logs/org.trolley%20counter"},
		{"windows", `C:\Users\Zoë #1\AppData\Local\Trolley\Logs`, "file:///C:/Users/Zo%C3%AB%20%231/AppData/Local/Trolley/Logs"},
		{"windows", `\\server\share\Trolley`, "file://server/share/Trolley"},
	} {
		if got := folderURL(c.path, c.goos).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}

func TestALongTextIsDrawnInParts(t *testing.T) {
	d := openShop(t)
	d.showReport(strings.Repeat("a line of a report that goes on for longer than any window is wide, and then for a while after that as well\n", 20_000))
	pane := d.alerts.current.spec.Content.(*fyne.Container).Objects[1].(*textPane)
	pane.focus()
	if len(pane.drawn) > 100 || len(pane.drawn) < 5 {
		t.Errorf("%d lines are drawn", len(pane.drawn))
	}
	top := pane.drawn[0].Position().Y
	d.key(fyne.KeyPageDown)
	if pane.drawn[0].Position().Y <= top {
		t.Error("it does not scroll")
	}
	d.key(fyne.KeyEnd, fyne.KeyHome)
	if pane.drawn[0].Position().Y != top {
		t.Error("it does not scroll back")
	}
	d.key(fyne.KeyEscape)
	d.noDialog()
}

func TestLinesAreCutAtSpaces(t *testing.T) {
	got := rowsOf("short\n\n\tas long as two rows, and\nxxxxxxxxxxxxxxxxxxxxxxxxx\n", 16, "  ")
	want := []string{"short", "", "    as long as", "  two rows, and", "xxxxxxxxxxxxxxxx", "  xxxxxxxxx"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
