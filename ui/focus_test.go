package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
)

// stopNames goes round the window with Tab, from the search box on, and names
// what has the focus. A button goes by what it says.
func (d *desk) stopNames(by int) []string {
	d.t.Helper()
	d.shift = func() bool { return by < 0 }
	d.focusSearch()
	var names []string
	for range 30 {
		names = append(names, d.nameOf(d.win.Canvas().Focused()))
		d.key(fyne.KeyTab)
		if d.win.Canvas().Focused() == fyne.Focusable(d.search) {
			return names
		}
	}
	d.t.Fatalf("Tab never comes back to the search box: %q", names)
	return nil
}

func (d *desk) nameOf(f fyne.Focusable) string {
	switch f := f.(type) {
	case *searchBox:
		return "box"
	case *rowList:
		return f.label
	case *tabBar:
		return "tabs"
	case *segments:
		return "switch"
	case *commandButton:
		return "button"
	}
	return "something else"
}

func TestTabGoesRoundTheWindow(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.searchFor("latte")
	d.shows("1 espresso, 1 latte")
	there := d.stopNames(1)
	if want := []string{"box", "Products", "Cart"}; !slices.Equal(there[:3], want) {
		t.Errorf("Tab goes %q, want to begin with %q", there, want)
	}
	tabs, buttons := slices.Index(there, "tabs"), slices.Index(there, "button")
	if tabs < 0 || buttons < 3 || buttons > tabs {
		t.Errorf("Tab goes %q, want the buttons of the cart, then the tabs", there)
	}
	back := d.stopNames(-1)
	slices.Reverse(back[1:])
	if !slices.Equal(back, there) {
		t.Errorf("with Shift it goes %q, want the same back: %q", back, there)
	}
}

// Whatever the toolkit could give the focus is reached by Tab, except for the
// fields in rows, which Enter or a digit opens.
func TestEverythingFocusableIsAStop(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.banner.set(&bannerSpec{Title: "Offline.", Buttons: []bannerButton{{Label: textTryNow.say()}}})
	d.expectAllReached("a cart with a line")
	d.removeSelected()
	d.clearCart()
	d.shows("")
	d.expectAllReached("an empty cart")
	empty := openDesk(t, localShop(t, 0), Options{})
	empty.ready(0)
	empty.expectAllReached("an empty shop")
	if reached := empty.stopNames(1); slices.Contains(reached, "Products") || reached[1] != "button" {
		t.Errorf("in an empty shop Tab goes %q", reached)
	}
}

func (d *desk) expectAllReached(where string) {
	d.t.Helper()
	stops, c := d.stops(), d.win.Canvas()
	c.Focus(d.search)
	reached := 0
	for c.FocusNext(); c.Focused() != fyne.Focusable(d.search); c.FocusNext() {
		f := c.Focused()
		if tabs, ok := f.(fyne.Tabbable); !ok || !tabs.AcceptsTab() {
			d.t.Errorf("%s: a %T leaves Tab to the toolkit", where, f)
		}
		if _, quantity := f.(*spinnerEntry); quantity {
			continue
		}
		if reached++; !slices.Contains(stops, f) {
			d.t.Errorf("%s: Tab does not reach a %T", where, f)
		}
	}
	if reached != len(stops)-1 {
		d.t.Errorf("%s: Tab has %d stops, the toolkit knows %d", where, len(stops)-1, reached)
	}
}

func TestEscapeEndsInTheSearchBox(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	for where, f := range d.places() {
		d.win.Canvas().Focus(f)
		d.key(fyne.KeyEscape)
		if d.win.Canvas().Focused() != fyne.Focusable(d.search) {
			t.Errorf("Escape in %s leads to a %T", where, d.win.Canvas().Focused())
		}
	}
}

func TestTabLeavesAQuantityForTheNextPart(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.shift = func() bool { return false }
	d.typeQuantity("espresso", "7")
	d.key(fyne.KeyTab)
	if f := d.win.Canvas().Focused(); d.nameOf(f) != "button" {
		t.Errorf("the focus is on %T", f)
	}
	d.shows("7 espresso")
}

func TestFocusComesBackAfterADialog(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	for _, f := range []fyne.Focusable{d.lines, d.products, d.tabBar, d.clear, d.search} {
		d.win.Canvas().Focus(f)
		d.about()
		d.newProduct(draft{}, 0) // behind it
		d.key(fyne.KeyReturn, fyne.KeyEscape)
		d.noDialog()
		if now := d.win.Canvas().Focused(); now != f {
			t.Errorf("it was on %T and is on %T", f, now)
		}
	}
	d.win.Canvas().Focus(d.line("espresso").amount.Focusable())
	d.about()
	d.key(fyne.KeyReturn)
	d.expectFocusInSearch()
}

func TestFocusLeavesWhatIsGone(t *testing.T) {
	d := openShop(t)
	d.searchFor("espresso")
	d.shows("1 espresso")
	d.win.Canvas().Focus(d.clear)
	d.key(fyne.KeyReturn)
	d.shows("")
	d.expectFocusInSearch()
	d.searchFor("latte")
	d.shows("1 latte")
	d.win.Canvas().Focus(d.lines)
	d.key(fyne.KeyDelete)
	d.shows("")
	d.expectFocusInSearch()
}

func TestJumpSkipsAnEmptyCart(t *testing.T) {
	d := openShop(t)
	d.key(fyne.KeyF6)
	if d.win.Canvas().Focused() != fyne.Focusable(d.products) {
		t.Errorf("F6 leads to a %T", d.win.Canvas().Focused())
	}
	d.searchFor("espresso")
	d.shows("1 espresso")
	for _, want := range []*rowList{d.lines, d.products, d.lines} {
		d.key(fyne.KeyF6)
		if d.win.Canvas().Focused() != fyne.Focusable(want) || want.selected == "" {
			t.Errorf("F6 leads to a %T, with %q selected", d.win.Canvas().Focused(), want.selected)
		}
	}
}

func TestSelectionIsInSightWithTheFocus(t *testing.T) {
	d := openDesk(t, localShop(t, 0, manyProducts(60)...), Options{})
	d.ready(60)
	d.products.sel("p-00040")
	d.products.top()
	d.win.Canvas().Focus(d.products)
	if d.products.rows["p-00040"] == nil {
		t.Error("the list has the focus, and its selection is out of sight")
	}
}
