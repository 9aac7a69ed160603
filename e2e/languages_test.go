//go:build e2e && linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"trolley/data/keychain/keychaintest"
	"trolley/data/redistest"
	"trolley/e2e/desk"
)

func TestTourInGerman(t *testing.T) { tourIn(t, "de", "de_DE.UTF-8") }

func TestTourInPolish(t *testing.T) { tourIn(t, "pl", "pl_PL.UTF-8") }

// tourIn walks through the program in the language of the system, from a first
// start to a shop that is shared, and looks at every step in both sizes.
func tourIn(t *testing.T, language, locale string) {
	t.Helper()
	ca := redistest.NewCA(t)
	server, keychain := newSecureShop(t, ca), keychaintest.Start(t)
	w := launch(t, newDesk(t, desk.Options{}), "counter", checked, append(keychain.Env, "TROLLEY_LOG=debug", "LANG="+locale)...)
	l := &look{t: t, window: w, language: language, phrases: phrasesIn(t, language)}
	shows(t, w, "live: 0 lines")
	l.picture("empty")
	enter(t, w, "2*espresso")
	shows(t, w, "live: 1 lines, 2 items")
	l.picture("cart")
	l.menus()
	l.carts()
	l.help()
	l.connectionFails()
	l.connectionWorks(server, ca)
	l.dialog("join", "Add another counter", l.keys("Alt_L", "Up", "Up", "Return")) // the last but one of the first menu
	l.dialog("check-out", "Check out this cart?", l.keys("F9"))
	check(t, w.QuitBy("ctrl+q"))
	if code := w.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// keys returns what presses keys.
func (l *look) keys(names ...string) func() {
	return func() { l.t.Helper(); check(l.t, l.window.Key(names...)) }
}

// menus keeps a picture of each menu.
func (l *look) menus() {
	l.t.Helper()
	l.keys("Alt_L")()
	for i := range 5 {
		picture(l.t, l.window, "languages", fmt.Sprintf("%s-menu-%d", l.language, i))
		l.keys("Right")()
	}
	l.keys("Escape", "Escape")() // the open menu, and all of them
}

// carts goes through what is done with a cart.
func (l *look) carts() {
	l.t.Helper()
	l.dialog("unknown", "No product has this name or code", func() { enter(l.t, l.window, "moon dust") })
	l.dialog("product", "New product", l.keys("ctrl+shift+n"))
	l.dialog("name", "Name of this cart", l.keys("ctrl+e"))
	l.dialog("carts", "Open carts", l.keys("ctrl+o"))
	l.dialog("activity", "What was done in “{cart}”", l.keys("ctrl+l"))
	l.dialog("history", "History of the shop", l.keys("ctrl+h"))
}

// help goes through the settings and what the menu Help offers.
func (l *look) help() {
	l.t.Helper()
	nth := func(n int) func() { // item of the last menu
		return l.keys(slices.Concat([]string{"Alt_L", "Left"}, slices.Repeat([]string{"Down"}, n), []string{"Return"})...)
	}
	l.dialog("settings", "Settings", l.keys("ctrl+comma"))
	l.dialog("keys", "Keyboard shortcuts", l.keys("F1"))
	l.dialog("check", "Connection to the shop", nth(3))
	l.dialog("scanner", "Check the scanner", nth(4))
	l.dialog("diagnostics", "Diagnostics", nth(5))
	l.dialog("about", program, l.keys("Alt_L", "Left", "Up", "Return"))
	l.dialog("join-local", "Add another counter", l.keys("Alt_L", "Up", "Up", "Return"))
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

// connectionFails tries a connection that does not work.
func (l *look) connectionFails() {
	l.t.Helper()
	nobody := redistest.NewProxy(l.t, "127.0.0.1:1")
	nobody.Refuse()
	w := l.window
	l.dialog("connection", "Connection", l.keys("ctrl+shift+c"))
	l.dialog("connection-fails", "Connection", func() {
		check(l.t, w.Key("ctrl+shift+c", "Down", "Tab"))
		check(l.t, w.Paste(nobody.URL()))
		l.expectSpoken(after(l.t, w, "msg=tested", l.keys("shift+Tab", "shift+Tab", "shift+Tab", "Return")))
	})
}

// connectionWorks connects to a server with TLS, and shares the cart.
func (l *look) connectionWorks(server *redistest.Server, ca *redistest.CA) {
	l.t.Helper()
	w := l.window
	expectTitle(l.t, l.phrases, "Connection", after(l.t, w, "msg=dialog", l.keys("ctrl+shift+c", "Down")))
	typeServer(l.t, w, linkTo("rediss", "", server.Addr), ca.File)
	l.picture("connection-typed")
	l.keys("Tab")() // to the button beside the field
	check(l.t, w.Still())
	before, err := w.Image()
	check(l.t, err)
	l.keys("Return")()
	check(l.t, w.Changed(before))
	picture(l.t, w, "languages", l.language+"-choose-a-file")
	l.keys("Escape")() // back to the field
	leaveAdvanced(l.t, w)
	l.expectSpoken(after(l.t, w, "msg=tested", l.keys("Return")))
	l.picture("connection-passed")
	expectTitle(l.t, l.phrases, "Share what is on this computer?", after(l.t, w, "msg=dialog", l.keys("Tab", "Return")))
	l.picture("share")
	after(l.t, w, `cart="live: 1 lines, 2 items`, l.keys("Return"))
	liveOn(l.t, w, server)
	l.picture("shared")
}

// expectSpoken fails unless a test of a connection has told all its stages in
// the language of the tour.
func (l *look) expectSpoken(log string) {
	l.t.Helper()
	stages := stagesOf(log)
	if len(stages) == 0 {
		l.t.Error("the test has shown no stage")
	}
	for _, s := range stages {
		if !slices.ContainsFunc(sentencesOf(l.phrases), func(p *regexp.Regexp) bool { return p.MatchString(s.sentence) }) {
			l.t.Errorf("stage %s is not in the language: %s", s.name, s.sentence)
		}
	}
}

var placeOfValue = regexp.MustCompile(`\\\{\w+\\\}`)

// sentencesOf returns what finds the sentences of a language that differ from
// the English ones, with any values in them and facts behind them. Sentences of
// a few letters would be found in others, too.
func sentencesOf(phrases map[string]any) []*regexp.Regexp {
	var all []*regexp.Regexp
	add := func(english, text string) {
		pattern := placeOfValue.ReplaceAllString(regexp.QuoteMeta(strings.TrimSuffix(text, ".")), ".+")
		if text != english && len(pattern) > 12 {
			all = append(all, regexp.MustCompile("(?i)^"+pattern))
		}
	}
	for english, text := range phrases {
		switch text := text.(type) {
		case string:
			add(english, text)
		case map[string]any: // one for each form
			for _, form := range text {
				add(english, form.(string))
			}
		}
	}
	return all
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
	titles, pattern := titlesOf(log), placeOfValue.ReplaceAllString(regexp.QuoteMeta(fmt.Sprint(want)), ".+")
	if len(titles) != 1 || !regexp.MustCompile("^"+pattern+"$").MatchString(titles[0]) {
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
