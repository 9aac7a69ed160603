package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// choice is one of several things to pick inside an alert, with a click, Enter
// or Space. Up and Down go to the ones beside it.
type choice struct {
	widget.Button
	beside func(by int)
	alert  *alert // nil outside of one
}

// newChoices returns choices below each other; pick gets the place of the one
// that was picked.
func newChoices(labels []string, pick func(i int)) (fyne.CanvasObject, []*choice) {
	box := container.NewVBox()
	var all []*choice
	for i, label := range labels {
		c := &choice{}
		c.Text, c.Alignment = label, widget.ButtonAlignLeading
		c.OnTapped = func() { pick(i) }
		c.beside = func(by int) {
			if j := i + by; j >= 0 && j < len(all) {
				fyne.CurrentApp().Driver().CanvasForObject(c).Focus(all[j])
			}
		}
		c.ExtendBaseWidget(c)
		all = append(all, c)
		box.Add(c)
	}
	return box, all
}

// joinAlert tells the choice in which alert it stands.
func (c *choice) joinAlert(al *alert) { c.alert = al }

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
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !c.scanned(e.Name) {
			c.OnTapped()
		}
	case fyne.KeyUp:
		c.beside(-1)
	case fyne.KeyDown:
		c.beside(1)
	default:
		if c.alert == nil || !c.alert.typedInField(e.Name) {
			c.Button.TypedKey(e)
		}
	}
}
