package ui

import (
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"

	"trolley/data"
)

// prefLanguage is the preference that keeps the language of the window, such as
// "pl"; empty: that of the system.
const prefLanguage = "language"

// offeredLanguages are those that the window speaks. The first is spoken where
// the system has none of them.
var offeredLanguages = []language.Tag{language.English, language.German, language.French, language.Spanish, language.Polish}

// Speak makes the program speak the language that was chosen in it, or else the
// one that the system has. It is to be called before New and Refuse. An error
// leaves the program in the language that it has, and is for the log.
func Speak(app fyne.App) error {
	return speakOf(app.Preferences().String(prefLanguage), systemLanguages())
}

// speakOf speaks a language that was chosen by its tag, or with none the best of
// those that a person wants, the dearest first.
func speakOf(chosen string, wanted []language.Tag) error {
	tag := offered(wanted)
	if chosen != "" {
		var err error
		if tag, err = language.Parse(chosen); err != nil || !slices.Contains(offeredLanguages, tag) {
			return fmt.Errorf("speak %q: the window does not have that language", chosen)
		}
	}
	if err := speak(tag, regional(tag, wanted)); err != nil {
		return err
	}
	return lendWords(tag)
}

// offered returns the best of the offered languages. One that has nothing but
// its script in common with them counts for nothing.
func offered(wanted []language.Tag) language.Tag {
	_, best, sure := language.NewMatcher(offeredLanguages).Match(wanted...)
	if sure == language.No {
		best = 0
	}
	return offeredLanguages[best]
}

// regional returns a language as the person's country writes it, such as de-CH:
// the words are those of the language, and the numbers those of the country.
func regional(tag language.Tag, wanted []language.Tag) language.Tag {
	base, _ := tag.Base()
	for _, w := range wanted {
		if b, _ := w.Base(); b == base {
			return w
		}
	}
	return tag
}

// systemLanguages returns what languages the person has chosen in the system,
// the dearest first. None are known of a system without settings.
func systemLanguages() []language.Tag {
	names, _ := locale.GetLocales() // it speaks English then
	var tags []language.Tag
	for _, name := range names {
		if tag, err := language.Parse(name); err == nil && tag != language.Und {
			tags = append(tags, tag)
		}
	}
	return tags
}

// setLanguage keeps the language of the window, empty for that of the system,
// and says everything on screen in it at once. What is typed, chosen and
// scrolled to stays, and so does all that is under way.
func (w *Window) setLanguage(tag string) {
	before := w.app.Preferences().String(prefLanguage)
	w.app.Preferences().SetString(prefLanguage, tag)
	if err := Speak(w.app); err != nil {
		w.app.Preferences().SetString(prefLanguage, before)
		w.log.Warn("the language stays as it is", "error", err)
		return
	}
	w.sayAnew()
}

// sayAnew makes the widgets again, which have words in them, from what stays:
// the models of the carts and of the window. An alert that can opens anew.
func (w *Window) sayAnew() {
	asking := w.alerts.current
	if asking != nil && asking.spec.Anew != nil {
		asking.close()
	}
	place := w.whereabouts()
	w.toasts.stop() // what they offer is in the menu, too
	w.build()
	w.listen()
	w.menu = newMainMenu(w)
	w.win.SetMainMenu(w.menu.menu)
	w.page.header.setPlace(w.place)
	w.display()
	w.returnTo(place)
	w.sortProducts()
	if asking != nil && asking.spec.Anew != nil {
		asking.spec.Anew()
	}
}

// sortProducts puts the products in the order of the window's language.
func (w *Window) sortProducts() {
	shop, tag := w.place.Shop, spoken.Load().tag
	w.run(func(context.Context) func() {
		shop.SortAs(tag)
		return func() {}
	})
}

// whereabouts is what the widgets know of where the person is.
type whereabouts struct {
	products, lines listPlace
	side            side
	tabs            fyne.Position // scrolled to
	stop            int           // of those of the Tab key, that has the focus
}

// listPlace is where a person is in a list.
type listPlace struct {
	selected data.ProductID
	offset   fyne.Position
}

func placeIn(l *rowList) listPlace { return listPlace{l.selected, l.scroll.Offset} }

// returnTo brings a person back, as far as the row is still there.
func (p listPlace) returnTo(l *rowList) {
	l.sel(p.selected)
	l.scroll.ScrollToOffset(p.offset)
	l.arrange(true)
}

// whereabouts finds out where the person is, and takes the focus away from what
// is about to go.
func (w *Window) whereabouts() whereabouts {
	focused := w.win.Canvas().Focused()
	if w.alerts.open() {
		focused = w.alerts.before
	}
	here := whereabouts{products: placeIn(w.products), lines: placeIn(w.lines), side: w.page.side,
		tabs: w.tabBar.scroll.Offset, stop: slices.Index(w.stops(), w.stopOf(focused))}
	if !w.alerts.open() {
		w.win.Canvas().Unfocus()
	}
	return here
}

// returnTo brings the person back to where they were, in widgets that are new.
func (w *Window) returnTo(here whereabouts) {
	w.page.side = here.side
	w.page.choice.turn(int(here.side))
	w.body.Refresh()
	w.refocus(here.stop)
	here.products.returnTo(w.products)
	here.lines.returnTo(w.lines)
	w.tabBar.scroll.ScrollToOffset(here.tabs)
}

// refocus gives the focus to one of the stops of the Tab key, or sees to it that
// it has it when the alerts are closed.
func (w *Window) refocus(stop int) {
	stops := w.stops()
	switch {
	case stop < 0 || stop >= len(stops):
	case w.alerts.open():
		w.alerts.before = stops[stop]
	default:
		w.win.Canvas().Focus(stops[stop])
	}
}
