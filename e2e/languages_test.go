//go:build e2e && linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"trolley/data/redistest"
	"trolley/e2e/desk"
)

func TestTourInGerman(t *testing.T) { tourIn(t, "de", "de_DE.UTF-8") }

func TestTourInPolish(t *testing.T) { tourIn(t, "pl", "pl_PL.UTF-8") }

// tourIn walks through the program in the language of the system, and looks at
// every step in both sizes.
func tourIn(t *testing.T, language, locale string) {
	t.Helper()
	w := launch(t, newDesk(t, desk.Options{}), "counter", checked, "TROLLEY_LOG=debug", "LANG="+locale)
	l := &look{t: t, window: w, language: language, phrases: phrasesIn(t, language)}
	shows(t, w, "live: 0 lines")
	enter(t, w, "2*espresso")
	shows(t, w, "live: 1 lines, 2 items")
	l.picture("cart")
	l.dialog("unknown", "No product has this name or code", func() { enter(t, w, "moon dust") })
	l.connection()
	l.dialog("settings", "Settings", func() { check(t, w.Key("ctrl+comma")) })
	l.dialog("history", "History of the shop", func() { check(t, w.Key("ctrl+h")) })
	l.dialog("keys", "Keyboard shortcuts", func() { check(t, w.Key("F1")) })
	// The last menu, and there the fifth item and the last.
	l.dialog("diagnostics", "Diagnostics", func() { check(t, w.Key("Alt_L", "Left", "Down", "Down", "Down", "Down", "Down", "Return")) })
	l.dialog("about", program, func() { check(t, w.Key("Alt_L", "Left", "Up", "Return")) })
	check(t, w.Key("ctrl+q"))
	check(t, desk.Until("the program has ended", func() (bool, error) { return w.ExitCode() == 0, nil }))
}

// program is called the same in every language.
const program = "Trolley"

// look takes pictures of the steps of a tour.
type look struct {
	t        *testing.T
	window   *desk.Window
	language string
	phrases  map[string]any // in that language
	wide     bool           // the window has the larger of the two sizes
}

// picture keeps pictures of the window in both sizes, beginning with that which
// it has.
func (l *look) picture(name string) {
	l.t.Helper()
	for i := range 2 {
		if i == 1 {
			l.wide = !l.wide
		}
		width, height := 800, 600
		if l.wide {
			width, height = 1100, 720
		}
		check(l.t, l.window.Place(10, 40, width, height))
		picture(l.t, l.window, "languages", fmt.Sprintf("%s-%s-%d", l.language, name, width))
	}
}

// dialog keeps pictures of what something opens, and closes it. Its title is to
// be a phrase, in the language of the tour.
func (l *look) dialog(name, title string, open func()) {
	l.t.Helper()
	expectTitle(l.t, l.phrases, title, after(l.t, l.window, "msg=dialog", open))
	l.picture(name)
	check(l.t, l.window.Key("Escape"))
}

// connection tries a connection that does not work.
func (l *look) connection() {
	l.t.Helper()
	nobody := redistest.NewProxy(l.t, "127.0.0.1:1")
	nobody.Refuse()
	w := l.window
	l.dialog("connection", "Connection", func() { check(l.t, w.Key("ctrl+shift+c")) })
	l.dialog("connection-fails", "Connection", func() {
		check(l.t, w.Key("ctrl+shift+c", "Down", "Tab"))
		check(l.t, w.Paste(nobody.URL()))
		after(l.t, w, "msg=tested", func() { check(l.t, w.Key("shift+Tab", "shift+Tab", "shift+Tab", "Return")) })
	})
}

// expectTitle fails unless the log has one dialog, whose title is a phrase in
// another language than English.
func expectTitle(t *testing.T, phrases map[string]any, phrase, log string) {
	t.Helper()
	want := phrases[phrase]
	if phrase == program {
		want = program
	} else if want == nil || want == phrase {
		t.Errorf("%q is %v in that language", phrase, want)
	}
	if titles := titlesOf(log); !slices.Equal(titles, []string{fmt.Sprint(want)}) {
		t.Errorf("the dialogs %q were shown, want %q", titles, want)
	}
}

// phrasesIn returns the phrases of a language by the English ones. Those that
// count are no strings.
func phrasesIn(t *testing.T, language string) (phrases map[string]any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "ui", "languages", language+".json"))
	check(t, err)
	check(t, json.Unmarshal(text, &phrases))
	return phrases
}

func TestLanguageIsChangedWithoutARestart(t *testing.T) {
	d, german := newDesk(t, desk.Options{}), phrasesIn(t, "de")
	w := launch(t, d, "counter", checked, "TROLLEY_LOG=debug")
	enter(t, w, "2*espresso")
	shows(t, w, "live: 1 lines, 2 items")
	picture(t, w, "languages", "before")
	check(t, w.Key("ctrl+comma"))
	opens(t, w, "Settings")
	// Backwards by way of Close to the last setting, and there from the system's
	// language to English and to German.
	after(t, w, "msg=dialog", func() { check(t, w.Key("shift+Tab", "shift+Tab", "Home", "Right")) })
	expectTitle(t, german, "Settings", after(t, w, "msg=dialog", func() { check(t, w.Key("Right")) }))
	picture(t, w, "languages", "changed-settings")
	check(t, w.Key("Escape"))
	picture(t, w, "languages", "changed")
	expectTitle(t, german, "No product has this name or code", after(t, w, "msg=dialog", func() { enter(t, w, "moon dust") }))
	check(t, w.Quit())

	next := launch(t, d, "next", checked, "TROLLEY_LOG=debug")
	expectTitle(t, german, "History of the shop", after(t, next, "msg=dialog", func() { check(t, next.Key("ctrl+h")) }))
}
