package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/text/language"

	"trolley/data"
)

// keepTongue lets a test speak what it likes.
func keepTongue(t *testing.T) {
	t.Helper()
	before := spoken.Load()
	t.Cleanup(func() { spoken.Store(before) })
}

func tagsOf(names ...string) []language.Tag {
	var tags []language.Tag
	for _, n := range names {
		tags = append(tags, language.MustParse(n))
	}
	return tags
}

func TestLanguageIsThatOfTheSystemUnlessAnotherWasChosen(t *testing.T) {
	keepTongue(t)
	for _, s := range []struct{ chosen, system, speaks, writes string }{
		{"", "de-DE", "de", "de-DE"},
		{"", "de-CH", "de", "de-CH"},
		{"", "gsw-CH", "de", "de"},
		{"", "en-GB", "en", "en-GB"},
		{"", "es-MX", "es", "es-MX"},
		{"", "fr-CA", "fr", "fr-CA"},
		{"", "it-IT fr-FR", "fr", "fr-FR"},
		{"", "ja-JP", "en", "en"},
		{"", "sr", "en", "en"}, // has the script of none of ours
		{"", "", "en", "en"},
		{"pl", "de-CH", "pl", "pl"},
		{"de", "en-US de-AT", "de", "de-AT"},
	} {
		if err := speakOf(s.chosen, tagsOf(strings.Fields(s.system)...)); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
		if now := spoken.Load(); now.tag.String() != s.speaks || now.formats().String() != s.writes {
			t.Errorf("%+v: speaks %s, writes %s", s, now.tag, now.formats())
		}
	}
	if err := speakOf("tlh", nil); err == nil || spoken.Load().tag != language.German {
		t.Errorf("an unknown language: %v, speaks %s", err, spoken.Load().tag)
	}
}

func TestSystemTellsItsLanguages(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	for env, want := range map[[2]string]string{
		{"de_CH.UTF-8", ""}:         "[de-CH]",
		{"it_IT.UTF-8", "it:fr_CA"}: "[it fr-CA]",
		{"C", "de"}:                 "[]",
		{"", ""}:                    "[]",
	} {
		t.Setenv("LANG", env[0])
		t.Setenv("LANGUAGE", env[1])
		var got []string
		for _, tag := range systemLanguages() {
			got = append(got, tag.String())
		}
		if all := "[" + strings.Join(got, " ") + "]"; all != want {
			t.Errorf("%v: %s, want %s", env, all, want)
		}
	}
}

func TestNumbersAreThoseOfTheCountry(t *testing.T) {
	keepTongue(t)
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'")
	for tag, want := range map[string]string{
		"en": "1,234,567.80 12,345", "en-GB": "1,234,567.80 12,345",
		"de": "1.234.567,80 12.345", "de-CH": "1'234'567.80 12'345",
		"fr": "1 234 567,80 12 345", "fr-CA": "1 234 567,80 12 345",
		"es": "1.234.567,80 12.345", "es-MX": "1,234,567.80 12,345", "pl": "1 234 567,80 12 345",
	} {
		region := language.MustParse(tag)
		if err := speakOf("", []language.Tag{region}); err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		if got := plain.Replace(textMoney(123_456_780) + " " + grouped(12345)); got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}

// TestToolkitSpeaksTheLanguageOfTheWindow asks the toolkit for its words on
// systems in all kinds of languages.
func TestToolkitSpeaksTheLanguageOfTheWindow(t *testing.T) {
	keepTongue(t)
	t.Setenv("LC_ALL", "")
	t.Setenv("LANGUAGE", "")
	for _, system := range []string{"en_US.UTF-8", "de_CH.UTF-8", "it_IT.UTF-8", "pt_BR.UTF-8", "zh_TW.UTF-8", "fr", "C", ""} {
		t.Setenv("LANG", system)
		for _, tag := range offeredLanguages {
			if err := speakOf(tag.String(), systemLanguages()); err != nil {
				t.Errorf("%s on %q: %v", tag, system, err)
			}
			for key, p := range toolkitWords {
				if got := lang.L(key); got != p.say() {
					t.Errorf("%s on %q: %q is %q, want %q", tag, system, key, got, p.say())
				}
			}
		}
	}
}

func TestLanguageChangesWhileTheWindowIsOpen(t *testing.T) {
	keepTongue(t)
	d := openShop(t)
	d.searchFor("3*espresso")
	d.shows("3 espresso")
	d.newCart()
	d.until("the second cart", func() bool { return d.model.state.Loaded })
	d.searchFor("latte")
	d.shows("1 latte")
	d.write("o m")
	d.search.CursorColumn = 1
	d.products.sel("oat-milk")
	d.toasts.show("about something")
	undo := d.history.past

	d.setLanguage("de")
	d.expectGerman()
	if d.search.Text != "o m" || d.search.CursorColumn != 1 || d.products.selected != "oat-milk" || len(d.products.keys) != 1 {
		t.Errorf("the search box has %q at %d, the list %q", d.search.Text, d.search.CursorColumn, d.products.selected)
	}
	if d.toasts.current != nil {
		t.Errorf("still says %q", d.toasts.current.text)
	}
	if len(d.tabs) != 2 || len(d.history.past) != len(undo) || d.Window.cart.ID() == "c" {
		t.Error("the carts are others")
	}
	if label := d.undoLabel(); strings.Contains(label, "add") {
		t.Errorf("would undo %q", label)
	}
	d.expectFocusInSearch()
	d.key(fyne.KeyBackspace) // what is typed still comes there
	if d.search.Text != " m" {
		t.Errorf("the search box has %q", d.search.Text)
	}
	if got := d.app.Preferences().String(prefLanguage); got != "de" {
		t.Errorf("remembers %q", got)
	}
	d.setLanguage("tlh")
	if got := d.app.Preferences().String(prefLanguage); got != "de" {
		t.Errorf("remembers %q, which it does not speak", got)
	}
	d.search.SetText("")
	d.searchFor("espresso")
	d.shows("1 latte, 1 espresso")
}

// expectGerman looks at each part of the window.
func (d *desk) expectGerman() {
	d.t.Helper()
	for what, got := range map[string][2]string{
		"search box": {d.search.PlaceHolder, textSearch.say()},
		"menu":       {d.menu.menu.Items[0].Label, phrase("File").say()},
		"title":      {d.win.Title(), textTitle + " – " + d.titleOf(d.tab)},
		"button":     {d.clear.label, textClear.say()},
		"status":     {d.status.words.full, textStatus(d.overall(), d.place.Local)},
	} {
		if got[0] != got[1] {
			d.t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
	if spoken.Load().tag != language.German || d.menu.menu.Items[0].Label == "File" {
		d.t.Error("speaks no German")
	}
}

func TestLanguageLeavesThePersonWhereTheyAre(t *testing.T) {
	keepTongue(t)
	s := openStudio(t, theme.VariantLight, narrow)
	var lines []data.Line
	for _, p := range s.shelf.Products() {
		lines = append(lines, s.line(p.ID, 2))
	}
	s.show(s.state(lines...))
	s.showSide(sideCart)
	s.win.Canvas().Focus(s.lines)
	s.lines.sel(lines[len(lines)-1].Product.ID)
	s.lines.scroll.ScrollToOffset(fyne.NewPos(0, 120))
	s.setLanguage("pl")
	if s.page.side != sideCart || !s.page.narrow || s.lines.selected != lines[len(lines)-1].Product.ID {
		t.Errorf("side %d, chosen %q", s.page.side, s.lines.selected)
	}
	if got := s.lines.scroll.Offset.Y; got != 120 {
		t.Errorf("scrolled to %v", got)
	}
	if s.win.Canvas().Focused() != fyne.Focusable(s.lines) {
		t.Errorf("the focus is in %T", s.win.Canvas().Focused())
	}
}

// TestLanguageIsChosenInADialog switches while one is open, as the settings do.
func TestLanguageIsChosenInADialog(t *testing.T) {
	keepTongue(t)
	s := openStudio(t, theme.VariantLight, usual)
	s.show(s.state(s.line("espresso", 2)))
	var open func()
	opened := 0
	open = func() {
		opened++
		s.alerts.show(alertSpec{Title: textCheckTitle.say(), Anew: open, Return: s.search,
			Buttons: []alertButton{{Label: textClose.say(), Role: roleSafe}}})
	}
	s.win.Canvas().Focus(s.products)
	open()
	s.setLanguage("fr")
	if opened != 2 || !s.alerts.open() || s.alerts.current.spec.Title != textCheckTitle.say() {
		t.Errorf("opened %d times", opened)
	}
	if label := s.alerts.current.pushes[0].Text; label != textClose.say() || label == string(textClose) {
		t.Errorf("the button says %q", label)
	}
	s.alerts.current.close()
	if s.win.Canvas().Focused() != fyne.Focusable(s.products) {
		t.Errorf("the focus is in %T", s.win.Canvas().Focused())
	}
}

func TestProductsAreInTheOrderOfTheLanguage(t *testing.T) {
	keepTongue(t)
	d := openDesk(t, localShop(t, 0,
		data.Product{ID: "1", Name: "Nuez", Stock: data.Unlimited}, data.Product{ID: "2", Name: "Ñora", Stock: data.Unlimited},
		data.Product{ID: "3", Name: "Nzo", Stock: data.Unlimited}), Options{})
	d.ready(3)
	for tag, want := range map[string][]data.ProductID{"es": {"1", "3", "2"}, "de": {"2", "1", "3"}} {
		d.setLanguage(tag)
		d.until("the order of "+tag, func() bool { return slices.Equal(d.products.keys, want) })
	}
}
