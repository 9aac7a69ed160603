package ui

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/language"

	"trolley/data"
	"trolley/data/config"
)

// bracketed lets the window speak a language that has every phrase in brackets
// and makes it longer by a part of itself, as most languages do with English.
func bracketed(t *testing.T, longer float64) {
	t.Helper()
	keepTongue(t)
	made := &tongue{tag: language.English, phrases: map[phrase]phraseForms{}}
	for p, forms := range phrasesOf(t) {
		made.phrases[p] = phraseForms{One: stretched(forms.One, longer), Other: stretched(forms.Other, longer)}
	}
	spoken.Store(made)
}

// stretched is a phrase in brackets with tildes behind it. Places of values
// count for nothing.
func stretched(p phrase, longer float64) phrase {
	if p == "" {
		return ""
	}
	letters := len([]rune(placeholder.ReplaceAllString(string(p), "")))
	return "[" + p + phrase(strings.Repeat("~", max(0, int(float64(letters)*longer)-2))) + "]"
}

// saidOf returns all that an object and what is in it say: on the screen, and to
// a screen reader.
func saidOf(o fyne.CanvasObject) []string {
	if !o.Visible() {
		return nil
	}
	var all []string
	switch o := o.(type) {
	case *canvas.Text:
		return []string{o.Text}
	case *widget.Label: // whole, and not line by line
		return []string{o.Text}
	case *widget.RichText:
		return []string{o.String()}
	case *note:
		return []string{o.String()}
	case *textPane: // what it shows is for those who mend the program, or is a law's
		return []string{o.name}
	}
	if a, ok := o.(fyne.Accessible); ok {
		all = append(all, a.AccessibilityLabel())
	}
	for _, child := range children(o) {
		all = append(all, saidOf(child)...)
	}
	return all
}

// said is all that the window says: title, menus, page and dialogs.
func (s *studio) said() []string {
	all := append(s.menuWords(s.menu.menu.Items), s.win.Title())
	for _, o := range append([]fyne.CanvasObject{s.win.Content()}, s.win.Canvas().Overlays().List()...) {
		all = append(all, saidOf(o)...)
	}
	return all
}

func (s *studio) menuWords(menus []*fyne.Menu) []string {
	var all []string
	for _, m := range menus {
		all = append(all, m.Label)
		for _, item := range m.Items {
			all = append(all, item.Label)
			if keys, ok := item.Shortcut.(fyne.KeyboardShortcut); ok {
				all = append(all, string(keys.Key()))
			}
			if item.ChildMenu != nil {
				all = append(all, s.menuWords([]*fyne.Menu{item.ChildMenu})...)
			}
		}
	}
	return all
}

var (
	inBrackets = regexp.MustCompile(`\[[^\[\]]*\]`)
	// cutOff is a phrase whose end had no room, or a later line of one.
	cutOff = regexp.MustCompile(`\[[^\]]*$|^[^\[]*\]|^[^\[\]]*~`)
	// unsaidWords are letters that are no phrase, and neither a key nor the two
	// letters that stand for a name.
	unsaidWords = regexp.MustCompile(`\p{L}{3,}`)
)

// inEnglish returns what is in no brackets, and no value that the test put in.
func inEnglish(said []string, values ...string) []string {
	var found []string
	for _, text := range said {
		rest := text
		for _, v := range append(values, textTitle, "Container") { // which is what the toolkit calls its own
			rest = withoutName(rest, v)
		}
		for was := ""; was != rest; {
			was, rest = rest, inBrackets.ReplaceAllString(rest, "")
		}
		rest = cutOff.ReplaceAllString(rest, "")
		if unsaidWords.MatchString(rest) {
			found = append(found, text)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// withoutName takes a name out of a text, also one that was cut.
func withoutName(text, name string) string {
	text = strings.ReplaceAll(text, name, "")
	before, after, cut := strings.Cut(text, "…")
	for n := range len(name) {
		if cut && n > 2 && strings.HasSuffix(before, name[:n]) {
			return strings.TrimSuffix(before, name[:n]) + after
		}
	}
	return text
}

// values are the names that the pictures of a studio have in them.
func (s *studio) values() []string {
	v := []string{"Counter 1", "Counter 2", "The counter at the back door of the shop", "Till", "table-4", "old-thing", "Table 4", "Anna", "Anna and the long table by the window", "Back door", "Yard", "empty", "oat milc",
		"The order of the family from the third floor with the long name", "Something that was taken out of the catalogue",
		"redis://10.0.0.5", "rediss://shop@10.0.0.5:6380", "shop.example", "shop", "ACME", "/ca.pem", "Redis 7.0.15", "TLS", "secret",
		"goroutine", "linux/amd64", "go1.26.8", "fyne", "741bb95d0a11", "/home/anna/.local/share/trolley", "/home/anna/.local/state/trolley",
		"/run/redis/redis.sock", "English", "Deutsch", "Français", "Español", "Polski"} // each language in its own words
	for _, p := range append(s.shelf.Products(), goods...) {
		v = append(v, p.Name, string(p.ID))
	}
	for _, l := range licences() {
		v = append(v, strings.TrimSuffix(strings.TrimPrefix(l.name, "github.com/"), " (font)"))
		if l.kind != unnamedKind {
			v = append(v, l.kind)
		}
	}
	slices.SortFunc(v, func(a, b string) int { return len(b) - len(a) })
	return v
}

// screens are the window in its states, and its dialogs.
var screens = map[string]func(s *studio){
	"busy":    (*studio).busyCart,
	"empty":   func(s *studio) { s.show(s.state()) },
	"first":   firstRun,
	"none":    noMatch,
	"outage":  outage,
	"reading": readOnly,
	"closing": expiring,
	"tabs":    manyTabs,
	"ended": func(s *studio) {
		state := s.state()
		state.Cart.Ended = &s.pasts()[1]
		s.show(state)
	},
	"product":  func(s *studio) { s.busyCart(); s.newProduct(draft{}, 1) },
	"unknown":  func(s *studio) { s.busyCart(); s.unknownProduct("12", 1, s.shelf.Products()[:2], true) },
	"checkout": func(s *studio) { s.show(s.state(s.line("espresso", 2), s.line("croissant", 1))); s.checkOut() },
	"unsold":   func(s *studio) { s.busyCart(); s.checkOut() },
	"carts":    func(s *studio) { s.show(s.state(s.line("espresso", 2))); s.list(openCarts()); s.showCarts() },
	"history":  func(s *studio) { s.show(s.state()); s.history(false, s.pasts()) },
	"keys":     func(s *studio) { s.busyCart(); s.keysHelp() },
	"naming":   func(s *studio) { s.busyCart(); s.nameCart() },
	"check":    func(s *studio) { s.busyCart(); s.checkConnection() },
	"scanner":  func(s *studio) { s.busyCart(); s.checkScanner() },
	"quit":     func(s *studio) { s.show(s.waiting(data.Offline)); s.askQuit() },
	"settings": func(s *studio) {
		s.opt.Connector = &fakeConnector{settings: config.Settings{Counter: "12"}}
		s.busyCart()
		s.settingsDialog()
	},
	"connection": func(s *studio) {
		s.connectable()
		s.dialogOf(config.Connection{Shared: true, Host: "10.0.0.5"}).form.advanced.open(true)
	},
	"sentinel": func(s *studio) {
		s.connectable()
		s.dialogOf(config.Connection{Shared: true, Mode: config.Sentinel, TLS: true, Unverified: true}).form.advanced.open(true)
	},
	"locked": func(s *studio) {
		s.connectable().locked = everyField
		s.dialogOf(theShop())
	},
	"wrong": func(s *studio) {
		s.connectable()
		_ = s.dialogOf(config.Connection{Shared: true, Port: "99999"}).form.complain()
	},
	"nokeychain": func(s *studio) {
		s.connectable()
		d := s.dialogOf(theShop())
		d.form.keeping.heard(errors.New("no service"))
		d.form.password.entry.SetText("secret")
	},
	"running": func(s *studio) { s.connectable(); s.dialogOf(theShop()).tries(fineStages()[:3]...) },
	"passed": func(s *studio) {
		s.connectable()
		d := s.dialogOf(theShop())
		d.tries(fineStages()...)
		d.test.fail(nil)
		d.tested()
	},
	"failed": func(s *studio) {
		s.connectable()
		d := s.dialogOf(theShop())
		err := &data.UnavailableError{Fault: data.FaultUntrusted, Addr: "10.0.0.5:6380", About: "ACME"}
		d.tries(append(fineStages()[:2:2], data.Finding{Stage: data.StageEncrypt, Verdict: data.Failed, Err: err})...)
		d.test.fail(err)
		d.tested()
	},
	"join": func(s *studio) {
		c := theShop()
		c.CA = "/ca.pem"
		s.connectable().connection = c
		s.joinDialog()
	},
	"joinhere": func(s *studio) { s.connectable(); s.joinDialog() },
	"sharing": func(s *studio) {
		s.newSharing().ask(data.Holding{Products: 12, Carts: 2, Lines: 9})
	},
	"copying": func(s *studio) {
		one := s.newSharing()
		one.copy()
		one.progress(data.Shared{Done: 40, All: 120})
	},
	"skipped": func(s *studio) { s.newSharing().tellRest(data.Shared{Skipped: goods}) },
	"password": func(s *studio) {
		s.connectable().connection = theShop()
		p := s.askPassword(false)
		p.password.entry.SetText("secret")
		p.keeping.heard(errors.New("none"))
		p.follow()
		p.refuse(&data.UnavailableError{Fault: data.FaultWrongAuth, Addr: "10.0.0.5:6380", About: "shop"})
	},
	"diagnostics": func(s *studio) { s.talkative(); s.diagnostics().measured(3200*time.Microsecond, nil) },
	"trouble": func(s *studio) {
		s.talkative()
		s.show(s.waiting(data.Offline))
		s.diagnostics().measured(0, data.ErrClosed)
	},
	"crash":    func(s *studio) { s.talkative(); s.tellCrash(crashReport) },
	"report":   func(s *studio) { s.talkative(); s.showReport(crashReport) },
	"about":    func(s *studio) { s.talkative(); s.about() },
	"licences": func(s *studio) { s.talkative(); s.showLicences() },
	"conflict": func(s *studio) {
		s.busyCart()
		s.conflict(data.Change{Product: "honey", Name: "Honey", Want: 5}, &data.ConflictError{Seen: 2, Now: 3, By: "Till"})
	},
}

// connectable gives the window somewhere to connect to, and something in its
// cart.
func (s *studio) connectable() *fakeConnector {
	c := &fakeConnector{settings: config.Settings{Counter: "12"}}
	s.opt.Connector = c
	s.busyCart()
	return c
}

// newSharing is what goes on after a dialog in which a server was chosen.
func (s *studio) newSharing() *sharing {
	s.connectable()
	return &sharing{window: s.Window, dialog: s.dialogOf(config.Connection{}), to: theShop()}
}

// talkative gives the window a log, and what is known of the system.
func (s *studio) talkative() {
	s.opt.Logbook = busyLog()
	s.opt.System = madeUpSystem
	s.busyCart()
}

func TestNothingStaysInTheOldLanguage(t *testing.T) {
	for name, open := range screens {
		t.Run(name, func(t *testing.T) { nothingStays(t, name, open) })
	}
}

func nothingStays(t *testing.T, name string, open func(*studio)) {
	keepTongue(t)
	spoken.Store(&tongue{tag: language.English})
	s := openStudio(t, theme.VariantLight, narrow)
	if open(s); s.alerts.open() { // it is opened in the new language
		s = openStudio(t, theme.VariantLight, narrow)
	} else {
		open = func(*studio) {}
	}
	bracketed(t, 0.4)
	s.sayAnew()
	open(s)
	s.win.Resize(usual)
	for _, text := range inEnglish(s.said(), s.values()...) {
		t.Errorf("%s: says %q", name, text)
	}
}

func TestWordsOfTheOldLanguageAreFound(t *testing.T) {
	got := inEnglish([]string{"[Add~~]", "[{x} of “[Cart 12:00]”~]", "Espresso", "[Clear ca…", "Close", "[Ctrl]+K", "F9", "[Closes~] soon"}, "Espresso")
	if fmt.Sprint(got) != "[Close [Closes~] soon]" {
		t.Errorf("found %q", got)
	}
}
