package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"trolley/data/config"
)

// The mouse comes up where it went down. A form that scrolled in between would
// have something else there by then, and the field lose the focus again.
func TestFormScrollsToAClickedFieldWhenTheMouseIsUp(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	d.win.Resize(fyne.NewSize(800, 300))
	scroll, e := c.alert.scroll, c.form.password.entry
	d.win.Canvas().Focus(c.form.link.entry)
	before := scroll.Offset.Y
	e.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if scroll.Offset.Y != before || d.win.Canvas().Focused() != e {
		t.Errorf("scrolled from %v to %v, the focus is on %T", before, scroll.Offset.Y, d.win.Canvas().Focused())
	}
	e.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if scroll.Offset.Y == before {
		t.Error("the field does not come into sight")
	}
}

// What is typed beside the field of a password would be shown in a question
// about an unknown product.
func TestWordBesideTheFieldsOfAFormIsNotSearchedFor(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	d.win.Canvas().Unfocus()
	d.write(marker)
	d.key(fyne.KeyReturn)
	c.alert.close()
	d.hear()
	if d.alerts.open() || len(d.alerts.scans) > 0 {
		t.Errorf("%q was taken for a product", marker)
	}
}

func TestProblemOfAFieldShowsAllOfItsLines(t *testing.T) {
	d, c, _ := openConnection(t, &fakeConnector{connection: theShop()})
	port := c.form.field(config.FieldPort)
	d.win.Canvas().Capture() // the line below was seen empty
	d.win.Canvas().Focus(port.entry)
	port.entry.SetText("none")
	_ = c.form.complain()
	var lines string
	for _, o := range test.WidgetRenderer(port.below).Objects() {
		lines += o.(*canvas.Text).Text
	}
	if want := "It is not a number from1 to 65535."; lines != want {
		t.Errorf("below the port stands %q, want %q", lines, want)
	}
}
