package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

// unlabelled returns what can be tapped or focused among an object and all in
// it, and has nothing that a screen reader could say.
func unlabelled(o fyne.CanvasObject) []string {
	if !o.Visible() {
		return nil
	}
	var found []string
	if usable(o) && !labelled(o) {
		found = append(found, fmt.Sprintf("%T", o))
	}
	for _, child := range children(o) {
		found = append(found, unlabelled(child)...)
	}
	return found
}

func children(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case fyne.Widget:
		return test.WidgetRenderer(o).Objects()
	}
	return nil
}

// usable reports whether a person can do something with an object. Scroll bars
// of the toolkit are for the mouse alone.
func usable(o fyne.CanvasObject) bool {
	_, focusable := o.(fyne.Focusable)
	_, tappable := o.(fyne.Tappable)
	return (focusable || tappable) && !strings.HasPrefix(fmt.Sprintf("%T", o), "*widget.scroll")
}

func labelled(o fyne.CanvasObject) bool {
	a, ok := o.(fyne.Accessible)
	return ok && strings.TrimSpace(a.AccessibilityLabel()) != ""
}

// expectLabels fails for every widget on the screen without a label.
func (d *desk) expectLabels(where string) {
	d.t.Helper()
	d.win.Resize(fyne.NewSize(1100, 720))
	expectLabels(d.t, d.win, where)
}

func expectLabels(t *testing.T, win fyne.Window, where string) {
	t.Helper()
	for _, o := range append([]fyne.CanvasObject{win.Content()}, win.Canvas().Overlays().List()...) {
		for _, kind := range unlabelled(o) {
			t.Errorf("%s: a %s has no label for screen readers", where, kind)
		}
	}
}

func TestWidgetsOfTheWindowHaveLabels(t *testing.T) {
	d := openShop(t)
	d.searchFor("3*espresso")
	d.searchFor("latte")
	d.shows("3 espresso, 1 latte")
	d.removeSelected()
	d.lines.sel("latte")
	d.removeSelected()
	d.shows("3 espresso")
	d.expectLabels("the window")
	d.showBanner()
	d.banner.set(&bannerSpec{Title: "Offline.", Buttons: []bannerButton{{Label: textTryNow.say()}}})
	d.expectLabels("with a banner")
}

func TestWidgetsOfAnEmptyShopHaveLabels(t *testing.T) {
	d := openDesk(t, localShop(t, 0), Options{})
	d.ready(0)
	d.expectLabels("an empty shop")
}

func TestWidgetsOfDialogsHaveLabels(t *testing.T) {
	d := openShop(t)
	for name, open := range map[string]func(){
		"a new product":        func() { d.newProduct(draft{}, 0) },
		"an unknown product":   func() { d.unknownProduct("late", 1, goods[:2], true) },
		"the keys":             d.keysHelp,
		"about":                d.about,
		"the connection":       func() { d.connection(data.Link{Phase: data.Offline, Ever: true}) },
		"no shop at start":     func() { d.connection(data.Link{Phase: data.Offline}) },
		"the question to quit": d.askQuit,
		"a check":              func() { d.checkConnection() },
		"a conflict": func() {
			d.conflict(data.Change{Product: "latte", Name: "Caffè Latte", Want: 5}, &data.ConflictError{Seen: 2, Now: 3, By: "Till"})
		},
		"a missing line": func() {
			d.missingItem(data.Change{Kind: data.KindSet, Product: "latte", Want: 5}, &data.NotInCartError{By: "Till"})
		},
	} {
		open()
		if !d.alerts.open() {
			t.Errorf("%s: no dialog", name)
			continue
		}
		d.expectLabels(name)
		d.alerts.current.close()
	}
}

func TestWidgetsOfEveryScreenHaveLabels(t *testing.T) {
	for name, open := range screens {
		t.Run(name, func(t *testing.T) {
			s := openStudio(t, theme.VariantLight, usual)
			open(s)
			expectLabels(t, s.win, name)
		})
	}
}

func TestMissingLabelsAreFound(t *testing.T) {
	openShop(t)
	if got := unlabelled(newStepButton(theme.ContentAddIcon(), "", func() {})); len(got) != 1 {
		t.Errorf("a button without a label: %v", got)
	}
}
