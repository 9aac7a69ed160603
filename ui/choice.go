package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// choice is one of several things to pick inside an alert, with a click, Enter
// or Space. The arrows go to the ones beside it.
type choice struct {
	widget.Button
	move  func(key fyne.KeyName) // the arrows
	about string                 // what it is a choice about, for screen readers; may be empty
	alert *alert                 // nil outside of one
	ring  *canvas.Rectangle      // shows the focus
}

var _ fyne.Accessible = (*choice)(nil)

func newChoice(label string, pick func()) *choice {
	c := &choice{move: func(fyne.KeyName) {}, ring: newFocusRing()}
	c.Text, c.OnTapped = label, pick
	c.ExtendBaseWidget(c)
	return c
}

// newFocusRing returns the frame around a button that has the focus: on a
// filled button Fyne's own tint is too faint.
func newFocusRing() *canvas.Rectangle {
	ring := canvas.NewRectangle(color.Transparent)
	ring.StrokeWidth = 2
	ring.CornerRadius = 9
	ring.Hide()
	return ring
}

// ringed puts a button into its ring.
func ringed(ring *canvas.Rectangle, button fyne.CanvasObject) *fyne.Container {
	return container.NewStack(ring,
		container.New(layout.NewCustomPaddedLayout(alertRing, alertRing, alertRing, alertRing), button))
}

// newChoices returns choices below each other; pick gets the place of the one
// that was picked.
func newChoices(labels []string, pick func(i int)) (fyne.CanvasObject, []*choice) {
	box := container.New(layout.NewCustomPaddedVBoxLayout(-alertRing / 2))
	var all []*choice
	for i, label := range labels {
		c := newChoice(label, func() { pick(i) })
		c.Alignment = widget.ButtonAlignLeading
		c.move = func(key fyne.KeyName) {
			if j := i + vertical(key); j >= 0 && j < len(all) {
				c.focus(all[j])
			}
		}
		all = append(all, c)
		box.Add(ringed(c.ring, c))
	}
	// In line with the texts, and with room for the last ring's lower edge.
	return container.New(layout.NewCustomPaddedLayout(0, 2, -alertRing, -alertRing), box), all
}

// vertical is where an arrow leads among things below each other.
func vertical(key fyne.KeyName) int {
	switch key {
	case fyne.KeyUp:
		return -1
	case fyne.KeyDown:
		return 1
	}
	return 0
}

// horizontal is where an arrow leads among things beside each other.
func horizontal(key fyne.KeyName) int {
	switch key {
	case fyne.KeyLeft:
		return -1
	case fyne.KeyRight:
		return 1
	}
	return 0
}

func (c *choice) focus(other *choice) {
	fyne.CurrentApp().Driver().CanvasForObject(c).Focus(other)
}

// joinAlert tells the choice in which alert it stands.
func (c *choice) joinAlert(al *alert) { c.alert = al }

// AccessibilityLabel implements fyne.Accessible.
func (c *choice) AccessibilityLabel() string {
	if c.about == "" {
		return c.Text
	}
	return c.Text + ": " + c.about
}

// AccessibilityRole implements fyne.Accessible.
func (c *choice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// FocusGained implements fyne.Focusable. A choice that is scrolled away comes
// into sight.
func (c *choice) FocusGained() {
	c.ring.StrokeColor = colorOf(c, theme.ColorNameForeground)
	c.ring.Show()
	c.Button.FocusGained()
	if c.alert != nil {
		c.alert.reveal(c)
	}
}

// FocusLost implements fyne.Focusable.
func (c *choice) FocusLost() {
	c.ring.Hide()
	c.Button.FocusLost()
}

// TypedRune implements fyne.Focusable. A scan that goes on must pick nothing,
// so its runes are collected.
func (c *choice) TypedRune(r rune) {
	if c.alert != nil {
		c.alert.owner.guard.add(r)
	}
}

// scanned reports whether an Enter or Space is one of a scanner's.
func (c *choice) scanned(key fyne.KeyName) bool {
	switch {
	case c.alert == nil:
		return false
	case key == fyne.KeySpace:
		return c.alert.owner.guard.running()
	}
	return c.alert.owner.scanned()
}

// TypedKey implements fyne.Focusable.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	if c.alert != nil && c.alert.owner.watch.meant(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !c.scanned(e.Name) {
			c.OnTapped()
		}
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight:
		c.move(e.Name)
	default:
		if c.alert == nil || !c.alert.typedInField(e.Name) {
			c.Button.TypedKey(e)
		}
	}
}
