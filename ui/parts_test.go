package ui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"trolley/data"
)

func TestCaptionsAreCutToTheirRoom(t *testing.T) {
	dress(t, theme.VariantLight)
	c := newRowCaption()
	c.set("Caffè Latte mit Käsekuchen", colorMuted, newTheme())
	for width := float32(200); width > 10; width -= 7 {
		c.put(0, 0, width)
		if got := fyne.MeasureText(c.Text.Text, c.TextSize, c.TextStyle).Width; got > width && c.Text.Text != "…" {
			t.Errorf("%q takes %.0f of %.0f", c.Text.Text, got, width)
		}
	}
	if !strings.HasSuffix(c.Text.Text, "…") {
		t.Errorf("cut without a sign: %q", c.Text.Text)
	}
	c.put(0, 0, 500)
	if c.Text.Text != c.full {
		t.Errorf("with room it says %q", c.Text.Text)
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Caffè Latte": "CL", "baguette": "B", "": "", "  ": "", "100 % Oat": "1O", "ßtraße élan": "ßÉ"} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestEmptyStateOffersWhatItSays(t *testing.T) {
	dress(t, theme.VariantLight)
	e := newEmptyState(func(rune) {})
	done := ""
	e.set(emptySpec{title: "Nothing", hint: "Yet", action: "Start", do: func() { done = "old" }})
	e.set(emptySpec{title: "Nothing", hint: "Yet", action: "Start", do: func() { done = "new" }})
	test.Tap(e.do)
	if done != "new" || e.other.Visible() || !e.box.Visible() {
		t.Errorf("did %q, other button %v", done, e.other.Visible())
	}
	e.set(emptySpec{})
	if e.box.Visible() {
		t.Error("it stays")
	}
}

func TestStatusDotHasAColourAndWords(t *testing.T) {
	dress(t, theme.VariantLight)
	s := newStatusDot()
	for phase, want := range map[data.Phase]fyne.ThemeColorName{
		data.Live: theme.ColorNameSuccess, data.Polling: theme.ColorNameWarning, data.Connecting: theme.ColorNameWarning,
		data.ReadOnly: theme.ColorNameWarning, data.Offline: theme.ColorNameError, data.Broken: theme.ColorNameError,
	} {
		s.set(data.State{Link: data.Link{Phase: phase}}, false)
		if s.color != want || s.AccessibilityLabel() == "" {
			t.Errorf("%s: %s, %q", phase, s.color, s.AccessibilityLabel())
		}
	}
}

func TestSearchBoxIsEmptyBeforeItActs(t *testing.T) {
	dress(t, theme.VariantLight)
	s := newSearchBox()
	w := test.NewTempWindow(t, container.NewStack(s))
	w.Canvas().Focus(s)
	var got []string
	moved := 0
	s.chosen = func() data.ProductID { return data.ProductID(strings.ToUpper(s.Text)) }
	s.onEnter = func(text string, chosen data.ProductID) { got = append(got, text, string(chosen), s.Text) }
	s.onMove = func(by int) { moved += by }
	s.onEscape = func() { got = append(got, "escape") }
	s.TypedRune('a')
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyPageDown, fyne.KeyUp, fyne.KeyReturn, fyne.KeyEscape} {
		s.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if want := "a|A||escape"; strings.Join(got, "|") != want || moved != 8 {
		t.Errorf("got %q, moved %d", got, moved)
	}
}

func TestChoicesByKey(t *testing.T) {
	dress(t, theme.VariantLight)
	picked := -1
	box, all := newChoices([]string{"one", "two", "three"}, func(i int) { picked = i })
	w := test.NewTempWindow(t, box)
	w.Canvas().Focus(all[0])
	for _, key := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeySpace} {
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	if picked != 1 {
		t.Errorf("picked %d", picked)
	}
	test.Tap(all[2])
	if picked != 2 {
		t.Errorf("a click picked %d", picked)
	}
}

func TestRefuseSaysWhatIsWrong(t *testing.T) {
	a := dress(t, theme.VariantLight)
	Refuse(a, errors.Join(&data.InvalidError{What: "TROLLEY_CART", Value: "{x}", Reason: "use letters"}))
	all := a.Driver().AllWindows()
	c := all[len(all)-1].Canvas()
	al, ok := c.Overlays().Top().(*alert)
	if !ok || al.spec.Title != "A setting cannot be used" {
		t.Fatalf("it shows %T", c.Overlays().Top())
	}
	before := len(all)
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if now := len(a.Driver().AllWindows()); now != before-1 {
		t.Errorf("%d windows of %d are there", now, before)
	}
}
